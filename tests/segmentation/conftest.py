from typing import Any

import pytest

from tests.cast import make_units
from tests.segmentation.world import World


@pytest.fixture
def world(db: Any) -> World:
    """Facts from January 2024 on, in a firm of a few branches."""
    return World(make_units())
