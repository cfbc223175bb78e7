"""Which branch a unit's clients are on record with, through mergers, as of a run (K5)."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import date

from django.db import transaction

from clients.models import FIRST_DAY, LAST_DAY
from core import sql
from staff.models import Unit, UnitRecord
from trading.models import UnitSpan


@transaction.atomic
def mark_moved_units(as_of: date) -> None:
    """Makes UnitSpan as of the day; marks the clients of every unit that now lie elsewhere than before."""
    before = _grouped(UnitSpan.objects.all())
    spans = unit_spans(as_of)
    after = _grouped(spans)
    UnitSpan.objects.all().delete()
    UnitSpan.objects.bulk_create(spans)
    for unit_id in before.keys() | after.keys():
        moved = before.get(unit_id, set()) ^ after.get(unit_id, set())
        if moved and before:
            params = {"unit": unit_id, "from_date": _first_move(moved), "as_of": as_of}
            sql.run("trading", "unit_mark", params)


def unit_spans(as_of: date) -> list[UnitSpan]:
    """UnitSpan as of a day; units made by hand, of which no feed tells, stand for themselves."""
    records = units_as_of(as_of)
    spans = [span for unit_id in records for span in _spans(unit_id, records)]
    for unit in Unit.objects.filter(records=None):
        spans.append(UnitSpan(unit=unit, from_date=FIRST_DAY, to_date=LAST_DAY, branch=unit))
    return spans


Place = tuple[date, date, int]


def _grouped(spans: Iterable[UnitSpan]) -> dict[int, set[Place]]:
    places: dict[int, set[Place]] = defaultdict(set)
    for span in spans:
        places[span.unit_id].add((span.from_date, span.to_date, span.branch_id))
    return places


def _first_move(moved: set[Place]) -> date:
    """The first day on which the clients lie elsewhere: the earliest end or start that is no end of time."""
    days = {day for start, end, _branch in moved for day in (start, end)} - {LAST_DAY}
    later = days - {FIRST_DAY}
    return min(later) if later else FIRST_DAY


def units_as_of(as_of: date) -> dict[int, UnitRecord]:
    """What the feeds told of each unit by a day: the newest record whose parent and successor are known."""
    told = list(UnitRecord.objects.filter(told_on__lte=as_of).order_by("told_on"))
    known = set(Unit.objects.filter(records=None).values_list("pk", flat=True))
    records: dict[int, UnitRecord] = {}
    before = -1
    while before < len(known):
        before = len(known)
        records = {record.unit_id: record for record in told if _stands(record, known)}
        known |= records.keys()
    return records


def _stands(record: UnitRecord, known: set[int]) -> bool:
    """F6: a row whose parent or successor nobody has told of yet waits."""
    return all(unit_id is None or unit_id in known for unit_id in (record.parent_id, record.successor_id))


def _spans(unit_id: int, records: dict[int, UnitRecord]) -> Iterator[UnitSpan]:
    """The unit itself, then its successors one after the other, each from the merger on."""
    branch_id, start, seen = unit_id, FIRST_DAY, {unit_id}
    while True:
        record = records.get(branch_id)
        merged_on = record.closed_on if record and record.successor_id not in seen else None
        if record is None or record.successor_id is None or merged_on is None:
            break
        if merged_on > start:
            yield UnitSpan(unit_id=unit_id, from_date=start, to_date=merged_on, branch_id=branch_id)
            start = merged_on
        branch_id = record.successor_id
        seen.add(branch_id)
    yield UnitSpan(unit_id=unit_id, from_date=start, to_date=LAST_DAY, branch_id=branch_id)
