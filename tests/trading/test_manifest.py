"""The package as a whole: name, manifest, presence of files, checksums, counts and sums (F13-F15, F23)."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from clients.models import Client
from core.audit import SYSTEM
from staff.models import Unit
from trading.feed import load_package
from trading.feed.records import FeedText
from trading.models import Balance, CalendarOverride, FeedPackage, Trade

from .conftest import Load
from .packages import DAY, Writer, balance, income, masters, text_of, trade

pytestmark = pytest.mark.django_db
REFUSED = FeedPackage.State.REFUSED


def codes(result: Any) -> list[str]:
    return [problem["code"] for problem in FeedPackage.objects.get(pk=result.package_id).problems]


def test_f13_the_name_starts_with_the_trade_date(load: Load) -> None:
    assert load(name="2026-06-01.v2", version=2).version == 2
    refused = load(name="2026-06-02", state=REFUSED)
    assert codes(refused) == ["other_date"]
    assert "2026-06-02" in refused.reason and "2026-06-01" in refused.reason


def test_f13_no_trading_day_is_refused(load: Load) -> None:
    saturday = DAY.replace(day=6)
    assert codes(load(saturday, state=REFUSED)) == ["no_trading_day"]


def test_f13_the_calendar_can_be_overridden(load: Load) -> None:
    saturday = DAY.replace(day=6)
    CalendarOverride.objects.create(day=saturday, is_open=True, reason="make-up session")
    CalendarOverride.objects.create(day=DAY, is_open=False, reason="typhoon")
    load(saturday)
    assert codes(load(DAY, state=REFUSED)) == ["no_trading_day"]


@pytest.mark.parametrize(
    "changes",
    [
        {"trade_date": None},
        {"trade_date": 20260601},
        {"trade_date": "2026-6-1"},
        {"trade_date": "2026-02-30"},
        {"version": None},
        {"version": 0},
        {"version": "1"},
        {"version": True},
        {"files": None},
        {"files": []},
        {"files": {"trades.csv": 1}},
        {"files": {"trades.csv": {"rows": -1, "sha256": "0" * 64}}},
        {"files": {"trades.csv": {"rows": True, "sha256": "0" * 64}}},
        {"files": {"trades.csv": {"rows": 1, "sha256": "xyz"}}},
        {"files": {"trades.csv": {"rows": 1}}},
        {"files": {"trades.csv": {"rows": 1, "sha256": "0" * 64, "sums": [1]}}},
        {"files": {"trades.csv": {"rows": 1, "sha256": "0" * 64, "sums": {"amount": "much"}}}},
        {"files": {"trades.csv": {"rows": 1, "sha256": "0" * 64, "sums": {"amount": True}}}},
        {"files": {"trades.csv": {"rows": 1, "sha256": "0" * 64, "sums": {"amount": "NaN"}}}},
    ],
)
def test_a_manifest_that_makes_no_sense_is_refused(writer: Writer, changes: dict[str, Any]) -> None:
    path = writer.change_manifest(writer.write(), **changes)
    assert codes(load_package(path, actor=SYSTEM)) == ["bad_manifest"]


@pytest.mark.parametrize("content", ["", "{", "[]", "1", "[" * 100_000, "\udcff"])
def test_an_unreadable_manifest_is_refused(writer: Writer, content: str) -> None:
    path = writer.write()
    (path / "manifest.json").write_bytes(content.encode("utf-8", "surrogateescape"))
    result = load_package(path, actor=SYSTEM)
    assert codes(result) == ["bad_manifest"]
    assert FeedPackage.objects.get(pk=result.package_id).trade_date is None


def test_a_manifest_may_begin_with_a_byte_order_mark(writer: Writer) -> None:
    path = writer.write()
    content = (path / "manifest.json").read_text()
    (path / "manifest.json").write_text(content, encoding="utf-8-sig")
    assert load_package(path, actor=SYSTEM).state == FeedPackage.State.LOADED


def test_no_manifest_and_no_package(writer: Writer) -> None:
    path = writer.write()
    (path / "manifest.json").unlink()
    assert codes(load_package(path, actor=SYSTEM)) == ["no_manifest"]
    assert codes(load_package(path / "nothing", actor=SYSTEM)) == ["not_found"]


def test_f15_files_and_manifest_name_the_same(load: Load, writer: Writer) -> None:
    path = writer.write(DAY, masters())
    (path / "trades.csv").write_text(text_of("trades.csv", []))
    (path / "clients.csv").unlink()
    result = load_package(path, actor=SYSTEM)
    assert codes(result) == ["file_missing", "file_extra"]


def test_f15_unknown_files_are_ignored(load: Load, writer: Writer) -> None:
    path = writer.write(DAY, masters(), texts={"notes.txt": "hello\n"}, counts={"notes.txt": 1})
    (path / "README").write_text("nobody reads this")
    result = load_package(path, actor=SYSTEM)
    assert result.state == FeedPackage.State.LOADED
    assert "notes.txt" not in result.files


def test_f15_a_missing_or_doubled_column_is_refused(load: Load) -> None:
    lacking = "account_no,cash,market_value,product_value\nA1,1,1,1\n"
    assert codes(load(texts={"balances.csv": lacking}, state=REFUSED)) == ["no_column"]
    twice = "account_no,cash,cash,market_value,product_value,margin_debit\n"
    assert codes(load(texts={"balances.csv": twice}, state=REFUSED)) == ["column_doubled"]
    assert codes(load(texts={"balances.csv": ""}, counts={"balances.csv": 0}, state=REFUSED)) == ["no_column"]
    broken = '"account_no,cash"x\n'
    assert codes(load(texts={"balances.csv": broken}, state=REFUSED)) == ["no_column"]


def test_f15_bytes_that_are_not_utf8_are_refused(writer: Writer) -> None:
    path = writer.write(DAY, masters())
    for tail in (b"\xff\n", b"\xe5\xbc"):
        (path / "trades.csv").write_bytes(text_of("trades.csv", [trade("T1")]).encode() + tail)
        files = {"trades.csv": {"rows": 1, "sha256": "0" * 64}}
        for name in masters():
            (path / name).unlink(missing_ok=True)
        writer.change_manifest(path, files=files)
        assert "not_utf8" in codes(load_package(path, actor=SYSTEM))


def test_an_endless_line_is_refused(load: Load) -> None:
    text = "account_no,cash,market_value,product_value,margin_debit\n" + "x" * (1024**2 + 2)
    assert codes(load(texts={"balances.csv": text}, state=REFUSED)) == ["long_line"]


def test_f14_a_checksum_that_does_not_tie_is_refused(load: Load, writer: Writer) -> None:
    path = writer.write(DAY, masters())
    with (path / "clients.csv").open("ab") as stream:
        stream.write(b"\n")  # a blank line is no record, but it is a byte
    result = load_package(path, actor=SYSTEM)
    assert codes(result) == ["checksum"]


def test_f14_a_row_count_that_does_not_tie_is_refused(load: Load) -> None:
    files = {**masters(), "balances.csv": [balance("A1")]}
    assert codes(load(files=files, counts={"balances.csv": 2}, state=REFUSED)) == ["row_count"]
    assert Balance.objects.count() == 0


def test_f14_a_truncated_file_is_refused(writer: Writer) -> None:
    rows = [trade(f"T{number}") for number in range(50)]
    path = writer.write(DAY, {**masters(), "trades.csv": rows})
    whole = (path / "trades.csv").read_bytes()
    for cut in (len(whole) // 2, len(whole) - 1, 10):
        (path / "trades.csv").write_bytes(whole[:cut])
        assert load_package(path, actor=SYSTEM).state == REFUSED
    assert not FeedPackage.objects.filter(state="loaded").exists()


def test_f14_quoted_line_breaks_end_no_record(load: Load) -> None:
    files = masters()
    files["clients.csv"][0]["address"] = "某路1号\n二楼"
    result = load(files=files)
    assert (result.files["clients.csv"]["rows"], result.files["clients.csv"]["loaded"]) == (1, 1)


def test_f14_sums_are_exact(load: Load) -> None:
    rows = [trade("T1", gross_commission="0.1000"), trade("T2", gross_commission="0.2000")]
    files = {**masters(), "trades.csv": rows}
    refused = load(files=files, sums={"trades.csv": {"gross_commission": "0.3001"}}, state=REFUSED)
    assert codes(refused) == ["control_sum"]
    assert "0.3001" in refused.reason
    load(files=files, sums={"trades.csv": {"gross_commission": "0.30", "amount": "2000"}})


def test_f14_a_sum_over_an_unknown_column_is_refused(load: Load) -> None:
    refused = load(files=masters(), sums={"clients.csv": {"weight": "1"}}, state=REFUSED)
    assert codes(refused) == ["no_column"]


def test_f23_unreadable_values_count_0_and_blank_lines_are_no_records(load: Load) -> None:
    lines = (
        text_of("balances.csv", [balance("A1", "1.50")])
        + "\n\r\nA2,1e3,0,0,0\nA3,,0,0,0\nA4\nA5,0.12345,0,0,0\n\n"
    )
    result = load(
        files=masters(),
        texts={"balances.csv": lines},
        counts={"balances.csv": 5},
        sums={"balances.csv": {"cash": "1.62345"}},
    )
    assert result.files["balances.csv"]["rows"] == 5
    assert result.files["balances.csv"]["loaded"] == 1


def test_all_problems_are_told_at_once(load: Load) -> None:
    files = {**masters(), "balances.csv": [balance("A1")], "trades.csv": [trade("T1")]}
    refused = load(files=files, counts={"balances.csv": 2, "trades.csv": 2}, state=REFUSED)
    assert codes(refused) == ["row_count", "row_count"]
    assert "balances.csv" in refused.reason and "trades.csv" in refused.reason


def test_nothing_of_a_refused_package_is_visible(load: Load) -> None:
    files = {**masters(), "balances.csv": [balance("A1")], "trades.csv": [trade("T1")]}
    load(files=files, counts={"trades.csv": 7}, state=REFUSED)
    assert not Client.objects.exists() and not Unit.objects.exists()
    assert not Balance.objects.exists() and not Trade.objects.exists()


def test_columns_are_found_by_name_and_a_byte_order_mark_is_allowed(load: Load) -> None:
    load(files=masters())
    text = "\ufeffnote,margin_debit,cash,account_no,product_value,market_value\nx,1,2,A1,3,4\n"
    load(DAY.replace(day=2), texts={"balances.csv": text})
    held = Balance.objects.get()
    assert (held.margin_debit, held.cash, held.product_value, held.market_value) == (1, 2, 3, 4)


def test_columns_in_another_order_load_the_same(load: Load) -> None:
    load(files=masters())
    text = "margin_debit,cash,account_no,product_value,market_value\n1,2,A1,3,4\n"
    load(DAY.replace(day=2), texts={"balances.csv": text})
    assert Balance.objects.get().cash == 2


def test_a_file_that_cannot_be_opened_is_refused(writer: Writer, monkeypatch: pytest.MonkeyPatch) -> None:
    path = writer.write(DAY, masters())

    def fails(self: Path, *_args: Any, **_kwargs: Any) -> Any:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "open", fails)
    assert codes(load_package(path, actor=SYSTEM)) == ["unreadable"]


def test_the_same_package_may_lie_anywhere(load: Load, writer: Writer, tmp_path: Path) -> None:
    load(files=masters())
    copy = tmp_path / "elsewhere" / "2026-06-01"
    shutil.copytree(writer.folder / "2026-06-01", copy)
    assert load_package(copy, actor=SYSTEM).state == FeedPackage.State.ALREADY_LOADED


def test_f14_sums_of_many_rows(load: Load) -> None:
    rows = [income(f"I{number}", amount="0.0001") for number in range(4500)]
    load(files={**masters(), "incomes.csv": rows}, sums={"incomes.csv": {"amount": "0.45"}})


def test_records_are_cut_at_every_line_end(tmp_path: Path) -> None:
    (tmp_path / "x").write_bytes(b'a,b\n1,"2\n3"\n\n"4",5\n6,"7')
    with (tmp_path / "x").open("rb") as stream:
        text = FeedText("x", stream)
        told = [(record.line, record.fields) for record in text.records()]
    assert told == [(2, ["1", "2\n3"]), (5, ["4", "5"]), (6, None)]
