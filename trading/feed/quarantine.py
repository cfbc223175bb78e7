"""Rows that are not taken in: kept with their own text, sealed, and the reason."""

import csv
import heapq
import io
import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import connection

from core import crypto
from trading.feed.columns import FeedFile
from trading.feed.delivery import Accepted, Delivery
from trading.feed.faults import Fault
from trading.feed.records import Record, opened_text
from trading.feed.rows import Rows
from trading.feed.source import Source
from trading.feed.staging import Staged
from trading.models import QuarantinedRow
from trading.models.packages import seal_context

FAULT_COLUMNS = ("code", "column", "values", "parent", "state")
COLUMNS = ("package_id", "file", "line", "key", "raw", "settled_by", *FAULT_COLUMNS)


def quarantine(source: Source, delivery: Delivery, staged: Staged, accepted: Accepted) -> None:
    """Keeps a file's faulty and waiting rows; reads the file again for their text, to hold none in memory."""
    if not staged.faults and not accepted.waiting:
        return
    wanted = _wanted(staged, accepted)
    with opened_text(source, staged.file.name) as text:
        rows = Rows(staged.file, text.header, delivery.feed_day)
        _copy(_kept(delivery, rows, record, why) for record, why in _matched(text.records(), wanted))


def _wanted(staged: Staged, accepted: Accepted) -> Iterator[tuple[int, Fault | str]]:
    """(line, fault or waiting column) in the order of lines."""
    faults: Iterable[tuple[int, Fault | str]] = sorted(staged.faults.items(), key=lambda item: item[0])
    waits = (((line, column) for line in lines) for column, lines in accepted.waiting.items())
    return heapq.merge(faults, *waits, key=lambda item: item[0])


def _matched(
    records: Iterator[Record], wanted: Iterator[tuple[int, Fault | str]]
) -> Iterator[tuple[Record, Fault | str]]:
    for line, why in wanted:
        yield next(record for record in records if record.line == line), why


def _kept(delivery: Delivery, rows: Rows, record: Record, why: Fault | str) -> tuple[Any, ...]:
    fault = waiting_fault(rows.file, why, rows.value(why, record)) if isinstance(why, str) else why
    place = (delivery.package_id, rows.file.name, record.line)
    told = {**fault_fields(fault), "values": json.dumps(fault.values)}
    raw = crypto.seal(record.text, seal_context(*place))
    return (*place, rows.key(record.fields), raw, "", *(str(told[name]) for name in FAULT_COLUMNS))


def waiting_fault(file: FeedFile, name: str, value: str) -> Fault:
    """The fault of a row whose column names an unknown parent; it waits for "account:A0001" (F6)."""
    kind = next(column.parent for column in file.columns if column.name == name)
    return Fault(f"unknown_{kind}", name, parent=f"{kind}:{value}")


def _copy(rows: Iterable[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{name}"' for name in COLUMNS)
    command = f"COPY trading_quarantinedrow ({names}) FROM STDIN"
    with connection.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(row)


def parsed(text: str) -> list[str] | None:
    """The fields of one record's text; None where its quoting is broken."""
    try:
        return next(csv.reader(io.StringIO(text, newline="\n"), strict=True), [])
    except csv.Error:
        return None


def fault_fields(fault: Fault) -> dict[str, Any]:
    """The columns of QuarantinedRow that tell this fault."""
    return {
        "code": fault.code,
        "column": fault.column,
        "values": fault.values,
        "parent": fault.parent,
        "state": QuarantinedRow.State.WAITING if fault.waits else QuarantinedRow.State.HELD,
    }
