"""What tiers given by hand do to scorecards: each card worked out again as if the rules alone had decided."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from kpis.models import Passage, Scorecard, UnitType
from kpis.queries.reproduce import as_worked
from kpis.rules import CardInputs, Period, Profits, TierFacts, Worked, counted
from kpis.rules import Passage as Way
from kpis.rules.passages import STAYED, movement
from kpis.rules.scheme import PROFITABILITY
from kpis.units import UnitMap, units_told_by
from segmentation.dates import add_months, month_end
from segmentation.models import Contribution, TierOverride
from segmentation.queries.overrides import Tiers, with_and_without

Unit = tuple[str, str]
"""(unit type, code); the firm's code is ''."""
FIRM: Unit = (UnitType.FIRM, "")
ECHO = 6  # months before the period in which an override may still bear on its tiers
UPGRADED = "upgraded"


@dataclass
class Shift:
    """What to add to a unit's counts, and to profit and days of its tiers, to have the rules alone."""

    clients: int = 0
    counts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    profit: dict[str, Decimal] = field(default_factory=lambda: defaultdict(Decimal))
    days: dict[tuple[str, int], int] = field(default_factory=lambda: defaultdict(int))

    @property
    def changes_nothing(self) -> bool:
        return not any(self.counts.values()) and not any(self.profit.values()) and not any(self.days.values())


@dataclass(frozen=True)
class CardEffect:
    """A card as it is and as it would be by the rules alone; clients: stayers whose tier differs."""

    card: Scorecard
    clients: int
    counts: Mapping[str, int]
    given: Worked
    without: Worked

    @property
    def difference(self) -> Decimal | None:
        """What the overrides add to the total."""
        if self.given.total is None or self.without.total is None:
            return None
        return self.given.total - self.without.total

    @property
    def scores(self) -> list[tuple[str, Decimal | None, Decimal | None]]:
        """(indicator, score as it is, score by the rules alone) of those that stand on tiers."""
        names = (UPGRADED, PROFITABILITY)
        return [(name, self.given.score(name), self.without.score(name)) for name in names]


def effects(user: Any, period: Period) -> list[CardEffect]:
    """The current cards in sight of a period that come out otherwise, the firm's first, then branches.

    A model version that changed within the period is left out of account: the tiers by the rules alone are
    those of the version in force at each close.
    """
    cards = Scorecard.objects.visible_to(user).filter(
        current=True, period=period.name, unit_type__in=(UnitType.FIRM, UnitType.BRANCH)
    )
    newest = cards.order_by("-reckoned_to").first()
    if newest is None:
        return []
    shifts = _shifts(period, newest)
    touched = [unit for unit, shift in shifts.items() if not shift.changes_nothing]
    codes = [code for _type, code in touched]
    found = cards.filter(unit_code__in=codes).select_related("scheme", "unit").order_by("unit_code")
    return [
        _worked(card, shifts) for card in found if (card.unit_type, card.unit_code) in touched and card.inputs
    ]


def _shifts(period: Period, card: Scorecard) -> dict[Unit, Shift]:
    """What the overrides moved, by unit, in the firm and in every branch."""
    ids = _concerned(period, card.reckoned_to)
    ends = (period.opening_day, card.reckoned_to)
    closes = [month - timedelta(days=1) for month in period.months if month <= card.reckoned_to]
    tiers = with_and_without(ids, [*ends, *closes])
    units, shifts = units_told_by(card.as_of), defaultdict[Unit, Shift](Shift)
    _count(period, ids, ends, tiers, shifts)
    _move_profit(closes, ids, tiers, units, shifts)
    return dict(shifts)


def _concerned(period: Period, last: date) -> list[int]:
    """Clients with an override in the period or shortly before it."""
    first = add_months(period.opening_day.replace(day=1), -ECHO)
    rows = TierOverride.objects.filter(in_force__overlap=(first, last + timedelta(days=1)))
    return sorted(set(rows.values_list("client_id", flat=True)))


