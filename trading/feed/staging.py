"""Files copied into the unlogged staging tables, checked row by row and against the manifest on the way."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from decimal import Context, Decimal, localcontext
from itertools import islice
from typing import Any

from django.conf import settings
from django.db import connection

from trading.feed.columns import FeedFile
from trading.feed.faults import Fault, Refused
from trading.feed.manifest import Promise
from trading.feed.records import FeedText, opened_text
from trading.feed.rows import Rows
from trading.feed.source import Source

LINES_AT_ONCE = 2000
NO_LIMIT = 2**31
FEW_ROWS = 1000
READABLE = re.compile(r"-?[0-9]{1,60}(?:\.[0-9]{1,40})?")
EXACT = Context(prec=120)


@dataclass
class Staged:
    """A file in its staging table: how many records it has, its header, the faults found so far by line.

    `most` is the number of bad rows above which the package is refused; None when single rows are staged.
    """

    file: FeedFile
    header: list[str]
    most: int | None = None
    rows: int = 0
    faults: dict[int, Fault] = field(default_factory=dict)
    dropped: int = 0  # identical repeats (F19)

    @property
    def limit(self) -> int:
        """How many further faults need to be known by name."""
        return NO_LIMIT if self.most is None else self.most + 1

    @property
    def left(self) -> int:
        """Rows that still stand in the staging table."""
        return self.rows - self.dropped - len(self.faults)


def stage_file(source: Source, file: FeedFile, promise: Promise, trade_date: date) -> tuple[Staged, str]:
    """Copies a package's file into its staging table; returns it and the checksum of its bytes.

    Raises Refused when the file does not tie with the manifest or has too many bad rows.
    """
    with opened_text(source, file.name, promise.sha256) as text:
        rows = Rows(file, text.header, trade_date)
        staged = Staged(file, text.header, most_bad(promise.rows))
        totals = Totals(file, text.header, promise)
        clear_stage(file)
        copy_lines(rows, _lines(text, rows, staged, totals))
    problems = totals.problems()
    if text.sha256 != promise.sha256:
        problems.append({"code": "checksum", "values": {"file": file.name}})
    if staged.rows != promise.rows:
        said = {"file": file.name, "found": staged.rows, "said": promise.rows}
        problems.append({"code": "row_count", "values": said})
    if problems:
        raise Refused.for_all(problems)
    return staged, text.sha256


def _lines(text: FeedText, rows: Rows, staged: Staged, totals: "Totals") -> Iterator[str]:
    """The staging lines of a file; its faults go into `staged`. Every row of a feed passes this loop."""
    quick = QuickLook(rows, totals)
    for line in text.lines:
        row = quick.row(line)
        if row:
            staged.rows += 1
            text.line += 1
            yield f"{text.line},{hash(row)},{row}\n"
            continue
        record = text.record(line)
        if record.fields == []:
            continue
        staged.rows += 1
        totals.add_fields(record.fields)
        outcome = rows.staged(record)
        if isinstance(outcome, str):
            yield outcome
            continue
        staged.faults[record.line] = outcome
        _check_faults(
            staged
        )  # too many for the rows promised; if those don't tie, it is refused all the same


class QuickLook:
    """Takes a plain sound line in one step."""

    def __init__(self, rows: Rows, totals: "Totals") -> None:
        pattern = rows.quick_pattern(totals.names)
        groups = pattern.groupindex if pattern else {}
        self._match = pattern.fullmatch if pattern else None
        self._day = groups.get("day", 0)
        self._wanted = [groups[name] for name in totals.names] if pattern else []
        self._sound_days = rows.sound_days
        self._totals = totals

    def row(self, line: str) -> str:
        """The line without its end when it is sound; empty when it needs a closer look."""
        match = self._match(line) if self._match else None
        if match is None or match[self._day] not in self._sound_days:
            return ""
        if self._wanted:
            self._totals.add([match[group] for group in self._wanted])
        return match[1]


class Totals:
    """Control sums over columns: exact over all records; empty and unreadable values count 0 (F14, F23)."""

    def __init__(self, file: FeedFile, header: list[str], promise: Promise) -> None:
        self.file = file
        self.promised = promise.sums
        self.names = list(promise.sums)
        for name in self.names:
            if name not in header:
                raise Refused("no_column", file=file.name, column=name)
        self._places = [header.index(name) for name in self.names]
        self._found = [Decimal(0) for _ in self.names]
        self._pending: list[list[str]] = [[] for _ in self.names]

    def add(self, values: list[str]) -> None:
        for pending, value in zip(self._pending, values, strict=True):
            pending.append(value)
        if self._pending and len(self._pending[0]) >= LINES_AT_ONCE:
            self._sum_up()

    def add_fields(self, fields: list[str] | None) -> None:
        """As add, for a whole record; a field that is not there counts 0."""
        if self._places:
            told = fields or []
            self.add([told[place] if place < len(told) else "" for place in self._places])

    def problems(self) -> list[dict[str, Any]]:
        """One for each sum that does not tie."""
        self._sum_up()
        problems = []
        for (name, said), found in zip(self.promised.items(), self._found, strict=True):
            if found != said:
                values = {"file": self.file.name, "column": name, "found": str(found), "said": str(said)}
                problems.append({"code": "control_sum", "values": values})
        return problems

    def _sum_up(self) -> None:
        with localcontext(EXACT):
            for number, pending in enumerate(self._pending):
                self._found[number] += sum(map(Decimal, filter(READABLE.fullmatch, pending)))
                pending.clear()


def copy_lines(rows: Rows, lines: Iterator[str]) -> None:
    """Streams staging lines into the file's staging table."""
    names = ", ".join(("line", "mark", *rows.columns))
    command = f"COPY {rows.file.stage} ({names}) FROM STDIN WITH (FORMAT text, DELIMITER ',', NULL '')"
    with connection.cursor() as cursor, _shanghai_time(cursor), cursor.copy(command) as copy:
        while batch := "".join(islice(lines, LINES_AT_ONCE)):
            copy.write(batch)


