"""What came of a run: sums, and the rows that were left out with their reasons."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from core import sql
from core.exports.cells import Line, harmless
from core.lists.sources import ListSource
from core.models import BulkRun

REPORT_HEAD = "row", "reason"


@dataclass(frozen=True)
class Outcome:
    """Rows done, failed and waiting; taken back, and those that could not be taken back."""

    done: int
    failed: int
    waiting: int
    undone: int
    stayed: int


def outcome(run: BulkRun) -> Outcome:
    """The sums over the run's chunks."""
    (sums,) = sql.rows("core", "bulk_outcome", {"run": run.pk})
    return Outcome(**{name: int(value) for name, value in sums.items()})


@dataclass(frozen=True)
class Failure:
    """A row that was left out: its name where the reader may still see it, else its number."""

    row: str
    reason: str


def failures(run: BulkRun, source: ListSource, person: Any) -> Iterator[Failure]:
    """Rows that were left out or could not be taken back, chunk by chunk."""
    for chunk in run.chunks.order_by("position").exclude(failures={}, undo_failures={}).iterator():
        reasons = {int(one): why for one, why in {**chunk.failures, **chunk.undo_failures}.items()}
        seen = {row.pk: str(row) for row in source.rows(person).filter(pk__in=reasons).order_by()}
        for one in sorted(reasons):
            yield Failure(seen.get(one, f"#{one}"), reasons[one])


def report_lines(run: BulkRun, source: ListSource, person: Any) -> Iterator[str]:
    """The failures as lines of a CSV file."""
    writer: Any = csv.writer(Line())
    yield "\ufeff" + writer.writerow(REPORT_HEAD)
    for one in failures(run, source, person):
        yield writer.writerow([harmless(one.row), harmless(one.reason)])


def percent(run: BulkRun, came: Outcome) -> int:
    """How far the run has come, forwards or back."""
    if run.phase == BulkRun.Phase.UNDOING:
        return 100 * (came.undone + came.stayed) // max(came.done, 1)
    return 100 * (run.total - came.waiting) // max(run.total, 1)
