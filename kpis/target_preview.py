"""What a filled-in grid or file would change, and its faults, before anything is written."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from django.core import signing
from django.utils.translation import gettext as _

from clients.importing.reading import REFUSALS, NotReadable, read_table
from core import formats
from kpis.actions.target_grid import UnitTargets
from kpis.queries.target_grid import GridUnit
from kpis.rules import Targets, parse_period
from kpis.target_table import Fault, TargetColumn, cell_text, headings, read_row

SALT, HOUR = "kpis.targets", 3600
Row = tuple[int, str, Mapping[str, str]]
"""Its number as the reader sees it, the unit, the cells by column key."""


@dataclass(frozen=True)
class UnitChange:
    """A unit whose targets would change, cell by cell."""

    unit: GridUnit
    targets: Targets
    cells: list[tuple[str, str, str]]


@dataclass
class Preview:
    changes: list[UnitChange] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    rows: int = 0


def preview(rows: Iterable[Row], units: list[GridUnit], found: list[TargetColumn]) -> Preview:
    """What these rows would do to these units; a unit twice, or out of reach, is a fault."""
    known, seen, made = {unit.label: unit for unit in units}, set[str](), Preview()
    for number, label, cells in rows:
        made.rows += 1
        unit = known.get(label)
        if unit is None or label in seen:
            words = _("This unit stands in the file twice; leave one row.") if unit else _unknown()
            made.faults.append(Fault(number, label, _("Unit"), words))
            continue
        seen.add(label)
        targets, faults = read_row(number, label, cells, found, unit.serving)
        made.faults += faults
        if not faults and targets != unit.serving:
            made.changes.append(UnitChange(unit, targets, _cells(unit.serving, targets, found)))
    return made


def _unknown() -> str:
    return _(
        "No such unit among those you may set; write firm, region:R1, branch:1001, or manager:M1001A with"
        " client managers chosen as the kind of unit."
    )


def _cells(before: Targets, after: Targets, found: list[TargetColumn]) -> list[tuple[str, str, str]]:
    pairs = ((column.words, cell_text(before, column), cell_text(after, column)) for column in found)
    return [(words, old or formats.DASH, new or formats.DASH) for words, old, new in pairs if old != new]


def read_file(content: bytes, found: list[TargetColumn]) -> tuple[list[Row], list[Fault]]:
    """Rows of a table as the grid gives it out; a fault instead when it can't be read as one."""
    try:
        table = read_table(content)
        head = next(table)["columns"]
        known = headings(found)
        keys = [known.get(words, "") for words in head]
        if "unit" not in keys:
            words = _("The first row needs a column named Unit, as in the file given out.")
            return [], [Fault(1, "", _("Unit"), words)]
        faults = [
            Fault(1, "", words, _("No such column; leave its head as in the file given out, or remove it."))
            for words, key in zip(head, keys, strict=True)
            if words and not key
        ]
        return [_row(number, keys, cells) for number, cells in table], faults
    except NotReadable as error:
        return [], [Fault(0, "", "", str(REFUSALS[error.code]))]


def _row(number: int, keys: list[str], cells: list[str]) -> Row:
    told = {key: text for key, text in zip(keys, cells, strict=False) if key}
    return number, told.pop("unit", "").strip(), told


def seal(user: Any, period_type: str, period: str, changes: list[UnitChange]) -> str:
    """What the person saw, so that just that is written: signed, for this person, for an hour."""
    wishes = [[change.unit.label, change.unit.standing, change.targets.to_json()] for change in changes]
    told = {"who": user.pk, "type": period_type, "period": period, "units": wishes}
    return signing.dumps(told, salt=SALT, compress=True)


def unseal(user: Any, sealed: str) -> dict[str, Any] | None:
    """What tell_many takes; None when it is another person's, too old or no seal."""
    try:
        told = signing.loads(sealed, salt=SALT, max_age=HOUR)
    except signing.BadSignature:
        return None
    if told["who"] != user.pk:
        return None
    wishes = [_wish(*one) for one in told["units"]]
    period = parse_period(told["period"]) if told["period"] else None
    return {"period_type": told["type"], "from_period": period, "wishes": wishes}


def _wish(label: str, seen: int, kept: dict[str, Any]) -> UnitTargets:
    unit_type, _colon, code = label.partition(":")
    return UnitTargets(unit_type, code, Targets.from_json(kept), seen)


def exact(targets: Targets, column: TargetColumn) -> Decimal | None:
    """A cell's number for a file: rates as fractions."""
    limits = targets.rates.get(column.name) if column.is_rate else targets.groups.get(column.name)
    value: Decimal | None = getattr(limits, column.end) if limits else None
    return value
