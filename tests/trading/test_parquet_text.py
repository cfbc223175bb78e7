"""Values of Parquet columns as text: nothing lost, nothing added, whatever stands beside them."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trading.feed import columns, parquet, written
from trading.feed.parquet_reader import Unfit, as_text, told, write_text

from .parquet_packages import parquet_bytes

SHANGHAI = timezone(timedelta(hours=8))
MOMENTS = st.datetimes(datetime(1900, 1, 1), datetime(2200, 1, 1))


def text(values: pa.Array) -> list[str | None]:
    """The texts; each value gives the same alone and among others."""
    together = as_text(values).to_pylist()
    assert together == [as_text(values.slice(place, 1)).to_pylist()[0] for place in range(len(values))]
    return together


def rows_of(table: pa.Table) -> list[list[str]]:
    out = io.BytesIO()
    write_text(io.BytesIO(parquet_bytes(table)), out)
    return list(csv.reader(io.StringIO(out.getvalue().decode(), newline=""), strict=True))


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.floats(allow_nan=False, allow_infinity=False))))
def test_floats_have_their_shortest_digits(values: list[float | None]) -> None:
    for value, told_text in zip(values, text(pa.array(values, pa.float64())), strict=True):
        if value is None or told_text is None:
            assert told_text is value
            continue
        assert float(told_text) == value
        assert Decimal(told_text) == Decimal(repr(value))
        assert "e" not in told_text or not 1e-4 <= abs(value) < 1e16


@settings(deadline=None)
@given(st.lists(st.floats(width=32, min_value=0, max_value=2.0**40)))
def test_floats_of_single_width_have_theirs(values: list[float]) -> None:
    for value, told_text in zip(values, text(pa.array(values, pa.float32())), strict=True):
        assert pa.array([float(told_text or "x")], pa.float32())[0].as_py() == value
        digits = (told_text or "").partition("e")[0].replace(".", "").strip("0")
        assert len(digits) <= 9


@settings(deadline=None)
@given(st.integers(-2, 12), st.lists(st.one_of(st.none(), st.integers(-(10**17), 10**17))))
def test_decimals_keep_their_value(scale: int, units: list[int | None]) -> None:
    values = [None if each is None else Decimal(each).scaleb(-scale) for each in units]
    for value, told_text in zip(values, text(pa.array(values, pa.decimal128(38, scale))), strict=True):
        if value is None or told_text is None:
            assert told_text is value
            continue
        assert Decimal(told_text) == value and "E" not in told_text
        lossless = value == round(value, 4)
        assert not lossless or len(told_text.partition(".")[2]) <= 4


@settings(deadline=None)
@given(
    st.lists(MOMENTS),
    st.sampled_from(["us", "ns"]),
    st.sampled_from([None, "UTC", "Asia/Shanghai", "America/New_York"]),
)
def test_moments_stay_the_same_moment(values: list[datetime], unit: str, zone: str | None) -> None:
    array = (
        pa.array(values, pa.timestamp("us"))
        .cast(pa.timestamp(unit))
        .cast(pa.int64())
        .cast(pa.timestamp(unit, zone))
    )
    for value, told_text in zip(values, text(array), strict=True):
        found = datetime.fromisoformat(told_text or "")
        expected = value if zone is None else value.replace(tzinfo=UTC).astimezone(SHANGHAI)
        assert found == expected and found.utcoffset() == expected.utcoffset()
        assert not (told_text or "").split("+")[0].endswith(".000000")


@settings(deadline=None)
@given(st.lists(st.dates()))
def test_dates(values: list[date]) -> None:
    assert text(pa.array(values, pa.date32())) == [str(value) for value in values]


@settings(deadline=None)
@given(st.lists(st.one_of(st.none(), st.text(st.characters(exclude_categories=["Cs"])))))
def test_texts_come_back_whole(texts: list[str | None]) -> None:
    table = pa.table({'a,"b': pa.array(texts, pa.string()), "n": list(range(len(texts)))})
    numbered = [[each or "", str(number)] for number, each in enumerate(texts)]
    assert rows_of(table) == [['a,"b', "n"], *numbered]


def test_many_row_groups_in_order() -> None:
    table = pa.table({"n": list(range(20_000)), "x": ["a"] * 10_000 + ["a,b"] * 10_000})
    out = io.BytesIO()
    write_text(io.BytesIO(parquet_bytes(table, row_group_size=3000)), out)
    assert out.getvalue().decode().splitlines()[1:] == [
        f"{n},{'a' if n < 10_000 else chr(34) + 'a,b' + chr(34)}" for n in range(20_000)
    ]


def test_other_plain_types() -> None:
    assert text(pa.array([True, None])) == ["true", None]
    assert text(pa.array(["b", "a", None]).dictionary_encode()) == ["b", "a", None]
    assert text(pa.array(["a"], pa.large_string())) == ["a"]
    assert text(pa.array([b"a", b"b"], pa.binary(1))) == ["a", "b"]
    assert text(pa.array([None], pa.null())) == [None]
    assert text(pa.array([2**64 - 1], pa.uint64())) == [str(2**64 - 1)]


def test_types_without_text_are_told() -> None:
    table = pa.table({"a": pa.array([(1, 2, 3)], pa.month_day_nano_interval())})
    with pytest.raises((Unfit, pa.ArrowNotImplementedError)):
        write_text(io.BytesIO(parquet_bytes(table)), io.BytesIO())


def test_failures_are_told() -> None:
    assert told(MemoryError())["code"] == "parquet_memory"
    assert told(OSError(5, "Input/output error")) == {
        "code": "unreadable",
        "values": {"error": "Input/output error"},
    }
    assert told(pa.ArrowInvalid("x")) == told(OSError("x")) == {"code": "not_parquet", "values": {}}


@pytest.mark.parametrize("said", [b"", b"Fatal error\n", b'{"code": 1}\n'])
def test_a_process_that_dies_without_a_word_means_a_file_that_cannot_be_read(said: bytes) -> None:
    refusal = parquet._refusal("trades.parquet", said)
    assert refusal.problems == [{"code": "not_parquet", "values": {"file": "trades.parquet"}}]


def test_many_rows_are_written_in_groups(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(written, "ROWS_IN_GROUP", 2)
    path = tmp_path / "products.parquet"
    rows = [dict.fromkeys(columns.PRODUCTS.column_names, str(number)) for number in range(3)]
    file = written.ParquetFile(path, columns.PRODUCTS)
    file.write(rows[:2])
    file.write(rows[2:])
    file.close()
    assert pq.ParquetFile(path).num_row_groups == 2
    assert pq.read_table(path).to_pylist() == rows
