"""One feed package read by itself: refusals of the whole and faults of single rows (F13-F21, F23)."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

from . import columns, dates, identifiers
from .config import Config

NUMBER = re.compile(r"-?\d{1,16}(\.\d{1,4})?", re.ASCII)
CONTROL_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)

MALFORMED, RULE, DUPLICATE, PARENT = "malformed", "rule", "duplicate", "parent"


class Refused(Exception):
    """The whole package is refused; the text says why."""


@dataclass(frozen=True)
class Fault:
    """Why a row is quarantined: its sort and the column, empty when the row as a whole is at fault."""

    sort: str
    column: str = ""


@dataclass(slots=True)
class Row:
    """One record of a file: where it stands, its values (None where empty) and its own fault if any."""

    table: columns.Table
    day: date
    version: int
    line: int
    raw: tuple[str, ...]
    values: dict
    fault: Fault | None = None

    @property
    def key(self) -> tuple:
        """The values of the table's key columns."""
        return tuple(self.values.get(name) for name in self.table.key)


@dataclass
class Package:
    """A package that may be loaded: its rows by table; files holds the tables that were present."""

    path: Path
    trade_date: date
    version: int
    digest: str
    rows: dict[str, list[Row]] = field(default_factory=dict)


def read_package(path: Path, config: Config) -> Package:
    """The package in a folder; raises Refused when it may not be loaded at all."""
    manifest = _manifest(path)
    trade_date, version = _identity(path, manifest)
    files = manifest["files"]
    _check_presence(path, files)
    known = {name: said for name, said in files.items() if name[:-4] in columns.TABLES}
    digest = json.dumps({name: said["sha256"] for name, said in sorted(known.items())})
    package = Package(path, trade_date, version, digest)
    for name, said in known.items():
        package.rows[name[:-4]] = _read_file(path / name, said, package, config)
    return package


