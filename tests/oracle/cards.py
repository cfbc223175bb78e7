"""All cards of a period as a run as of a date makes them (K1-K15, S15)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from . import dates
from .facts import Facts
from .lifecycle import Life
from .passages import NUMBERS, Members, identity_holds, members
from .scorecard import Base, Profits, Worked, worked
from .tiers import Ladder, Standing, opening_tiers

UNIT_TYPES = ("branch", "manager", "region", "firm")


@dataclass
class Card:
    """One unit's card; member lists beside the counts, and whether the identity holds."""

    unit_type: str
    code: str | None
    period: dates.Period
    members: dict[str, list[str]]
    days: int
    worked: Worked

    @property
    def counts(self) -> dict[str, int]:
        """How many clients stand in each number."""
        return {number: len(self.members[number]) for number in NUMBERS}

    @property
    def holds(self) -> bool:
        """Whether the identity of the counts holds."""
        return identity_holds(self.counts)


def unit_names(facts: Facts, unit_type: str, branch: str, manager: str) -> str | None:
    """The unit of a type that a branch and manager of record belong to; None when there is none.

    Mergers and parents are those of the run's date, for all periods (K5, K12).
    """
    if unit_type == "firm":
        return "firm"
    if unit_type == "manager":
        return manager or None
    code = facts.units.canonical(branch)
    return code if unit_type == "branch" else facts.units.region_of(code)


def cards(ladder: Ladder, name: str) -> list[Card]:
    """The cards of a period, by type and code; none when it starts after the run's date.

    None either for a period that ended before the first loaded month.
    """
    period, facts = dates.period(name), ladder.facts
    end = min(period.end, facts.as_of)
    if period.start > end or period.end < facts.first_month:
        return []
    opening, closing = _tiers(ladder, period.start, end)
    firm = None
    made: list[Card] = []
    for unit_type in reversed(UNIT_TYPES):
        counted = members(
            ladder.lives,
            _unit_of(facts, unit_type),
            period.start,
            end,
            opening,
            closing,
            ladder.config.scheme,
        )
        profits, days = _profits(ladder, unit_type, period, end)
        for code in _codes(facts, unit_type, end, counted, days):
            base = Base(
                _counts(counted, code), profits.get(code, Profits()), _is_short(ladder, period.start), firm
            )
            made.append(_card(ladder, unit_type, code, period, counted, days, base))
            firm = base if unit_type == "firm" else firm
    return sorted(made, key=lambda card: (UNIT_TYPES.index(card.unit_type), card.code or ""))


def _tiers(ladder: Ladder, start: date, end: date) -> tuple[dict[str, str], dict[str, str]]:
    """Tiers at the close before the period and at its end, under one model version."""
    opening, closing = ladder.on(start - dates.ONE_DAY), ladder.on(end)
    if opening is None or closing is None:
        return {}, closing.tiers if closing else {}
    return opening_tiers(ladder, opening, closing), closing.tiers


def _unit_of(facts: Facts, unit_type: str) -> Callable[[Life], Callable[[date], str | None]]:
    def unit_of(life: Life) -> Callable[[date], str | None]:
        return lambda day: unit_names(facts, unit_type, *life.client.place_on(day))

    return unit_of


def _counts(counted: Members, code: str) -> dict[str, int]:
    return {number: len(counted[code][number]) if code in counted else 0 for number in NUMBERS}


def _card(
    ladder: Ladder,
    unit_type: str,
    code: str,
    period: dates.Period,
    counted: Members,
    days: dict[str, int],
    base: Base,
) -> Card:
    own = "firm" if unit_type == "firm" else f"{unit_type}:{code}"
    done = worked(base, ladder.config.targets_for(period.kind, own), ladder.config.scheme)
    shown = counted.get(code, {number: [] for number in NUMBERS})
    return Card(unit_type, None if unit_type == "firm" else code, period, shown, days.get(code, 0), done)


def _is_short(ladder: Ladder, start: date) -> bool:
    """Fewer than 12 loaded months up to the close before the period (S15)."""
    behind = dates.months_between(ladder.facts.first_month, start - dates.ONE_DAY)
    return len(behind) < ladder.config.scheme.months_behind


def _codes(facts: Facts, unit_type: str, end: date, counted: Members, days: dict[str, int]) -> list[str]:
    """The units that have a card (K5, K12)."""
    units = facts.units
    if unit_type == "firm":
        return ["firm"]
    if unit_type == "manager":
        busy = {code for code, numbers in counted.items() if any(numbers.values())}
        return sorted(busy | {code for code, count in days.items() if count})
    return [
        code
        for code in units.of_kind(unit_type)
        if units.is_open(code, end) and units.canonical(code) == code
    ]


def _profits(
    ladder: Ladder, unit_type: str, period: dates.Period, end: date
) -> tuple[dict[str, Profits], dict[str, int]]:
    """Profit and average clients by tier of every unit, and its client-days (K7, K10, K13)."""
    facts = ladder.facts
    months = dates.months_between(period.start, period.end)
    profit: dict[str, dict[str, Decimal]] = defaultdict(lambda: defaultdict(Decimal))
    shares: dict[str, dict[str, Fraction]] = defaultdict(lambda: defaultdict(Fraction))
    days: dict[str, int] = defaultdict(int)
    opening = {month: _opening(ladder, month) for month in months if month <= end}
    for (client_no, month, branch, manager), row in facts.months.items():
        before = opening.get(month)
        tier = before.tiers.get(client_no) if before else None
        unit = unit_names(facts, unit_type, branch, manager)
        if tier is None or unit is None:
            continue
        profit[unit][tier] += row.contribution
        shares[unit][tier] += Fraction(row.days, dates.days_in_month(month) * len(months))
        days[unit] += row.days
    return {unit: Profits(profit[unit], shares[unit]) for unit in profit}, dict(days)


def _opening(ladder: Ladder, month: date) -> Standing | None:
    """The close before a month, None before the first close."""
    return ladder.on(month - dates.ONE_DAY)