def _count(
    period: Period, ids: list[int], ends: tuple[date, date], tiers: Tiers, shifts: dict[Unit, Shift]
) -> None:
    """Stayers counted as they are and as the rules alone would have them."""
    stayed = Passage.objects.filter(period=period.name, to_build=None, kind=STAYED, client_id__in=ids)
    for row in stayed.values(
        "client_id", "tier_from", "tier_to", "opening_branch", "closing_branch", "movement"
    ):
        client = row["client_id"]
        opening = _without(tiers, client, ends[0], row["tier_from"])
        closing = _without(tiers, client, ends[1], row["tier_to"])
        ruled = movement(opening, closing)
        for unit, places in _places(row).items():
            shift = shifts[unit]
            shift.clients += (opening, closing) != (row["tier_from"], row["tier_to"])
            if ruled != row["movement"]:
                _recount(shift, places, row["movement"], ruled)


def _without(tiers: Tiers, client: int, day: date, given: str) -> str:
    """The tier by the rules alone, where an override stands in its place; else the card's own."""
    pair = tiers.get((client, day))
    return pair[1] if pair is not None and pair[0] != pair[1] else given


def _places(row: Mapping[str, Any]) -> dict[Unit, tuple[str, str]]:
    """The units that count a stayer, with both ends as that kind of unit sees them."""
    branch = (row["opening_branch"], row["closing_branch"])
    return {FIRM: ("firm", "firm"), (UnitType.BRANCH, row["opening_branch"]): branch}


def _recount(shift: Shift, places: tuple[str, str], given: str, ruled: str) -> None:
    opening, closing = places
    for moved, sign in ((given, -1), (ruled, 1)):
        numbers = counted([(Way(STAYED, opening, closing, moved), 1)]).get(opening, {})
        for number in ("S_top", "S_new", "U", "D"):
            shift.counts[number] += sign * numbers.get(number, 0)


def _move_profit(
    closes: Iterable[date], ids: list[int], tiers: Tiers, units: UnitMap, shifts: dict[Unit, Shift]
) -> None:
    """A client-month belongs to the tier of the close before (K7): from the given one to the rules' one."""
    months = {close + timedelta(days=1): close for close in closes}
    rows = Contribution.objects.filter(client_id__in=ids, month__in=list(months))
    for row in rows.values("client_id", "month", "branch_id", "contribution", "days"):
        pair = tiers.get((row["client_id"], months[row["month"]]))
        if pair is None or pair[0] == pair[1] or "" in pair:
            continue
        length = month_end(row["month"]).day
        for unit in (FIRM, (UnitType.BRANCH, units.canonical(row["branch_id"]).code)):
            for tier, sign in zip(pair, (-1, 1), strict=True):
                shifts[unit].profit[tier] += sign * row["contribution"]
                shifts[unit].days[tier, length] += sign * row["days"]


def _worked(card: Scorecard, shifts: Mapping[Unit, Shift]) -> CardEffect:
    """The card from its own inputs, and again with the shifts of its unit and of the firm."""
    given, shift = as_worked(card), shifts[card.unit_type, card.unit_code]
    firm = given.inputs.firm and _shifted(given.inputs.firm, shifts.get(FIRM))
    ruled = replace(given, inputs=replace(_shifted(given.inputs, shift), firm=firm))
    return CardEffect(card, shift.clients, dict(shift.counts), given.worked(), ruled.worked())


def _shifted(inputs: CardInputs, shift: Shift | None) -> CardInputs:
    if shift is None:
        return inputs
    profits = inputs.profits
    moved = {number: count + shift.counts.get(number, 0) for number, count in inputs.counts.items()}
    tiers = dict(profits.tiers)
    for tier in {*shift.profit, *(tier for tier, _length in shift.days)}:
        facts = tiers.get(tier, TierFacts())
        days = dict(facts.days)
        for (other, length), added in shift.days.items():
            if other == tier:
                days[length] = days.get(length, 0) + added
        tiers[tier] = TierFacts(facts.profit + shift.profit.get(tier, Decimal(0)), days, facts.extra_average)
    return replace(inputs, counts=moved, profits=Profits(profits.months, tiers))
