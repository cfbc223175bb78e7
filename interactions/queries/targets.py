"""Reads of the targets of service levels: what holds for a channel and a unit, how a figure stands to it."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from interactions.models import LevelTarget
from staff.models import Unit

MET, NEAR, MISSED, NONE = "met", "near", "missed", "none"
Targets = dict[str, LevelTarget]


def all_on(day: date) -> list[LevelTarget]:
    """Every target in force on a day, one of each figure, channel and unit."""
    rows = newest_on(LevelTarget.objects.filter(from_date__lte=day).select_related("unit"), day)
    figures = LevelTarget.Figure.values
    return sorted(
        rows, key=lambda one: (figures.index(one.figure), one.channel, one.unit.code if one.unit else "")
    )


def newest_on(rows: Iterable[LevelTarget], day: date) -> list[LevelTarget]:
    """Of each figure, channel and unit the latest that is not after the day."""
    held = sorted((row for row in rows if row.from_date <= day), key=lambda row: row.from_date)
    return list({(row.figure, row.channel, row.unit_id): row for row in held}.values())


def targets_for(rows: Iterable[LevelTarget], *, channel: str = "", unit: Unit | None = None) -> Targets:
    """By figure, what holds there: one for the channel before one for all, then the nearest unit's.

    rows: of `all_on`. One of a channel never stands for all channels, nor one of a unit for those above it.
    """
    places = unit_chain(unit)
    chosen: dict[str, tuple[tuple[int, int], LevelTarget]] = {}
    for row in rows:
        if row.channel not in ("", channel) or row.unit_id not in places:
            continue
        rank = (int(row.channel == ""), places.index(row.unit_id))
        if row.figure not in chosen or rank < chosen[row.figure][0]:
            chosen[row.figure] = (rank, row)
    return {figure: row for figure, (_rank, row) in chosen.items()}


def unit_chain(unit: Unit | None) -> list[int | None]:
    """The unit, those above it, and None for the firm."""
    chain: list[int | None] = []
    while unit is not None:
        chain.append(unit.pk)
        unit = unit.parent
    return [*chain, None]


def standing(value: Decimal | None, target: LevelTarget | None) -> str:
    """met, near or missed; none where there is no figure yet or nothing to hold it to."""
    if value is None or target is None:
        return NONE
    sign = 1 if target.more_is_better else -1
    if sign * value >= sign * target.target:
        return MET
    return NEAR if sign * value >= sign * target.limit else MISSED


def to_come(day: date) -> QuerySet[LevelTarget]:
    """What was set for later days, the nearest first."""
    return (
        LevelTarget.objects.filter(from_date__gt=day).select_related("unit").order_by("from_date", "figure")
    )


def seen_by(reader: Any, rows: Iterable[LevelTarget]) -> list[LevelTarget]:
    """The firm's and those of units the reader writes rules or reads levels for, and of the units above."""
    scope = reader.scope_for("levels.view")
    return [row for row in rows if row.unit_id is None or scope.firm or row.unit_id in scope.unit_ids]


def settable_units(person: Any) -> QuerySet[Unit]:
    """Units whose targets the person may set."""
    scope, units = person.scope_for("desk.rules"), Unit.objects.order_by("code")
    return units if scope.firm else units.filter(pk__in=scope.unit_ids)


def may_set(person: Any, unit_id: int | None) -> bool:
    """The firm's are set by those who write the desk's rules for all of it, a unit's by its own leads."""
    scope = person.scope_for("desk.rules")
    return bool(scope.firm or unit_id in scope.unit_ids)


def home_of(reader: Any) -> Unit | None:
    """The one unit that all units of the reader belong to; None for the whole firm or several."""
    scope = reader.scope_for("levels.view")
    if scope.firm:
        return None
    mine = Q(pk__in=scope.unit_ids)
    tops = Unit.objects.filter(mine, closed_on=None).exclude(parent_id__in=scope.unit_ids)[:2]
    found: Sequence[Unit] = list(tops)
    return found[0] if len(found) == 1 else None