def _manifest(path: Path) -> dict:
    try:
        manifest = json.loads((path / "manifest.json").read_text("utf-8-sig"))
        manifest["trade_date"], manifest["version"], manifest["files"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise Refused(f"manifest: {error}") from error
    return manifest


def _identity(path: Path, manifest: dict) -> tuple[date, int]:
    """Trade date and version; the folder's name must start with the date (F13)."""
    trade_date = date.fromisoformat(manifest["trade_date"])
    if not path.name.startswith(trade_date.isoformat()):
        raise Refused("the folder's name has another date")
    if trade_date not in dates.sessions():
        raise Refused("not a trading day")
    return trade_date, int(manifest["version"])


def _check_presence(path: Path, files: dict) -> None:
    """Files and manifest name the same known files (F15)."""
    for name in files:
        if not (path / name).is_file():
            raise Refused(f"{name} is missing")
    for table in columns.TABLES.values():
        if (path / table.file).is_file() and table.file not in files:
            raise Refused(f"{table.file} is not in the manifest")


def _read_file(path: Path, said: dict, package: Package, config: Config) -> list[Row]:
    """All records of one file, each with its own fault; raises Refused on what does not tie."""
    table = columns.TABLES[path.stem]
    data = path.read_bytes()
    if hashlib.sha256(data).hexdigest() != said["sha256"].lower():
        raise Refused(f"{path.name}: checksum")
    try:
        records = _records(data.decode("utf-8-sig"))
    except (UnicodeDecodeError, csv.Error) as error:
        raise Refused(f"{path.name}: {error}") from error
    header = records.pop(0)[1] if records else []
    missing = [column.name for column in table.columns if column.name not in header]
    if missing:
        raise Refused(f"{path.name}: no column {missing[0]}")
    if len(records) != said["rows"]:
        raise Refused(f"{path.name}: {len(records)} records, {said['rows']} promised")
    _check_sums(path.name, header, records, said.get("sums", {}))
    rows = [_row(table, header, line, fields, package) for line, fields in records]
    return _without_repeats(_tolerated(path.name, rows, config))


def _records(content: str) -> list[tuple[int, list[str]]]:
    """(physical line on which it starts, fields) of each record; blank lines are none (F14, F19, F23)."""
    reader = csv.reader(io.StringIO(content, newline=""), strict=True)
    records, line = [], 1
    for fields in reader:
        if fields:
            records.append((line, fields))
        line = reader.line_num + 1
    return records


def _check_sums(name: str, header: list[str], records: list, sums: dict) -> None:
    """Control totals are exact over all records; empty and unreadable values count 0 (F14, F23)."""
    for column, promised in sums.items():
        place = header.index(column)
        total = Decimal(0)
        for _, fields in records:
            if place < len(fields) and CONTROL_NUMBER.fullmatch(fields[place]):
                total += Decimal(fields[place])
        if total != Decimal(promised):
            raise Refused(f"{name}: {column} sums to {total}, {promised} promised")


def _row(table: columns.Table, header: list[str], line: int, fields: list[str], package: Package) -> Row:
    row = Row(table, package.trade_date, package.version, line, tuple(fields), {})
    if len(fields) != len(header):
        row.fault = Fault(MALFORMED)
        return row
    named = dict(zip(header, fields, strict=True))
    for column in table.columns:
        value, sort = _value(column, named[column.name], package.trade_date)
        row.values[column.name] = value
        if sort and row.fault is None:
            row.fault = Fault(sort, column.name)
    if row.fault is None:
        row.fault = _row_fault(table, row.values)
    return row


def _value(column: columns.Column, content: str, trade_date: date) -> tuple[object, str]:
    """The value of a field and the sort of its fault, empty when it has none."""
    if content == "":
        return None, MALFORMED if column.required else ""
    if column.choices:
        return content, "" if content in column.choices else RULE
    if column.kind == "number":
        return _number(column, content)
    if column.kind in ("date", "time"):
        return _date(column, content, trade_date)
    return content, ""


def _number(column: columns.Column, content: str) -> tuple[Decimal | None, str]:
    if not NUMBER.fullmatch(content):
        return None, MALFORMED
    value = Decimal(content)
    return value, RULE if value < 0 and not column.signed else ""


def _date(column: columns.Column, content: str, trade_date: date) -> tuple[date | None, str]:
    """A date; of a time only the Shanghai date counts (F7). After the trade date is malformed (F17)."""
    try:
        if column.kind == "time":
            value = dates.shanghai_date(content)
        elif DATE.fullmatch(content):
            value = date.fromisoformat(content)
        else:
            return None, MALFORMED
    except ValueError:
        return None, MALFORMED
    return value, MALFORMED if value > trade_date and not column.future else ""


def _row_fault(table: columns.Table, values: dict) -> Fault | None:
    """Rules that look at more than one column (F16, F20, F21)."""
    if table is columns.BRANCHES and values["kind"] != "hq" and values["parent_code"] is None:
        return Fault(MALFORMED, "parent_code")
    if table is columns.CLIENTS:
        closed_on_given = values["closed_on"] is not None
        if values["status"] != "deceased" and (values["status"] == "closed") != closed_on_given:
            return Fault(RULE, "closed_on")
        if not identifiers.identifier_holds(values["id_type"], values["id_number"]):
            return Fault(RULE, "id_number")
    return None


def _tolerated(name: str, rows: list[Row], config: Config) -> list[Row]:
    """The rows, repeats of a key marked (F19); raises Refused when too many of them are bad."""
    first: dict[tuple, Row] = {}
    for row in rows:
        if row.fault is not None or not row.values:
            continue
        earlier = first.setdefault(row.key, row)
        if earlier is not row and earlier.raw != row.raw:
            row.fault = Fault(DUPLICATE)
    bad = sum(1 for row in rows if row.fault is not None)
    if bad >= config.bad_rows_at_least and Fraction(bad, len(rows)) > config.bad_share:
        raise Refused(f"{name}: {bad} bad rows of {len(rows)}")
    return rows


def _without_repeats(rows: list[Row]) -> list[Row]:
    """The rows without the identical repeats of an earlier record (F19)."""
    seen, kept = set(), []
    for row in rows:
        if row.fault is None and (row.key, row.raw) in seen:
            continue
        seen.add((row.key, row.raw))
        kept.append(row)
    return kept
