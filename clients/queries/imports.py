"""Reads of imports that pages and API share: what an import did or would do, row by row."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from clients.importing.columns import FIELDS
from clients.models import ClientImport, ImportChunk
from clients.queries.imported_rows import results_of, rows_of
from core.exports.cells import Line, harmless

DID = ("create", "update", "skip", "fail", "undone", "stayed")
FAILED = ("fail", "stayed")


@dataclass(frozen=True)
class Sample:
    """A row as it was uploaded, and what becomes of it."""

    number: int
    cells: list[str]
    does: str
    why: str
    client_no: str
    fields: list[Any]


def samples(made: ClientImport, does: str, most: int = 5) -> list[Sample]:
    """The first rows that something becomes of."""
    found: list[Sample] = []
    for chunk in made.chunks.filter(counts__has_key=does).order_by("position")[:20]:
        found += [sample for sample in _of(chunk) if sample.does == does]
        if len(found) >= most:
            break
    return found[:most]


def failed_rows(made: ClientImport) -> Iterator[tuple[list[str], str]]:
    """The cells and the reason of every row that was not done, or could not be taken back."""
    for chunk in made.chunks.order_by("position").iterator(chunk_size=4):
        yield from ((sample.cells, sample.why) for sample in _of(chunk) if sample.does in FAILED)


def failed_lines(made: ClientImport) -> Iterator[str]:
    """Those rows as lines of a CSV file that can be mended and uploaded again."""
    writer: Any = csv.writer(Line())
    yield "\ufeff" + writer.writerow([harmless(cell) for cell in [*made.columns, _("Reason")]])
    for cells, why in failed_rows(made):
        row = [*_wide(cells, len(made.columns)), why]
        yield writer.writerow([harmless(cell) for cell in row])


def first_rows(made: ClientImport, most: int = 5) -> list[list[str]]:
    """The first rows as they were uploaded, as wide as the header."""
    chunk = made.chunks.order_by("position").first()
    rows = rows_of(chunk)[:most] if chunk else []
    return [_wide(cells, len(made.columns)) for _number, cells in rows]


def counted(made: ClientImport) -> list[tuple[str, int]]:
    return [(does, made.counts.get(does, 0)) for does in DID if made.counts.get(does)]


def _of(chunk: ImportChunk) -> Iterator[Sample]:
    for (number, cells), result in zip(rows_of(chunk), results_of(chunk), strict=False):
        fields = [FIELDS.get(name, name) for name in result.get("fields", [])]
        does, why = result["does"], result["why"]
        yield Sample(number, cells, does, why, result.get("client_no", ""), fields)


def _wide(cells: list[str], width: int) -> list[str]:
    return (cells + [""] * width)[:width]
