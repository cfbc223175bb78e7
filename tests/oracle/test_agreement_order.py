"""Whatever the order of packages and of nights, the same rows stand at the end."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from crm import nightly
from tests import databases

from . import dumps, loading
from .conftest import HALF, Half, Loaded, Nights, spend_half
from .nights import LAST, look
from .scenario import Scenario

pytestmark = pytest.mark.xdist_group("agreement")
EARLIER = date(2026, 1, 21)
SINGLE = 5
"""So many of the last days come each with its night, as they do in real life."""


class Firm:
    """A database that packages and nights come to in some order."""

    def __init__(self, written: Scenario) -> None:
        self.written = written
        self.untold: Sequence[Mapping[str, Any]] = written.interactions

    def load(self, packages: Iterable[Path]) -> None:
        """Packages, and with their clients what is known of them by other doors."""
        loading.load(packages)
        loading.declare(self.written.declared)
        self.untold = loading.talk(self.untold)


@pytest.fixture
def firm(loaded: Loaded, written: Scenario, django_db_blocker: Any) -> Iterator[Firm]:
    with django_db_blocker.unblock(), databases.copied(loaded.empty):
        yield Firm(written)


def shuffled(packages: Iterable[Path]) -> list[Path]:
    """Days in any order, the versions of one day in theirs."""
    days: dict[str, list[Path]] = {}
    for package in packages:
        days.setdefault(package.name[:10], []).append(package)
    in_any_order = random.sample(list(days.values()), len(days))
    return [package for day in in_any_order for package in day]


def test_days_in_any_order_corrected_later_with_nights_between(
    half: Half, firm: Firm, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also in small shards."""
    monkeypatch.setattr(nightly, "CLIENTS_PER_SHARD", 120)
    random.seed(3)
    packages = [package for package in firm.written.packages if package.name[:10] <= HALF.isoformat()]
    corrections = [package for package in packages if ".v" in package.name]
    days = [package for package in packages if package not in corrections]
    early, last = shuffled(days[:-SINGLE]), days[-SINGLE:]
    assert len(corrections) > 3
    for place in range(0, len(early), 50):
        firm.load(early[place : place + 50])
        loading.night(HALF - timedelta(days=20 + place % 60))
    for day in last:
        firm.load([day])
        loading.night(date.fromisoformat(day.name[:10]))
    firm.load(shuffled(corrections))
    spend_half()
    assert dumps.unlike(half.dump, dumps.dump()) == []


def test_back_to_an_earlier_day_and_forth_again(nights: Nights, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock(), databases.copied(nights.database):
        loading.night(EARLIER)
        assert look(EARLIER) == nights.seen[EARLIER, 1]
        loading.night(LAST)
        assert dumps.unlike(nights.dump, dumps.dump()) == []
