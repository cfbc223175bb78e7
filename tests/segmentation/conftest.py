import pytest

from staff.models import Unit
from tests.segmentation.world import World


@pytest.fixture
def world(units: dict[str, Unit]) -> World:
    """Facts from January 2024 on, in a firm of a few branches."""
    return World(units)
