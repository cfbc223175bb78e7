"""Waiting rows taken in once their parent is known (F6), and single rows taken in by a person's deed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from django.db import connection
from django.utils import timezone

from core import crypto, sql
from trading.feed import events, masters
from trading.feed.columns import FILES, FeedFile
from trading.feed.delivery import APP, Accepted, Delivery
from trading.feed.faults import Fault
from trading.feed.quarantine import fault_fields, parsed, waiting_fault
from trading.feed.records import Record
from trading.feed.rows import Rows
from trading.feed.staging import Staged, clear_stage, copy_lines, empty_stages
from trading.models import FeedPackage, QuarantinedRow

ROWS_AT_ONCE = 20_000
ACCEPT = {**masters.ACCEPT, **events.ACCEPT}
FILE_ORDER = list(FILES)
BY_ITSELF = "feed"


@dataclass
class Taken:
    """Rows that were offered again: how many came in, and by line why the others did not."""

    staged: Staged
    loaded: int
    faults: dict[int, Fault]


def release_waiting(known_by: date) -> int:
    """Takes in every waiting row whose parent is known by now, parents first, until none is left; counts
    them.

    known_by: the trade date by which the parents can be known (of the package that brought them).
    """
    released = 0
    while True:
        groups = sql.rows(APP, "quarantine_groups")
        groups.sort(key=lambda group: FILE_ORDER.index(group["file"]))
        step = sum(_release_group(group["package_id"], FILES[group["file"]], known_by) for group in groups)
        if not step:
            return released
        released += step


def take_rows(
    package: FeedPackage,
    file: FeedFile,
    batches: Iterable[list[Record]],
    known_by: date,
    overrule: frozenset[str] = frozenset(),
) -> Taken:
    """Stages records of a loaded package and accepts them; leaves the staging table to the caller.

    known_by as above; overrule: codes of faults that a person has waved through.
    """
    assert package.trade_date is not None and package.version is not None
    clear_stage(file)
    rows = Rows(file, package.files[file.name]["header"], package.trade_date, overrule)
    staged = Staged(file, rows.header)
    for batch in batches:
        copy_lines(rows, _lines(rows, staged, batch))
    known_by = max(known_by, package.trade_date)
    delivery = Delivery(package.pk, package.trade_date, package.version, known_by, is_whole=False)
    accepted = ACCEPT[file](delivery, staged)
    return Taken(staged, accepted.loaded, {**staged.faults, **_waiting_faults(file, accepted)})


def note_taken(package: FeedPackage, file: FeedFile, count: int) -> None:
    """The package's counters after rows left the quarantine."""
    package.files[file.name]["loaded"] += count
    package.files[file.name]["quarantined"] -= count
    package.loaded += count
    package.quarantined -= count
    package.save(update_fields=["files", "loaded", "quarantined"])


def _lines(rows: Rows, staged: Staged, batch: list[Record]) -> Iterator[str]:
    for record in batch:
        staged.rows += 1
        outcome = rows.staged(record)
        if isinstance(outcome, str):
            yield outcome
        else:
            staged.faults[record.line] = outcome


def _waiting_faults(file: FeedFile, accepted: Accepted) -> dict[int, Fault]:
    """The staged rows that still wait, now for another parent."""
    faults = {}
    for column, lines in accepted.waiting.items():
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT line, {column} FROM {file.stage} WHERE line = ANY(%s)", [list(lines)])
            faults.update({line: waiting_fault(file, column, value) for line, value in cursor.fetchall()})
    return faults


def record_of(row: QuarantinedRow) -> Record:
    """The record as it was delivered, or as it was corrected."""
    text = crypto.unseal(row.corrected or row.raw, row.context)
    return Record(row.line, text, parsed(text))


def _release_group(package_id: int, file: FeedFile, known_by: date) -> int:
    package = FeedPackage.objects.get(pk=package_id)
    taken = take_rows(package, file, _ready(package, file), known_by)
    for line, fault in taken.faults.items():
        QuarantinedRow.objects.filter(package=package, file=file.name, line=line).update(
            **fault_fields(fault)
        )
    _settle_staged(package, file, set(taken.faults))
    empty_stages([taken.staged])
    note_taken(package, file, taken.loaded)
    return taken.loaded


def _ready(package: FeedPackage, file: FeedFile) -> Iterator[list[Record]]:
    """Batches of waiting records whose parent is known."""
    after = 0
    while True:
        params = {"package": package.pk, "file": file.name, "after": after, "most": ROWS_AT_ONCE}
        found = sql.rows(APP, "quarantine_ready", params)
        if not found:
            return
        after = found[-1].pop("id")
        names = {"package": package, "file": file.name}
        yield [record_of(QuarantinedRow(**names, line=row["line"], raw=row["raw"])) for row in found]


def _settle_staged(package: FeedPackage, file: FeedFile, left: set[int]) -> None:
    """All rows in the staging table came in, but for those that are left."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE trading_quarantinedrow q SET state = 'released', settled_at = %s, settled_by = %s"
            f" FROM {file.stage} s WHERE q.package_id = %s AND q.file = %s AND q.line = s.line"
            f" AND NOT q.line = ANY(%s)",
            [timezone.now(), BY_ITSELF, package.pk, file.name, list(left)],
        )
