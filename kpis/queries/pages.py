"""What the scorecard pages need beside kpis.queries.cards: choices of the bar, neighbours, the league."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from kpis.models import PeriodBuild, Scorecard, ScorecardLine, Target, UnitType
from kpis.queries.cards import trend_periods
from kpis.queries.peers import Peer, Places, places
from kpis.queries.targets import visible_targets
from kpis.rules import Period, parse_period
from kpis.rules.periods import MONTH, PERIOD_TYPES
from kpis.rules.scheme import INDICATORS
from staff.models import Unit

NAMED = ("unit_type", "unit_code", "unit_name", "unit_id", "period", "total")
UNSHOWN = ("inputs", "notes", "profitability")  # of a card in a list


def known_periods() -> dict[str, list[Period]]:
    """Period type -> every period that has cards, newest first."""
    found: dict[str, list[Period]] = {period_type: [] for period_type in PERIOD_TYPES}
    for name in PeriodBuild.objects.order_by("-start").values_list("period", flat=True):
        period = parse_period(name)
        found[period.type].append(period)
    return found


def default_period(known: dict[str, list[Period]], as_of: date | None) -> Period | None:
    """The newest month that is over; the newest there is when none is."""
    over = [period for period in known[MONTH] if as_of is None or period.end <= as_of]
    return next(iter(over or known[MONTH]), None)


def asked_period(text: str) -> Period | None:
    """The period of a URL; None when it can't be read."""
    try:
        return parse_period(text)
    except ValueError:
        return None


def units_of(cards: QuerySet[Scorecard], period: Period) -> list[Scorecard]:
    """One card a unit of the period: firm, regions, branches, then managers, each by code."""
    order = {kind: place for place, kind in enumerate(UnitType.values)}
    found = cards.filter(period=period.name).select_related(None).prefetch_related(None).only(*NAMED)
    return sorted(found, key=lambda card: (order[card.unit_type], card.unit_code))


@dataclass(frozen=True)
class Neighbours:
    """A card with those of the same unit it is compared with; trend has None where a period has no card."""

    before: Scorecard | None
    year_before: Scorecard | None
    trend: list[tuple[str, Scorecard | None]]


def neighbours(period: Period, found: Mapping[str, Scorecard]) -> Neighbours:
    """Among a unit's cards: the 13 periods that end with this one, the one before, the one a year before."""
    trend = [(name, found.get(name)) for name in trend_periods(period)]
    while trend and trend[0][1] is None:
        trend.pop(0)
    return Neighbours(found.get(period.shifted(-1).name), found.get(period.year_before().name), trend)


def profits(card: Scorecard) -> list[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """The groups of a card's profitability, each with its tiers that had clients."""
    tiers = {one["tier"]: one for one in card.profitability["tiers"] if one["ap"] is not None}
    of_group = {group.name: group.tiers for group in card.scheme.groups.all()}
    return [
        (group, [tiers[name] for name in of_group.get(group["group"], []) if name in tiers])
        for group in card.profitability["groups"]
    ]


@dataclass(frozen=True)
class Placed:
    """A card's place in its league, with the place of the period before (None: it had no total then)."""

    place: int | None
    before: int | None
    card: Scorecard
    scores: list[Decimal | None]  # of the four indicators, in their order
    peer: Peer | None = None  # its place among units of its size

    @property
    def climbed(self) -> int | None:
        return self.before - self.place if self.place and self.before else None


def league(cards: QuerySet[Scorecard], period: Period, unit_type: str) -> list[Placed]:
    """The units of a type in sight, best total first, with their place among all; those without one last."""
    found = places(period, [unit_type])[unit_type]
    plain = cards.filter(period=period.name, unit_type=unit_type).select_related(None).prefetch_related(None)
    shown = in_order(plain.defer(*UNSHOWN))
    scores = _scores_of(shown)
    return [_placed(card, found, [scores.get((card.pk, name)) for name in INDICATORS]) for card in shown]


def best(units: Iterable[Scorecard], found: Places, most: int = 12) -> list[Placed]:
    """The best of some units with their places, without scores."""
    return [_placed(card, found, []) for card in in_order(units)[:most]]


def in_order(cards: Iterable[Scorecard]) -> list[Scorecard]:
    """Best total first, those without one last; equal ones by code."""
    return sorted(cards, key=lambda card: (card.total is None, -(card.total or 0), card.unit_code))


def _placed(card: Scorecard, found: Places, scores: list[Decimal | None]) -> Placed:
    code = card.unit_code
    return Placed(found.now.get(code), found.before.get(code), card, scores, found.peers.get(code))


def _scores_of(cards: list[Scorecard]) -> dict[tuple[int, str], Decimal | None]:
    """(card, indicator) -> score; none on a withheld card."""
    lines = ScorecardLine.objects.filter(card__in=cards).values_list("card_id", "indicator", "score")
    return {(card, indicator): score for card, indicator, score in lines}


SORTS: dict[str, Any] = {
    "total": lambda placed: placed.card.total,
    "clients": lambda placed: placed.card.counts["E"],
    "climbed": lambda placed: placed.climbed,
    **{name: lambda placed, at=at: placed.scores[at] for at, name in enumerate(INDICATORS)},
}


def sorted_league(rows: list[Placed], sort: str) -> list[Placed]:
    """By a column, "-" first for the largest first; rows without a value come last. KeyError for others."""
    value, sign = SORTS[sort.removeprefix("-")], -1 if sort.startswith("-") else 1
    there = [row for row in rows if value(row) is not None]
    return [*sorted(there, key=lambda row: sign * value(row)), *(row for row in rows if value(row) is None)]


def of_size(rows: list[Placed], size: str) -> list[Placed]:
    """Those of a class of size, all of them for none."""
    return [row for row in rows if not size or (row.peer and str(row.peer.size) == size)]


def targets_in_force(user: Any) -> QuerySet[Target]:
    """Approved and proposed targets in sight, the firm's first."""
    shown = visible_targets(user).filter(state__in=[Target.State.APPROVED, Target.State.PROPOSED])
    return shown.order_by("unit_type", "unit_code", "period_type", "-from_start", "id")


def units_to_set(user: Any) -> list[tuple[str, str]]:
    """Units whose targets the person may set: label and name; the firm only with reach over all of it."""
    scope = user.scope_for("kpis.targets")
    units = Unit.objects.filter(kind__in=[Unit.Kind.REGION, Unit.Kind.BRANCH]).order_by("kind", "code")
    if not scope.firm:
        units = units.filter(pk__in=scope.unit_ids | scope.branch_ids)
    named = [(f"{unit.kind}:{unit.code}", f"{unit.name} {unit.code}") for unit in units]
    return [("firm", _("The whole firm")), *named] if scope.firm else named


def managers_to_set(user: Any) -> list[tuple[str, str]]:
    """Client managers whose targets the person may set, by number: those with cards at a unit in reach."""
    scope = user.scope_for("kpis.targets")
    cards = Scorecard.objects.filter(unit_type=UnitType.MANAGER, current=True)
    own = cards if scope.firm else cards.filter(unit_id__in=scope.unit_ids | scope.branch_ids)
    newest = own.order_by("unit_code", "-start").distinct("unit_code").values_list("unit_code", "unit_name")
    return [
        (f"{UnitType.MANAGER}:{code}", name if name == code else f"{name} {code}") for code, name in newest
    ]
