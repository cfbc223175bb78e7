"""A program of its own: the CSV or XLSX on standard input goes out as JSON lines, header first.

The file may be hostile, so it is read apart from everything else: in a process whose memory and time are
bounded and that knows no keys (clients.importing.reading starts it). It therefore imports nothing of the
application. When it can't go on, it says why on standard error: a code of clients.importing.reading.

Out: {"form", "columns"}, then [number, [cells]] for each row that is not empty; number is the row's place in
the file as a spreadsheet shows it, the header being row 1; every cell is text.
"""

import csv
import io
import json
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import suppress
from datetime import date, datetime, time
from typing import Any, TextIO

MOST_MEMORY = 1024**3
MOST_SECONDS = 90
MOST_ROWS = 100_000
MOST_COLUMNS = 200
MOST_UNPACKED = 200 * 1024**2  # bytes of all parts of a workbook, and of all text read from it
MOST_PARTS = 2000
LONGEST_CELL = 10_000
DELIMITERS = ",;\t|"
LOOKED_AT = 64 * 1024  # characters by which the delimiter is found
FAILED = 3
Row = list[str]


class Unfit(Exception):
    """The file can't be taken; the code says why."""


def write_table(content: bytes, out: TextIO) -> None:
    """Writes header and rows. Raises Unfit."""
    form, records = _workbook(content) if content[:2] == b"PK" else _text(content)
    columns: Row | None = None
    rows = size = 0
    for number, cells in records:
        size += sum(map(len, cells))
        if size > MOST_UNPACKED:
            raise Unfit("too_large")
        if not any(cells):
            continue
        if columns is None:
            columns = named(cells)
            print(json.dumps({"form": form, "columns": columns}), file=out)
            continue
        rows += 1
        if rows > MOST_ROWS:
            raise Unfit("too_many_rows")
        print(json.dumps([number, cells]), file=out)
    if columns is None:
        raise Unfit("empty")


def named(cells: Row) -> Row:
    """The header: every column with a name, each name once."""
    width = max(place for place, cell in enumerate(cells, 1) if cell)
    if width > MOST_COLUMNS:
        raise Unfit("too_many_columns")
    found: Row = []
    for place, cell in enumerate(cells[:width], 1):
        name, number = cell[:80] or f"#{place}", 1
        while (name if number == 1 else f"{name} ({number})") in found:
            number += 1
        found.append(name if number == 1 else f"{name} ({number})")
    return found


def _text(content: bytes) -> tuple[str, Iterator[tuple[int, Row]]]:
    encoding, text = _decoded(content)
    delimiter = delimiter_of(text)
    words = {"\t": "tab"}.get(delimiter, delimiter)
    return f"CSV, {encoding}, {words}", _records(text, delimiter)


def _decoded(content: bytes) -> tuple[str, str]:
    """UTF-8 with or without mark, else GB18030."""
    if b"\x00" in content:
        raise Unfit("not_text")
    for encoding, name in (("utf-8-sig", "UTF-8"), ("gb18030", "GB18030")):
        with suppress(UnicodeDecodeError):
            return name, content.decode(encoding)
    raise Unfit("not_text")


def delimiter_of(text: str) -> str:
    """The one that cuts the header into the most columns; a comma when none does."""
    start = text.lstrip("\r\n")[:LOOKED_AT]

    def width(delimiter: str) -> int:
        with suppress(csv.Error, StopIteration):
            return len(next(csv.reader(io.StringIO(start, newline=""), delimiter=delimiter)))
        return 0

    return max(DELIMITERS, key=width)


def _records(text: str, delimiter: str) -> Iterator[tuple[int, Row]]:
    csv.field_size_limit(LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number = 0
    try:
        for cells in reader:
            number += 1
            yield number, [cell.strip() for cell in cells]
    except csv.Error as error:
        raise Unfit("cell_too_long" if "field larger" in str(error) else "quotes") from error


def _workbook(content: bytes) -> tuple[str, Iterator[tuple[int, Row]]]:
    _check_parts(content)
    import defusedxml

    defusedxml.defuse_stdlib()  # before openpyxl takes its parser
    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
    sheet = book.worksheets[0]
    sheet.reset_dimensions()  # what the file says of its size need not be so
    return "XLSX", _sheet_rows(sheet.iter_rows(values_only=True))


def _check_parts(content: bytes) -> None:
    """A part is never read beyond the size it claims, so the sum of these is the most there can be."""
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        found = parts.infolist()
        if len(found) > MOST_PARTS or sum(part.file_size for part in found) > MOST_UNPACKED:
            raise Unfit("too_large")
        if any(part.flag_bits & 1 for part in found):
            raise Unfit("encrypted")


def _sheet_rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[int, Row]]:
    for number, cells in enumerate(rows, 1):
        if len(cells) > MOST_COLUMNS and any(cell is not None for cell in cells[MOST_COLUMNS:]):
            raise Unfit("too_many_columns")
        yield number, [as_text(cell) for cell in cells[:MOST_COLUMNS]]


def as_text(value: Any) -> str:
    """What a spreadsheet's cell says: whole numbers without a point, days as 2026-10-31."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ")
    text = value.isoformat() if isinstance(value, date | time) else str(value)
    if len(text) > LONGEST_CELL:
        raise Unfit("cell_too_long")
    return text.strip()


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (MOST_SECONDS, MOST_SECONDS))
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    try:
        write_table(sys.stdin.buffer.read(), sys.stdout)
    except Unfit as unfit:
        _give_up(str(unfit))
    except MemoryError:
        _give_up("too_large")
    except Exception:
        _give_up("not_readable")


def _give_up(code: str) -> None:
    sys.stdout.flush()
    print(json.dumps({"code": code}), file=sys.stderr)
    sys.exit(FAILED)


if __name__ == "__main__":
    main()
