"""From a card up and down the tree of units: firm, region, branch, manager."""

from collections.abc import Iterable

from kpis.models import Scorecard, UnitType
from kpis.units import UnitMap

BELOW = {UnitType.FIRM: UnitType.REGION, UnitType.REGION: UnitType.BRANCH, UnitType.BRANCH: UnitType.MANAGER}


def above(card: Scorecard, seen: Iterable[Scorecard], units: UnitMap) -> list[Scorecard]:
    """Of the cards seen in the period those of the units above the card's, the firm's first."""
    wanted: list[tuple[str, str]] = [(UnitType.FIRM, "")] if card.unit_type != UnitType.FIRM else []
    wanted += [(kind, code) for kind, code in _line(card, units) if kind != card.unit_type]
    by_unit = {(one.unit_type, one.unit_code): one for one in seen}
    return [by_unit[unit] for unit in wanted if unit in by_unit]


def _line(card: Scorecard, units: UnitMap) -> list[tuple[str, str]]:
    """(kind, code) of the region and the branch a card belongs to, as far as it does."""
    if card.unit_id is None or card.unit_type not in (UnitType.BRANCH, UnitType.MANAGER):
        return []
    branch, region = units.canonical(card.unit_id), units.region(card.unit_id)
    found: list[tuple[str, str]] = [(UnitType.REGION, region.code)] if region else []
    return [*found, (UnitType.BRANCH, branch.code)]


def below(card: Scorecard, seen: Iterable[Scorecard], units: UnitMap) -> list[Scorecard]:
    """Of the cards seen in the period those of the units right below the card's."""
    kind = BELOW.get(UnitType(card.unit_type))
    found = [one for one in seen if one.unit_type == kind]
    if kind == UnitType.MANAGER:
        return [one for one in found if one.unit_id == card.unit_id]
    if kind == UnitType.BRANCH:
        own = set(units.branches_of(card.unit_type, card.unit_code))
        return [one for one in found if one.unit_id in own]
    return found
