import pytest

from staff.models import Unit
from tests.cast import as_person, as_system, cast, units
from tests.kpis.world import World

__all__ = ["as_person", "as_system", "cast", "units"]


@pytest.fixture
def world(units: dict[str, Unit]) -> World:
    """Facts from January 2024 on, in two regions with four branches of which one was merged."""
    return World(units)
