"""Feed packages as Parquet, made from packages of CSV files, with or without a type for each column."""

from __future__ import annotations

import csv
import hashlib
import io
import json
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from trading.feed.columns import FILES

TYPES: dict[str, tuple[pa.DataType, Any]] = {
    "number": (pa.decimal128(24, 4), Decimal),
    "date": (pa.date32(), date.fromisoformat),
    "moment": (pa.timestamp("us", "UTC"), datetime.fromisoformat),
}


def parquet_bytes(table: pa.Table, **how: Any) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, **how)
    return sink.getvalue().to_pybytes()


def table_of(name: str, text: str, *, typed: bool) -> pa.Table:
    """The CSV text as a table: all columns texts, or each of its kind's type if its values allow."""
    header, *rows = list(csv.reader(io.StringIO(text, newline="")))
    columns = {}
    for place, column in enumerate(header):
        values = [row[place] or None for row in rows]
        known = FILES[name].column(column)
        columns[column] = _array(values, known.kind if typed and known else "text")
    return pa.table(columns)


def _array(values: list[str | None], kind: str) -> pa.Array:
    target, parse = TYPES.get(kind, (pa.string(), str))
    try:
        return pa.array([None if value is None else parse(value) for value in values], target)
    except (ValueError, ArithmeticError):
        return pa.array(values, pa.string())


def as_parquet(path: Path, *, typed: bool = True, **how: Any) -> Path:
    """Turns the files of a package folder into Parquet files; `how` goes to the library's writer."""
    for name in FILES:
        if (path / name).exists():
            table = table_of(name, (path / name).read_text(encoding="utf-8"), typed=typed)
            replace(path, name, parquet_bytes(table, **how))
    return path


def replace(path: Path, name: str, content: bytes, rows: int | None = None) -> Path:
    """Puts `content` as Parquet in place of a CSV file, or of a Parquet file put there before."""
    stem = name.removesuffix(".csv")
    manifest = json.loads((path / "manifest.json").read_text())
    files = manifest["files"]
    promise = files.pop(name, None) or files.pop(f"{stem}.parquet", None) or {"rows": 0}
    promise = {**promise, "sha256": hashlib.sha256(content).hexdigest()}
    files[f"{stem}.parquet"] = promise if rows is None else {**promise, "rows": rows}
    (path / name).unlink(missing_ok=True)
    (path / f"{stem}.parquet").write_bytes(content)
    (path / "manifest.json").write_text(json.dumps(manifest))
    return path