@contextmanager
def _shanghai_time(cursor: Any) -> Iterator[None]:
    """F7: a time without offset is Shanghai's."""
    cursor.execute("SELECT current_setting('TimeZone'), set_config('TimeZone', 'Asia/Shanghai', true)")
    before = cursor.fetchone()[0]
    yield
    cursor.execute("SELECT set_config('TimeZone', %s, true)", [before])


def clear_stage(file: FeedFile) -> None:
    """Makes sure that nothing else stands in the staging table."""
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {file.stage}")


def empty_stages(staged: Iterable[Staged]) -> None:
    """Empties the staging tables; nothing of a package stays in them after its load."""
    for each in staged:
        if each.rows < FEW_ROWS:  # new files for a table cost more than taking out a few rows
            clear_stage(each.file)
        else:
            with connection.cursor() as cursor:
                cursor.execute(f"TRUNCATE {each.file.stage}")


def drop_repeats(staged: Staged) -> None:
    """F19: of rows with one key the first stays, identical ones are dropped, different ones are faults."""
    if not _has_repeats(staged.file):
        return
    stage = staged.file.stage
    again = f"WITH again AS ({_REPEATS.format(**_names(staged.file))})"
    with connection.cursor() as cursor:
        cursor.execute(f"{again} DELETE FROM {stage} WHERE line IN (SELECT line FROM again WHERE same)")
        staged.dropped = cursor.rowcount
        cursor.execute(f"{again} SELECT line FROM again ORDER BY line LIMIT %s", [staged.limit])
        lines = [line for (line,) in cursor.fetchall()]
    add_faults(staged, dict.fromkeys(lines, Fault("repeated")))


_REPEATS = """
    SELECT line, mark = first_value(mark) OVER place AS same, row_number() OVER place AS number
    FROM {stage} JOIN (SELECT {key} FROM {stage} GROUP BY {key} HAVING count(*) > 1) several USING ({key})
    WINDOW place AS (PARTITION BY {key} ORDER BY line)
"""
_REPEATS = f"SELECT line, same FROM ({_REPEATS}) numbered WHERE number > 1"


def _names(file: FeedFile) -> dict[str, str]:
    return {"stage": file.stage, "key": ", ".join(file.key)}


def _has_repeats(file: FeedFile) -> bool:
    query = "SELECT EXISTS (SELECT 1 FROM {stage} GROUP BY {key} HAVING count(*) > 1)"
    with connection.cursor() as cursor:
        cursor.execute(query.format(**_names(file)))
        return bool(cursor.fetchone()[0])


def add_faults(staged: Staged, faults: dict[int, Fault]) -> None:
    """Takes these rows out of the staging table; raises Refused when the file has too many bad rows now."""
    staged.faults.update(faults)
    if faults:
        with connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {staged.file.stage} WHERE line = ANY(%s)", [list(faults)])
    _check_faults(staged)


def most_bad(rows: int) -> int:
    """How many bad rows a file of so many records may have."""
    return max(settings.FEED_FEWEST_BAD_ROWS - 1, int(settings.FEED_MOST_BAD_SHARE * rows))


def _check_faults(staged: Staged) -> None:
    bad = len(staged.faults)
    if staged.most is not None and bad > staged.most:
        raise Refused("too_many_bad", file=staged.file.name, bad=bad, rows=staged.rows)
