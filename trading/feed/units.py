"""branches.csv: units are few and refer to each other in any order, so they are taken in one by one."""

from array import array
from collections import defaultdict
from typing import Any

from django.db import connection

from staff.models import Unit, UnitRecord
from trading.feed.columns import BRANCHES
from trading.feed.delivery import Accepted, Delivery, hold_present
from trading.feed.faults import Fault
from trading.feed.staging import Staged, add_faults

Row = dict[str, Any]


def accept_branches(delivery: Delivery, staged: Staged) -> Accepted:
    """Takes in every unit whose parent and successor are known, until no further row finds its own."""
    hold_present(delivery, staged, "branch")
    pending, loaded, faults = _staged_rows(), 0, {}
    known = {unit.code: unit for unit in Unit.objects.select_related("parent", "successor")}
    progress = True
    while progress:
        ready = [row for row in pending if _missing(row, known) == ""]
        pending = [row for row in pending if row not in ready]
        for row in ready:
            if _makes_circle(row, known):
                faults[row["line"]] = Fault("circle", "parent_code")
            else:
                known[row["code"]] = _tell(delivery, row, known)
                loaded += 1
        progress = bool(ready)
    add_faults(staged, faults)
    return Accepted(loaded, _waiting(pending, known))


def _staged_rows() -> list[Row]:
    names = ("line", *BRANCHES.column_names)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(names)} FROM {BRANCHES.stage} ORDER BY line")
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def _missing(row: Row, known: dict[str, Unit]) -> str:
    """The column that names a unit nobody has told of; empty when none does."""
    return next(
        (name for name in ("parent_code", "successor_code") if row[name] and row[name] not in known), ""
    )


def _waiting(pending: list[Row], known: dict[str, Unit]) -> dict[str, "array[int]"]:
    lines: dict[str, array[int]] = defaultdict(lambda: array("q"))
    for row in pending:
        lines[_missing(row, known)].append(row["line"])
    return dict(lines)


def _makes_circle(row: Row, known: dict[str, Unit]) -> bool:
    """Whether the unit would stand above itself, or take over from itself."""
    return any(row["code"] in _line(row[f"{step}_code"], step, known) for step in ("parent", "successor"))


def _line(code: str | None, step: str, known: dict[str, Unit]) -> list[str]:
    """The codes from a unit on along its parents or successors."""
    codes: list[str] = []
    while code and code not in codes:
        codes.append(code)
        following = getattr(known[code], step) if code in known else None
        code = following.code if following else None
    return codes


def _tell(delivery: Delivery, row: Row, known: dict[str, Unit]) -> Unit:
    """Keeps what was told, and makes it the unit's own values when nothing newer was."""
    told = {
        "name": row["name"],
        "kind": row["kind"],
        "parent": known.get(row["parent_code"]),
        "opened_on": row["opened_on"],
        "closed_on": row["closed_on"],
        "successor": known.get(row["successor_code"]),
    }
    unit = known.get(row["code"])
    if unit is None:
        unit = Unit.objects.create(code=row["code"], **told)
    elif _is_newest(delivery, unit):
        for name, value in told.items():
            setattr(unit, name, value)
        unit.save()
    same_day = UnitRecord.objects.filter(unit=unit, told_on=delivery.feed_day).first()
    if same_day is None or same_day.told_version <= delivery.version:
        UnitRecord.objects.update_or_create(
            unit=unit, told_on=delivery.feed_day, defaults={"told_version": delivery.version, **told}
        )
    return unit


def _is_newest(delivery: Delivery, unit: Unit) -> bool:
    """Whether nothing newer was told of the unit: master rows go by trade date, then version (F12)."""
    newest = unit.records.order_by("-told_on").first()
    return newest is None or (newest.told_on, newest.told_version) <= (delivery.feed_day, delivery.version)
