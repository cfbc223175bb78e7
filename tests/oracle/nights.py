"""The nights of the scenario in their order, and what is seen after each."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from kpis.rules.periods import periods_between

from . import found, loading, scenario

PUBLISHED = (scenario.FIRST_PUBLISHED, scenario.SECOND_PUBLISHED)
Night = tuple[date, int]
"""As-of date, and how many versions of the value model have breakpoints by then."""


def _versions(as_of: date) -> range:
    """Publishing asks for a second run of the date."""
    return range(sum(day < as_of for day in PUBLISHED), sum(day <= as_of for day in PUBLISHED) + 1)


NIGHTS: list[Night] = [(as_of, number) for as_of in scenario.AS_OF_DATES for number in _versions(as_of)]
LAST = scenario.AS_OF_DATES[-1]
# without the night that the second version is taken from
COMPARED = [night for night in NIGHTS if (night[0], night[1] + 1) not in NIGHTS or not night[1]]


@dataclass
class Seen:
    """What stood in the tables after a night, in the oracle's shapes."""

    client_months: list[dict[str, Any]]
    events: list[dict[str, Any]]
    standings: dict[date, list[dict[str, Any]]]
    migrations: list[dict[str, Any]]
    cards: dict[str, list[dict[str, Any]]]


def spend(night: Night) -> None:
    """Runs the night, after publishing what it is to be scored with."""
    as_of, number = night
    if number > _versions(as_of)[0]:
        loading.publish(as_of)
    loading.night(as_of)


def look(as_of: date) -> Seen:
    """Reads everything after a night."""
    closes = [day for day in found.kept_closes() if day <= as_of]
    return Seen(
        client_months=_sorted(found.client_months()),
        events=_sorted(found.events()),
        standings={day: _sorted(found.standings(day, as_of)) for day in {*closes, as_of}},
        migrations=_sorted(found.tier_migrations(*closes[-2:])),
        cards={name: _sorted(found.cards(name)) for name in periods(as_of)},
    )


def _sorted(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return sorted(rows, key=repr)


def periods(as_of: date) -> list[str]:
    """Every period that has begun, not only those that a night makes by itself: none may be left behind."""
    return [period.name for period in periods_between(scenario.START, as_of)]
