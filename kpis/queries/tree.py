"""From a card up and down the tree of units: firm, region, branch, manager."""

from django.db.models import QuerySet

from kpis.models import Scorecard, UnitType
from kpis.queries.pages import Placed, league
from kpis.units import UnitMap

BELOW = {UnitType.FIRM: UnitType.REGION, UnitType.REGION: UnitType.BRANCH, UnitType.BRANCH: UnitType.MANAGER}
MOST = 12


def above(card: Scorecard, cards: QuerySet[Scorecard], units: UnitMap) -> list[Scorecard]:
    """The cards in sight of the units above the card's, the firm's first, of the same period."""
    wanted: list[tuple[str, str]] = [(UnitType.FIRM, "")] if card.unit_type != UnitType.FIRM else []
    wanted += [(kind, code) for kind, code in _line(card, units) if kind != card.unit_type]
    codes = {code for _kind, code in wanted}
    found = cards.filter(period=card.period, unit_code__in=codes).select_related(None).prefetch_related(None)
    shown = found.only("unit_type", "unit_code", "unit_name", "period")
    by_unit = {(one.unit_type, one.unit_code): one for one in shown}
    return [by_unit[unit] for unit in wanted if unit in by_unit]


def _line(card: Scorecard, units: UnitMap) -> list[tuple[str, str]]:
    """(kind, code) of the region and the branch a card belongs to, as far as it does."""
    if card.unit_id is None or card.unit_type not in (UnitType.BRANCH, UnitType.MANAGER):
        return []
    branch, region = units.canonical(card.unit_id), units.region(card.unit_id)
    found: list[tuple[str, str]] = [(UnitType.REGION, region.code)] if region else []
    return [*found, (UnitType.BRANCH, branch.code)]


def below(card: Scorecard, cards: QuerySet[Scorecard], units: UnitMap) -> list[Placed]:
    """The best of the units in sight right below the card's, with their place among all of their kind."""
    kind = BELOW.get(UnitType(card.unit_type))
    if kind is None:
        return []
    own = cards
    if kind == UnitType.MANAGER:
        own = cards.filter(unit=card.unit)
    if kind == UnitType.BRANCH:
        own = cards.filter(unit_id__in=units.branches_of(card.unit_type, card.unit_code))
    return league(own, card.period_value, kind, MOST)
