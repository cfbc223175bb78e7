import pytest

from segmentation.queries import explain
from staff.models import Unit
from tests.segmentation.world import World


@pytest.fixture
def world(units: dict[str, Unit]) -> World:
    """Facts from January 2024 on, in a firm of a few branches."""
    return World(units)


@pytest.fixture(autouse=True)
def no_kept_quantiles() -> None:
    """Versions of different tests have the same key and moment of publication."""
    explain._quantiles.cache_clear()
