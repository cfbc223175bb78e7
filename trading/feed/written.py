"""The files of a feed package as they are written: CSV, or Parquet with a type for each kind of column."""

import csv
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from trading.feed.columns import FeedFile

Row = dict[str, Any]
ROWS_IN_GROUP = 100_000


class Written(Protocol):
    """A file that takes rows: dictionaries by column, None for empty."""

    def write(self, rows: Sequence[Row]) -> None: ...

    def close(self) -> None: ...


class CsvFile:
    """A file with a header line."""

    def __init__(self, path: Path, file: FeedFile) -> None:
        self._stream = path.open("w", newline="", encoding="utf-8")
        self._writer = csv.DictWriter(self._stream, file.column_names)
        self._writer.writeheader()

    def write(self, rows: Sequence[Row]) -> None:
        self._writer.writerows(rows)

    def close(self) -> None:
        self._stream.close()


class ParquetFile:
    """Money as decimals, dates as dates, moments as Shanghai's time without a zone, all else as text."""

    def __init__(self, path: Path, file: FeedFile) -> None:
        import pyarrow as pa  # nothing else here needs it
        import pyarrow.parquet as pq

        kinds = {"number": pa.decimal128(24, 4), "date": pa.date32(), "moment": pa.timestamp("us")}
        fields = [(column.name, kinds.get(column.kind, pa.string())) for column in file.columns]
        self._moments = [column.name for column in file.columns if column.kind == "moment"]
        self._batch = pa.RecordBatch.from_pylist
        self._schema = pa.schema(fields)
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd")
        self._waiting: list[Row] = []

    def write(self, rows: Sequence[Row]) -> None:
        for row in rows:
            self._waiting.append(
                {**row, **{name: datetime.fromisoformat(row[name]) for name in self._moments}}
            )
        if len(self._waiting) >= ROWS_IN_GROUP:
            self._write_group()

    def close(self) -> None:
        self._write_group()
        self._writer.close()

    def _write_group(self) -> None:
        if self._waiting:
            self._writer.write_batch(self._batch(self._waiting, schema=self._schema))
        self._waiting = []
