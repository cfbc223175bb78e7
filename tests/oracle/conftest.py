"""The scenario, written and read once for all tests of the oracle."""

from __future__ import annotations

from dataclasses import replace

import pytest

from . import scenario
from .config import Config
from .reckon import Oracle
from .scenario import Scenario


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Scenario:
    """The scenario's packages in a folder."""
    return scenario.build(tmp_path_factory.mktemp("scenario") / "feed")


@pytest.fixture(scope="session")
def oracle(written: Scenario) -> Oracle:
    """The oracle over the scenario."""
    return Oracle(written.packages, written.interactions, written.config())


@pytest.fixture(scope="session")
def published(oracle: Oracle) -> Config:
    """The scenario's settings with both versions published on their dates."""
    first = oracle.publish(scenario.FIRST_PUBLISHED, 1)
    return replace(oracle.config, published=(first, oracle.publish(scenario.SECOND_PUBLISHED, 2)))
