"""The whole scenario, loaded and run by the application, comes out as the slow oracle reckons it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from .compare import differences
from .config import Config
from .conftest import Nights
from .nights import COMPARED, Night, periods
from .reckon import Expected, Oracle

pytestmark = pytest.mark.xdist_group("agreement")

each_night = pytest.mark.parametrize("night", COMPARED, ids=lambda night: f"{night[0]}-v{night[1]}")
STANDING = (
    "branch", "manager", "tier", "score", "provisional", "model_version", "raw", "axes", "tier_since",
    "tier_rule", "matrix", "stage", "flags", "clv",
)  # fmt: skip


@pytest.fixture(scope="module")
def expected(oracle: Oracle, published: Config) -> dict[Night, Expected]:
    """What the oracle reckons for each night."""
    configs = {number: replace(published, published=published.published[:number]) for number in range(3)}
    return {night: oracle.expected(night[0], configs[night[1]], periods(night[0])) for night in COMPARED}


Reckoned = dict[Night, Expected]


@each_night
def test_client_months(night: Night, nights: Nights, expected: Reckoned) -> None:
    key = ("client_no", "month", "branch", "manager")
    assert differences(expected[night].client_months, nights.seen[night].client_months, key) == []


@each_night
def test_events(night: Night, nights: Nights, expected: Reckoned) -> None:
    names = ("reason", "branch", "manager")
    wanted, there = expected[night].events, nights.seen[night].events
    assert differences(wanted, there, ("client_no", "date", "event"), names) == []


@each_night
def test_scores_tiers_and_flags(night: Night, nights: Nights, expected: Reckoned) -> None:
    wanted, there = expected[night].standings, nights.seen[night].standings
    assert wanted.keys() == there.keys()
    for day in wanted:
        assert differences(wanted[day], there[day], ("client_no", "as_of"), STANDING) == []


@each_night
def test_tier_migrations(night: Night, nights: Nights, expected: Reckoned) -> None:
    assert differences(expected[night].migrations, nights.seen[night].migrations, ("from", "to")) == []


@each_night
def test_cards_and_who_is_behind_them(night: Night, nights: Nights, expected: Reckoned) -> None:
    for period, cards in expected[night].cards.items():
        assert differences(cards, nights.seen[night].cards[period], ("unit.type", "unit.code")) == [], period
