"""Packages delivered as Parquet: the same rules, the same rows, the same quarantine as from CSV."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pyarrow as pa
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command

from core.audit import SYSTEM
from trading import actions
from trading.feed import LoadResult, load_package
from trading.feed.shown import delivered
from trading.models import CashFlow, FeedPackage, Income, QuarantinedRow, Trade
from trading.reasons import REASONS

from .conftest import Load
from .packages import (
    DAY,
    NEXT,
    Row,
    Writer,
    account,
    balance,
    branch,
    client,
    custody,
    flow,
    holding,
    income,
    masters,
    total,
    trade,
    zipped,
)
from .parquet_packages import as_parquet, parquet_bytes, replace, table_of
from .tables import all_rows, forget_everything

pytestmark = pytest.mark.django_db
REFUSED = FeedPackage.State.REFUSED
BAD_TRADES = [
    trade("T2", side="byu"),
    trade("T3", amount="-1.00"),
    trade("T4", "A9"),
    trade("T1", amount="7.00"),
    trade("T1"),
    trade("T5", traded_at="2026-06-02T00:00:00+08:00"),
    trade("T6", traded_at="2026-05-31T16:00:01+00:00"),
    trade("", amount=""),
]


def day_of_all() -> dict[str, list[Row]]:
    files = masters()
    files["clients.csv"] += [
        client("C2", name="王,小\"明'", mobile="13812345678", address='某路"1"号', birth_date="1990-02-03"),
        client("C3", id_type="resident_id", id_number="110105194912310021"),
        client("C4", branch_code="9999", opened_on="2026-06-09"),
    ]
    files["branches.csv"].append(branch("1003", closed_on="1999-01-01"))
    files["accounts.csv"].append(account("A2", "C2", status="closed", closed_on="2026-05-31"))
    return {
        **files,
        "balances.csv": [balance("A1", "-12.3400"), balance("A2", "0.1"), balance("A7")],
        "holdings.csv": [holding("A1"), holding("A2", quantity="", market_value="", product_code="")],
        "trades.csv": [trade("T1"), *BAD_TRADES],
        "cash_flows.csv": [flow("F1"), flow("F2", occurred_at="2026-06-01T23:59:59.250+08:00")],
        "incomes.csv": [income("I1", amount="-1.5"), income("I2", "C9")],
        "custody.csv": [custody("E1")],
    }


def codes(result: LoadResult) -> list[str]:
    return [problem["code"] for problem in FeedPackage.objects.get(pk=result.package_id or 0).problems]


def refusal(path: Path) -> tuple[list[str], str]:
    result = load_package(path, actor=SYSTEM)
    assert result.state == REFUSED
    return codes(result), result.reason


# ---- the same as CSV


@pytest.mark.parametrize("typed", [True, False])
def test_parquet_and_csv_give_identical_tables(load: Load, writer: Writer, typed: bool) -> None:
    files = day_of_all()
    sums = {"trades.csv": {"gross_commission": total(files["trades.csv"], "gross_commission")}}
    load(files=files, sums=sums)
    expected, held = all_rows(), _quarantined()
    forget_everything()
    load_package(as_parquet(writer.folder / str(DAY), typed=typed), actor=SYSTEM)
    assert all_rows() == expected
    assert len(expected["trading_trade"]) == 2 and len(expected["clients_client"]) == 2
    if not typed:  # a typed column knows no "+00:00" or "1.50" of its own
        assert _quarantined() == held
    assert len(held) == 11


def _quarantined() -> list[tuple[str, int, dict[str, str]]]:
    rows = QuarantinedRow.objects.select_related("package").order_by("file", "line")
    return [(row.file, row.line, delivered(row)) for row in rows]


def test_it_waits_and_is_released_like_csv(writer: Writer, load: Load) -> None:
    load_package(as_parquet(writer.write(DAY, {"incomes.csv": [income("I1")]})), actor=SYSTEM)
    assert QuarantinedRow.objects.get().parent == "client:C1"
    load(NEXT, masters())
    assert Income.objects.get().amount == 1


def test_zip_command_and_same_package_again(writer: Writer) -> None:
    path = as_parquet(writer.write(DAY, {**masters(), "trades.csv": [trade("T1")]}))
    call_command("feed_load", str(zipped(path)))
    assert Trade.objects.count() == 1
    assert load_package(path, actor=SYSTEM).state == FeedPackage.State.ALREADY_LOADED


def test_the_same_version_in_the_other_form_is_other_content(load: Load, writer: Writer) -> None:
    load(files=masters())
    assert refusal(as_parquet(writer.folder / str(DAY)))[0] == ["other_content"]
    path = writer.write(DAY, masters(), version=2)
    assert load_package(as_parquet(path), actor=SYSTEM).state == FeedPackage.State.LOADED


def test_it_comes_in_by_api(cast: SimpleNamespace, as_system: Any, writer: Writer, settings: Any) -> None:
    settings.FILES_ROOT = writer.folder / "files"
    system = as_system("feeds:read", "feeds:write", at=("HQ",))
    path = zipped(
        as_parquet(writer.write(DAY, {**masters(), "trades.csv": [trade("T1"), trade("T2", side="")]}))
    )
    answer = system.post("/api/v1/feed-packages/", {"file": SimpleUploadedFile(path.name, path.read_bytes())})
    package = FeedPackage.objects.get(pk=answer.json()["id"])
    actions.load_upload(package=package, actor=SYSTEM)
    found = system.get(f"/api/v1/feed-packages/{package.pk}/").json()
    assert (found["state"], found["quarantined"]) == ("loaded", 1)
    (row,) = system.get(f"/api/v1/feed-packages/{package.pk}/quarantine/").json()["results"]
    assert (row["file"], row["line"], row["column"]) == ("trades.csv", 3, "side")
    actions.correct_row(row=QuarantinedRow.objects.get(), values={"side": "sell"}, actor=SYSTEM)
    assert Trade.objects.count() == 2


# ---- rows


def test_a_line_is_the_row_s_number_and_one(writer: Writer) -> None:
    rows = [income("I1", note="a\nb\r\nc"), income("I2"), income("I3", amount="x", note='"\n')]
    columns = ("income_no", "client_no", "kind", "amount", "note")
    table = pa.table({name: [row.get(name) for row in rows] for name in columns})
    path = writer.write(DAY, {**masters(), "incomes.csv": []})
    assert load_package(replace(path, "incomes.csv", parquet_bytes(table), 3), actor=SYSTEM).loaded == 8
    row = QuarantinedRow.objects.get()
    assert (row.line, row.column, delivered(row)["note"]) == (4, "amount", '"\n')


def test_types_are_read_as_their_values_are_written(writer: Writer) -> None:
    moments = ["2026-06-01T01:00:00.000000", "2026-05-31T16:30:00.500000"]
    rows = [flow("F1"), flow("F2"), flow("3", amount="9")]
    plain = {name: [row[name] for row in rows] for name in rows[0]}
    table = pa.table(
        {
            **plain,
            "flow_no": pa.array([1, 2, 3]),
            "occurred_at": pa.array([*moments, None])
            .cast(pa.timestamp("us"))
            .cast(pa.timestamp("ns", "UTC")),
            "amount": pa.array([0.1, 12345678901.25, 0.1 + 0.2]),
        }
    )
    path = writer.write(DAY, {**masters(), "cash_flows.csv": []})
    assert (
        load_package(replace(path, "cash_flows.csv", parquet_bytes(table), 3), actor=SYSTEM).quarantined == 1
    )
    told = CashFlow.objects.order_by("flow_no").values_list("flow_no", "amount", "occurred_at")
    assert [(no, str(amount), at.isoformat()) for no, amount, at in told] == [
        ("1", "0.1000", "2026-06-01T01:00:00+00:00"),
        ("2", "12345678901.2500", "2026-05-31T16:30:00.500000+00:00"),
    ]
    held = delivered(QuarantinedRow.objects.get())
    assert (held["flow_no"], held["occurred_at"], held["amount"]) == ("3", "", "0.30000000000000004")


@pytest.mark.parametrize(
    ("column", "values", "code"),
    [
        ("amount", pa.array([True]), "not_number"),
        ("amount", pa.array([float("nan")]), "not_number"),
        ("amount", pa.array([1e22]), "not_number"),
        ("amount", pa.array([10**15]), "large"),
        ("amount", pa.array([None], pa.null()), "empty"),
        ("amount", pa.array([b"-1"]), "negative"),
        ("occurred_at", pa.array(["2026-06-01"]).cast(pa.date32()), "not_moment"),
        ("occurred_at", pa.array([2**62]).cast(pa.timestamp("us", "UTC")), "not_moment"),
        ("occurred_at", pa.array([1]).cast(pa.timestamp("ns")), "not_moment"),
        ("direction", pa.array(["up"]).dictionary_encode(), "choice"),
    ],
)
def test_a_wrong_type_holds_the_row(writer: Writer, column: str, values: pa.Array, code: str) -> None:
    table = pa.table({**{name: [value] for name, value in flow("F1").items()}, column: values})
    path = writer.write(DAY, {**masters(), "cash_flows.csv": []})
    assert (
        load_package(replace(path, "cash_flows.csv", parquet_bytes(table), 1), actor=SYSTEM).quarantined == 1
    )
    held = QuarantinedRow.objects.get()
    assert (held.line, held.column, held.code) == (2, column, code)


# ---- refused


def test_both_forms_of_a_file_are_refused(writer: Writer) -> None:
    path = writer.write(DAY, {**masters(), "trades.csv": [trade("T1")]})
    raw = (path / "trades.csv").read_bytes()
    replace(path, "trades.csv", parquet_bytes(table_of("trades.csv", raw.decode(), typed=True)))
    (path / "trades.csv").write_bytes(raw)
    told, reason = refusal(path)
    assert told == ["file_both"] and "trades.csv" in reason and "trades.parquet" in reason


def test_f15_files_and_manifest_name_the_same_form(writer: Writer) -> None:
    path = writer.write(DAY, {**masters(), "trades.csv": [trade("T1")]})
    (path / "balances.parquet").write_bytes(b"")
    assert refusal(path)[0] == ["file_extra"]
    (path / "balances.parquet").unlink()
    (as_parquet(path) / "trades.parquet").unlink()
    told, reason = refusal(path)
    assert told == ["file_missing"] and "trades.parquet" in reason


def test_broken_files_are_refused_whole(writer: Writer) -> None:
    path, sound = _many_trades(writer)
    for broken in (sound[:-1], sound[: len(sound) // 2], b"PAR1" + sound, b"trade_no,account_no\n", b""):
        told, reason = refusal(replace(path, "trades.csv", broken))
        assert told == ["not_parquet"] and "trades.parquet" in reason
    (path / "trades.parquet").write_bytes(sound[:-1])
    assert refusal(path)[0] == ["checksum"]
    assert not Trade.objects.exists()


def test_damage_inside_a_page_is_refused(writer: Writer) -> None:
    path, sound = _many_trades(writer)
    broken = bytearray(sound)
    broken[60:160] = bytes(100)
    assert refusal(replace(path, "trades.csv", bytes(broken)))[0] == ["not_parquet"]


def _many_trades(writer: Writer) -> tuple[Path, bytes]:
    """A package with 500 trades as Parquet, and that file's bytes."""
    path = writer.write(DAY, {**masters(), "trades.csv": [trade(f"T{n}") for n in range(500)]})
    table = table_of("trades.csv", (path / "trades.csv").read_text(), typed=True)
    content = parquet_bytes(table, compression="zstd")
    return replace(path, "trades.csv", content), content


