"""Making the file: row after row in the list's order, with flat memory, marked with who, when and why."""

import csv
import io
import tempfile
from collections.abc import Iterator, Sequence
from typing import IO, Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import audit, formats, jobs
from core.exports import files
from core.exports.asking import ASK, GROWTH, KEPT_FOR, WITHOUT_APPROVAL, State, note
from core.exports.cells import csv_cell
from core.lists.columns import Column, follow
from core.lists.page import ListPage
from core.models import Export, ExportedRows, Job
from core.owners import owner_of
from core.registry import list_sources
from core.sheets import Sheets

TELL_EVERY = 500  # rows
SUBJECTS_A_ROW = 1000


class NoFile(Exception):
    """Why the file can't be made, in the owner's words; trying again would not help."""


def make(job: Job) -> None:
    """Makes the file of a job; after a killed worker from the beginning, in place of what was there."""
    export = Export.objects.get(pk=job.arguments["export"])
    if export.state != State.MAKING:
        return
    with translation.override(export.language), tempfile.TemporaryFile() as content:
        subjects: list[int] = []
        try:
            rows = _write(export, content, job, subjects)
        except NoFile as refusal:
            _give_up(export, str(refusal))
            return
        content.seek(0)
        _finish(export, rows, content, subjects)


def _write(export: Export, content: IO[bytes], job: Job, subjects: list[int]) -> int:
    owner, page = _page(export)
    mark = watermark(export, owner)
    columns = page.shown_columns
    rows = _noted(page.walk(), list_sources()[export.list_name].subject, subjects)
    lines = _lines(rows, columns, export, job)
    if export.format == Export.Format.XLSX:
        return write_xlsx(content, str(page.caption), columns, lines, mark)
    return write_csv(content, columns, lines, mark)


def _page(export: Export) -> tuple[Any, ListPage]:
    """The list as the owner may see it now; raises NoFile for those who may not any more."""
    source = list_sources().get(export.list_name)
    owner = owner_of(export.owner_kind, export.owner_id)
    may: Any = owner.may if owner is not None and owner.is_active else lambda _right: False
    if source is None or not (may(ASK) and may(source.right)):
        raise NoFile(_("You may not do this any more."))
    page = source.page_for(owner, export.query, right=ASK)
    page.chosen_columns = export.columns
    return owner, page


def _lines(rows: Iterator[Any], columns: Sequence[Column], export: Export, job: Job) -> Iterator[list[Any]]:
    """The cells of each row; raises NoFile when the list has outgrown what was asked for or approved."""
    most = int(export.counted * GROWTH) if export.needs_approval else WITHOUT_APPROVAL
    for number, row in enumerate(rows):
        if number >= most:
            raise NoFile(_("The list has grown since; ask again."))
        if number % TELL_EVERY == 0:
            jobs.progress(job, 99 * number // max(export.counted, 1))
        yield [column.plain(row) for column in columns]


def _noted(rows: Iterator[Any], subject: str, subjects: list[int]) -> Iterator[Any]:
    """The rows as they come, their subjects noted on the way."""
    for row in rows:
        if subject and (number := follow(row, subject)) is not None:
            subjects.append(number)
        yield row


def watermark(export: Export, owner: Any) -> str:
    """Who made the file, when and for what."""
    made = formats.moment(timezone.now())
    return f"{owner} ({export.owner_name}) · {made} · {export.purpose}"


def write_csv(content: IO[bytes], columns: Sequence[Column], lines: Iterator[list[Any]], mark: str) -> int:
    """UTF-8 with a mark, for spreadsheets; the watermark is the last column of every row."""
    text = io.TextIOWrapper(content, encoding="utf-8-sig", newline="", write_through=True)
    writer, rows = csv.writer(text), 0
    writer.writerow([csv_cell(column.label) for column in columns] + [_("Taken out by")])
    for rows, line in enumerate(lines, start=1):  # noqa: B007  counted
        writer.writerow([csv_cell(value) for value in line] + [csv_cell(mark)])
    text.flush()
    text.detach()
    return rows


def write_xlsx(
    content: IO[bytes], title: str, columns: Sequence[Column], lines: Iterator[list[Any]], mark: str
) -> int:
    """One sheet; the watermark stands in the first row and on every printed page."""
    sheets, rows = Sheets(), 0
    sheet = sheets.sheet(title, len(columns))
    sheets.mark(sheet, mark)
    sheets.row(sheet, [mark])
    sheets.head(sheet, [column.label for column in columns])
    for rows, line in enumerate(lines, start=1):  # noqa: B007  counted
        sheets.row(sheet, line)
    sheets.save(content)
    return rows


@transaction.atomic
def _finish(export: Export, rows: int, content: IO[bytes], subjects: list[int]) -> None:
    now = timezone.now()
    export = Export.objects.select_for_update().get(pk=export.pk)
    export.size = files.store(export, content)
    _keep_subjects(export, sorted(set(subjects)))
    export.rows, export.state = rows, State.READY
    export.made_at, export.expires_at = now, now + KEPT_FOR
    export.save()
    note(export, audit.SystemActor(actor_name=export.owner_name), "made", size=export.size)


def _keep_subjects(export: Export, subjects: list[int]) -> None:
    export.told_of.all().delete()
    ExportedRows.objects.bulk_create(
        ExportedRows(export=export, ids=subjects[start : start + SUBJECTS_A_ROW])
        for start in range(0, len(subjects), SUBJECTS_A_ROW)
    )


@transaction.atomic
def _give_up(export: Export, reason: str) -> None:
    export.state, export.decision_reason = State.REFUSED, reason
    export.save()
    note(export, audit.SYSTEM, "given_up", reason=reason)
