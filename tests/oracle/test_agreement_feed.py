"""The loader answers to each package of the scenario as the oracle does, and quarantines the same rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests import databases
from trading.models import FeedPackage

from . import found, loading, scenario
from .compare import differences
from .conftest import Loaded
from .reckon import Oracle, quarantine_rows
from .scenario import Scenario

pytestmark = pytest.mark.xdist_group("agreement")


@pytest.fixture
def everything(loaded: Loaded, django_db_blocker: Any) -> Iterator[None]:
    """The database with all packages; a test leaves nothing loaded there."""
    with django_db_blocker.unblock(), databases.pointed_at(loaded.database):
        yield


def test_outcomes(loaded: Loaded, oracle: Oracle) -> None:
    wanted = [(outcome.name, outcome.state) for outcome in oracle.feeds.outcomes]
    assert [(result.name, result.state) for result in loaded.results] == wanted


def test_quarantine(everything: None, oracle: Oracle) -> None:
    wanted = quarantine_rows(oracle.feeds, scenario.AS_OF_DATES[-1])
    assert differences(wanted, found.quarantine(), ("trade_date", "version", "file", "line")) == []


def test_packages_to_be_refused(everything: None, written: Scenario) -> None:
    before = FeedPackage.objects.filter(state="loaded").count()
    for result, (package, rule) in zip(
        loading.load(package for package, _ in written.broken), written.broken, strict=True
    ):
        assert (package, rule, result.state) == (package, rule, "refused")
        assert result.reason
    assert FeedPackage.objects.filter(state="loaded").count() == before


def test_packages_again_change_nothing(everything: None, written: Scenario) -> None:
    newest = {package.name[:10]: package for package in written.packages}
    older = [package for package in written.packages if package not in newest.values()]
    assert {result.state for result in loading.load(newest.values())} == {"already_loaded"}
    assert older
    assert {result.state for result in loading.load(older)} == {"superseded"}
