"""What one revision of a card has otherwise than another: numbers, clients, profits, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from core import sql
from kpis.exports.tables import indicator_words
from kpis.models import Scorecard, UnitType
from kpis.queries.reproduce import adjustments_of
from kpis.queries.shape import number
from kpis.rules import COUNTS, Passage, half_up
from kpis.rules.passages import numbers_of
from kpis.rules.scheme import INDICATORS, RATES
from kpis.units import units_told_by

FIRM = "firm"
Pair = tuple[Decimal | None, Decimal | None]
MONEY, RATE, SCORE, PLAIN = "money", "rate", "score", "plain"
PLACES = 12  # as cards keep them: the same number with more zeros is no difference


@dataclass(frozen=True)
class Moved:
    """A client whose way through the period is another one: the numbers it stood in, before and after."""

    client_id: int
    before: frozenset[str]
    after: frozenset[str]
    way_before: tuple[str, str, str]  # kind, tier at the start, tier at the end; empty: none at this unit
    way_after: tuple[str, str, str]


@dataclass(frozen=True)
class CountChange:
    """A count of both cards with who came into it and who left it."""

    number: str
    before: int
    after: int
    came: tuple[int, ...]
    left: tuple[int, ...]


@dataclass(frozen=True)
class ValueChange:
    """A figure that both cards have otherwise; kind says how it is written."""

    words: str
    before: Decimal | None
    after: Decimal | None
    kind: str

    @property
    def change(self) -> Decimal | None:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Differences:
    """An earlier revision of a card (before) and a later one (after)."""

    before: Scorecard
    after: Scorecard
    counts: list[CountChange]
    values: list[ValueChange]
    profits: list[ValueChange]
    moved: list[Moved]
    causes: list[str]  # of CAUSES


def differences(before: Scorecard, after: Scorecard) -> Differences:
    """All that differs between two revisions of one unit and period; both with lines and inputs."""
    moved = list(moved_clients(before, after))
    profits = list(_profits(before, after))
    return Differences(
        before=before, after=after, counts=_counts(before, after, moved),
        values=list(_values(before, after)), profits=profits, moved=moved,
        causes=_causes(before, after, has_moved=bool(moved), has_profits=bool(profits)),
    )  # fmt: skip


def cause_words() -> dict[str, str]:
    """What makes a revision differ, in the order of the page."""
    return {
        "clients": _("Clients went another way through the period, or had another tier."),
        "profits": _("Contribution or client-days of a tier changed."),
        "firm": _("The firm's figures changed, towards which small bases are drawn."),
        "targets": _("Other floors and targets."),
        "scheme": _("Another version of the scheme."),
        "model": _("Another version of the value model."),
        "adjustments": _("Two persons adjusted what is used for scoring."),
        "units": _("Units were merged or put under another region."),
        "history": _("The months loaded before the period changed."),
    }


def moved_clients(before: Scorecard, after: Scorecard) -> Iterator[Moved]:
    """Clients whose way differs between both builds, as the card's unit sees it."""
    unit = after.unit_code or FIRM
    params = {
        "period": after.period, "before_build": before.build, "after_build": after.build,
        "unit_type": after.unit_type, "unit": unit,
    }  # fmt: skip
    for row in sql.rows("kpis", "passage_differences", params):
        yield Moved(
            row["client_id"], _numbers(row, "before", unit), _numbers(row, "after", unit),
            _way(row, "before"), _way(row, "after"),
        )  # fmt: skip


def _numbers(row: Mapping[str, Any], side: str, unit: str) -> frozenset[str]:
    if row[f"kind_{side}"] is None:
        return frozenset()
    passage = Passage(
        row[f"kind_{side}"], row[f"opening_{side}"] or None, row[f"closing_{side}"] or None,
        row[f"movement_{side}"],
    )  # fmt: skip
    return frozenset(name for name, code in numbers_of(passage) if code == unit)


def _way(row: Mapping[str, Any], side: str) -> tuple[str, str, str]:
    return (row[f"kind_{side}"] or "", row[f"from_{side}"] or "", row[f"to_{side}"] or "")


def _counts(before: Scorecard, after: Scorecard, moved: list[Moved]) -> list[CountChange]:
    found = []
    for name in COUNTS:
        came = tuple(one.client_id for one in moved if name in one.after - one.before)
        left = tuple(one.client_id for one in moved if name in one.before - one.after)
        if came or left or before.counts[name] != after.counts[name]:
            found.append(CountChange(name, before.counts[name], after.counts[name], came, left))
    return found


def _values(before: Scorecard, after: Scorecard) -> Iterator[ValueChange]:
    """Total, rates and scores, groups of tiers."""
    yield from _changed(_("Total score"), (before.total, after.total), SCORE)
    words, lines = indicator_words(), (before.lines_by_name(), after.lines_by_name())
    for name in INDICATORS:
        old, new = (side.get(name) for side in lines)
        for field, title in (("raw", _("raw")), ("used", _("used"))) if name in RATES else ():
            values = getattr(old, field, None), getattr(new, field, None)
            yield from _changed(f"{words[name]}, {title}", values, RATE)
        scores = getattr(old, "score", None), getattr(new, "score", None)
        yield from _changed(f"{words[name]}, {_('score')}", scores, SCORE)
    yield from _groups(before, after)


def _groups(before: Scorecard, after: Scorecard) -> Iterator[ValueChange]:
    sides = [{one["group"]: one for one in card.profitability["groups"]} for card in (before, after)]
    titles = (
        ("profit", _("contribution"), MONEY), ("average_clients", _("average clients"), PLAIN),
        ("used", _("used"), MONEY), ("score", _("score"), SCORE),
    )  # fmt: skip
    for name in dict.fromkeys([*sides[0], *sides[1]]):
        for field, title, kind in titles:
            words = f"{_('Group %(name)s') % {'name': name}}, {title}"
            yield from _changed(words, _both(sides, name, field), kind)


def _profits(before: Scorecard, after: Scorecard) -> Iterator[ValueChange]:
    """Contribution and average clients by tier."""
    sides = [{one["tier"]: one for one in card.profitability["tiers"]} for card in (before, after)]
    for tier in dict.fromkeys([*sides[0], *sides[1]]):
        for field, title, kind in (
            ("profit", _("contribution"), MONEY),
            ("average_clients", _("average clients"), PLAIN),
        ):
            yield from _changed(f"{tier}, {title}", _both(sides, tier, field), kind)


def _both(sides: list[dict[str, Any]], name: str, field: str) -> Pair:
    old, new = (side.get(name, {}).get(field) for side in sides)
    return number(old), number(new)


def _changed(words: str, values: Pair, kind: str) -> Iterator[ValueChange]:
    if half_up(values[0], PLACES) != half_up(values[1], PLACES):
        yield ValueChange(words, *values, kind)


def _causes(before: Scorecard, after: Scorecard, *, has_moved: bool, has_profits: bool) -> list[str]:
    old, new = before.inputs, after.inputs
    units = units_told_by(before.as_of).params != units_told_by(after.as_of).params
    found = {
        "clients": has_moved,
        "profits": has_profits,
        "firm": "LOW_BASE" in {*before.flags, *after.flags} and old["firm"] != new["firm"],
        "targets": old["targets"] != new["targets"],
        "scheme": old["scheme"] != new["scheme"],
        "model": before.model_version != after.model_version,
        "adjustments": adjustments_of(before) != adjustments_of(after),
        "units": units and after.unit_type != UnitType.FIRM,
        "history": old["short_history"] != new["short_history"],
    }
    return [cause for cause in cause_words() if found[cause]]
