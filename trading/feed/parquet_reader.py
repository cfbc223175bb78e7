"""A program of its own: the Parquet file on standard input goes out as the CSV text it stands for.

The file may be hostile, so it is read apart from everything else: in a process whose memory is bounded and
that knows no keys (trading.feed.parquet starts it). It therefore imports nothing of the application. When it
can't go on, it says why on standard error, as JSON with one of the codes of trading.reasons.
"""

import csv
import io
import json
import resource
import sys
from contextlib import suppress
from decimal import Decimal
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import csv as arrow_csv

MOST_MEMORY = 2 * 1024**3
ROWS_AT_ONCE = 4096
BUFFER = 1024**2  # a column is read so many bytes at a time, however large its row group is
DECIMALS = 4  # of money; zeros beyond it come from the column's type, not from the value
SHANGHAI_SECONDS = 8 * 3600
PER_SECOND = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
PLAIN = arrow_csv.WriteOptions(include_header=False, quoting_style="none")
FAILED = 3


class Unfit(Exception):
    """The file can't be taken: a code of trading.reasons and its values."""

    def __init__(self, code: str, **values: Any) -> None:
        self.told = {"code": code, "values": values}
        super().__init__(code)


def write_text(source: BinaryIO, out: BinaryIO) -> None:
    """Writes a header and a record for each row; empty stands for null. Raises Unfit."""
    file = pq.ParquetFile(source, pre_buffer=False, buffer_size=BUFFER, coerce_int96_timestamp_unit="us")
    _check_columns(file.schema_arrow)
    out.write(_quoted([file.schema_arrow.names]))
    for batch in file.iter_batches(ROWS_AT_ONCE, use_threads=False):
        out.write(_text([as_text(column) for column in batch.columns]))


def as_text(values: pa.Array) -> pa.Array:
    """A column's values as they would stand in a CSV; the same value always gives the same text."""
    kind = values.type
    if pa.types.is_dictionary(kind):
        return as_text(values.dictionary_decode())
    if pa.types.is_floating(kind):
        return _floats(values)
    if pa.types.is_decimal(kind):
        return _decimals(values)
    if pa.types.is_timestamp(kind):
        return _moments(values)
    text = values.cast(pa.string(), safe=False)
    try:
        text.validate(full=True)
    except pa.ArrowInvalid as error:
        raise Unfit("not_utf8") from error
    return text


def _check_columns(schema: pa.Schema) -> None:
    for field in schema:
        if pa.types.is_nested(field.type):
            raise Unfit("parquet_nested", column=field.name)
        try:
            as_text(pa.array([], field.type))
        except (pa.ArrowException, NotImplementedError) as error:
            raise Unfit("parquet_type", column=field.name, type=str(field.type)) from error


def _floats(values: pa.Array) -> pa.Array:
    """The shortest digits that give the number back, with an exponent only from 16 digits on."""
    text = values.cast(pa.string())
    if not pc.any(pc.match_substring(text, "e")).as_py():
        return text
    whole = [repr(float(each)) if each and "e" in each else each for each in text.to_pylist()]
    return pa.array(whole, pa.string())


def _decimals(values: pa.Array) -> pa.Array:
    """All decimals of the type up to four, and beyond them only those that are not zero."""
    scale = values.type.scale
    if 0 <= scale <= DECIMALS:
        return values.cast(pa.string())
    if scale > DECIMALS:
        with suppress(pa.ArrowInvalid):
            return values.cast(pa.decimal256(76, DECIMALS)).cast(pa.string())
    return pa.array([None if value is None else _plain(value) for value in values.to_pylist()], pa.string())


def _plain(value: Decimal) -> str:
    whole, _point, decimals = format(value, "f").partition(".")
    return f"{whole}.{decimals.rstrip('0').ljust(DECIMALS, '0')}"


def _moments(values: pa.Array) -> pa.Array:
    """Without a zone as it is, which is Shanghai's time; else the moment in Shanghai, with its offset."""
    unit, zone = values.type.unit, values.type.tz
    naive = values.cast(pa.int64()).cast(pa.timestamp(unit))
    if zone is not None:
        ahead = pa.scalar(SHANGHAI_SECONDS * PER_SECOND[unit], pa.duration(unit))
        naive = pc.add(naive, ahead)
    text = naive.cast(pa.string())
    if unit != "s":
        text = pc.replace_substring_regex(text, r"\.?0+$", "")
    return text if zone is None else pc.binary_join_element_wise(text, "+08:00", "")


def _text(columns: list[pa.Array]) -> bytes:
    """The records of some rows; quoted only when a value needs it, for that takes longer."""
    sink = pa.BufferOutputStream()
    try:
        names = [str(number) for number in range(len(columns))]
        arrow_csv.write_csv(pa.record_batch(columns, names), sink, PLAIN)
    except pa.ArrowInvalid:
        return _quoted(zip(*(column.to_pylist() for column in columns), strict=True))
    return sink.getvalue().to_pybytes()


def _quoted(rows: Any) -> bytes:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(rows)  # older Pythons quote only what ends their lines
    return text.getvalue().encode()


def main() -> int:
    """Exit code 0, or FAILED when the reason stands on standard error."""
    with suppress(ValueError, OSError):  # macOS knows no such bound
        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    try:
        write_text(sys.stdin.buffer, sys.stdout.buffer)
        sys.stdout.buffer.flush()
    except Exception as error:  # whatever a broken file brings about
        print(json.dumps(told(error)), file=sys.stderr)
        return FAILED
    return 0


def told(error: Exception) -> dict[str, Any]:
    """What a failure means for who sent the file."""
    if isinstance(error, Unfit):
        return error.told
    if isinstance(error, MemoryError):
        return {"code": "parquet_memory", "values": {"most": MOST_MEMORY}}
    if isinstance(error, OSError) and error.errno:
        return {"code": "unreadable", "values": {"error": error.strerror}}
    return {"code": "not_parquet", "values": {}}


if __name__ == "__main__":
    sys.exit(main())