@pytest.mark.parametrize(
    ("values", "code"),
    [
        (pa.array([[1]]), "parquet_nested"),
        (pa.array([{"a": 1}]), "parquet_nested"),
        (pa.array([[("a", 1)]], pa.map_(pa.string(), pa.int64())), "parquet_nested"),
        (pa.array([b"\xff\xfe"]), "not_utf8"),
    ],
)
def test_columns_that_are_no_text_are_refused(writer: Writer, values: pa.Array, code: str) -> None:
    table = pa.table({**{name: [value] for name, value in income("I1").items()}, "extra": values})
    path = writer.write(DAY, {**masters(), "incomes.csv": []})
    told, reason = refusal(replace(path, "incomes.csv", parquet_bytes(table), 1))
    assert told == [code] and "incomes.parquet" in reason


def test_counts_sums_columns_and_bad_rows_refuse_like_csv(writer: Writer) -> None:
    rows = [income(f"I{number}", amount="0.1") for number in range(20)]
    sound = table_of(
        "incomes.csv",
        writer.write(DAY, {"incomes.csv": rows}).joinpath("incomes.csv").read_text(),
        typed=True,
    )
    path = as_parquet(writer.folder / str(DAY))
    doubled = pa.Table.from_arrays([*sound.columns, sound["kind"]], [*sound.column_names, "kind"])
    cases = {
        "row_count": (sound, 21, {}),
        "control_sum": (sound, 20, {"amount": "2.01"}),
        "no_column": (sound.drop_columns(["kind"]), 20, {}),
        "column_doubled": (doubled, 20, {}),
        "too_many_bad": (sound.set_column(2, "kind", pa.array(["x"] * 20)), 20, {}),
    }  # fmt: skip
    for code, (table, count, sums) in cases.items():
        replace(path, "incomes.csv", parquet_bytes(table), count)
        promise = {"rows": count, "sha256": _sha256(path / "incomes.parquet"), "sums": sums}
        writer.change_manifest(path, files={"incomes.parquet": promise})
        told, reason = refusal(path)
        assert told == [code] and "incomes.parquet" in reason
    assert not Income.objects.exists()


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _bomb(count: int, size: int) -> pa.Table:
    """Few bytes that stand for `count` long texts."""
    notes = pa.DictionaryArray.from_arrays(pa.array([0] * count, pa.int32()), pa.array(["x" * size]))
    return pa.table({**{name: [value] * count for name, value in income("I1").items()}, "note": notes})


def test_a_bomb_is_refused_when_its_text_grows_too_long(writer: Writer) -> None:
    content = parquet_bytes(_bomb(200_000, 1000), compression="zstd")
    assert len(content) < 50_000
    path = replace(writer.write(DAY, {**masters(), "incomes.csv": []}), "incomes.csv", content, 200_000)
    assert refusal(path)[0] == ["parquet_too_large"]


def test_a_bomb_that_takes_all_memory_is_refused(writer: Writer) -> None:
    content = parquet_bytes(_bomb(5000, 1024**2), compression="zstd")
    path = replace(writer.write(DAY, {**masters(), "incomes.csv": []}), "incomes.csv", content, 5000)
    assert refusal(path)[0][0] in {"parquet_memory", "not_parquet"}


def test_every_reason_of_the_reader_has_words() -> None:
    for code in ("parquet_nested", "parquet_type", "parquet_memory", "not_parquet", "not_utf8", "unreadable"):
        assert code in REASONS


def test_the_library_is_not_imported_by_what_loads_packages() -> None:
    program = (
        "import django, sys; django.setup(); import trading.feed.export; print('pyarrow' in sys.modules)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "False"
