"""What the door lets in: same packages, corrections, repeated keys, bad rows (F4, F11, F12, F19)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from itertools import permutations
from typing import Any

import pytest

from clients.models import Account, Client, ClientRecord
from core.audit import SYSTEM
from core.models import AuditEntry
from staff.models import Unit, UnitRecord
from trading.feed import load_package
from trading.models import (
    Balance,
    CashFlow,
    CustodyEvent,
    FeedPackage,
    Holding,
    Income,
    Product,
    ProductRecord,
    QuarantinedRow,
    Trade,
    TradeKey,
)

from .conftest import Load
from .packages import (
    DAY,
    NEXT,
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
    product,
    text_of,
    trade,
)

pytestmark = pytest.mark.django_db
State = FeedPackage.State
THIRD = date(2026, 6, 3)


def held() -> dict[tuple[str, int], str]:
    """Open quarantined rows: code by file and line."""
    rows = QuarantinedRow.objects.filter(state__in=["held", "waiting"])
    return {(row.file, row.line): row.code for row in rows}


def counting(model: Any, key: str) -> dict[str, date]:
    """The feed day of each counting row."""
    return {getattr(row, key): row.feed_day for row in model.objects.filter(counts=True)}


# ---- the same package, versions


def test_f12_the_same_package_twice_changes_nothing(load: Load) -> None:
    files = {**masters(), "trades.csv": [trade("T1")]}
    first = load(files=files)
    deeds = AuditEntry.objects.count()
    second = load(files=files, state=State.ALREADY_LOADED)
    assert (second.package_id, second.loaded) == (first.package_id, 0)
    assert FeedPackage.objects.count() == 1 and Trade.objects.count() == 1
    assert AuditEntry.objects.count() == deeds


def test_f12_a_lower_version_is_superseded(load: Load) -> None:
    load(files=masters(), version=3)
    load(files={"trades.csv": [trade("T1")]}, version=2, state=State.SUPERSEDED)
    assert Trade.objects.count() == 0


def test_f12_the_same_version_with_other_content_is_refused(load: Load) -> None:
    load(files=masters())
    refused = load(files={**masters(), "trades.csv": [trade("T1")]}, state=State.REFUSED)
    assert "1" in refused.reason and Trade.objects.count() == 0


def test_f12_content_is_what_the_known_files_hold(load: Load, writer: Writer) -> None:
    load(files=masters())
    path = writer.write(DAY, masters(), texts={"notes.txt": "new\n"})
    assert load_package(path, actor=SYSTEM).state == State.ALREADY_LOADED


def test_f12_a_correction_replaces_the_days_events(load: Load) -> None:
    load(
        files={
            **masters(),
            "balances.csv": [balance("A1", "1.00")],
            "holdings.csv": [holding("A1")],
            "trades.csv": [trade("T1"), trade("T2")],
            "cash_flows.csv": [flow("F1")],
            "incomes.csv": [income("I1")],
            "custody.csv": [custody("E1")],
        }
    )
    load(files={"balances.csv": [balance("A1", "2.00")], "trades.csv": [trade("T2", amount="5")]}, version=2)
    assert [row.cash for row in Balance.objects.all()] == [Decimal(2)]
    assert [(row.trade_no, row.amount) for row in Trade.objects.all()] == [("T2", Decimal(5))]
    assert [key.trade_no for key in TradeKey.objects.all()] == ["T2"]
    for model in (Holding, CashFlow, Income, CustodyEvent):
        assert not model.objects.exists()  # type: ignore[attr-defined]
    assert Client.objects.count() == 1  # master rows stay
    states = dict(FeedPackage.objects.values_list("version", "state"))
    assert states == {1: State.REPLACED, 2: State.LOADED}


def test_f12_the_days_quarantined_event_rows_go_too(load: Load) -> None:
    files = {
        **masters(),
        "clients.csv": [client("C1"), client("C2", branch_code="9999"), client("C3", sex="x")],
        "trades.csv": [trade("T1", side="no"), trade("T2", account_no="A9")],
    }
    load(files=files)
    load(NEXT, {"trades.csv": [trade("T3", side="no")]})
    assert QuarantinedRow.objects.count() == 5
    load(version=2)
    assert {file for file, _line in held()} == {"clients.csv", "trades.csv"}
    assert QuarantinedRow.objects.filter(package__trade_date=DAY, file="trades.csv").count() == 0


def test_f12_master_rows_go_by_trade_date_then_version(load: Load) -> None:
    load(
        NEXT,
        {
            **masters(),
            "clients.csv": [client("C1", name="第二日")],
            "products.csv": [product("F001", name="新")],
        },
    )
    load(
        DAY,
        {
            "clients.csv": [client("C1", name="第一日", manager_no="M0")],
            "products.csv": [product("F001", name="旧")],
            "accounts.csv": [account("A1", "C1", status="frozen")],
            "branches.csv": [branch("1001", name="旧名")],
        },
    )
    assert Client.objects.get().name == "第二日"
    assert Product.objects.get().name == "新"
    assert Account.objects.get().status == "normal"
    assert Account.objects.get().first_told_on == DAY
    assert Unit.objects.get(code="1001").name == "营业部"
    load(
        NEXT,
        {
            "clients.csv": [client("C1", name="更正")],
            "products.csv": [product("F001", name="更正")],
            "branches.csv": [branch("1001", name="更正")],
        },
        version=2,
    )
    assert Client.objects.get().name == "更正"
    assert ProductRecord.objects.get(told_on=NEXT).name == "更正"
    assert UnitRecord.objects.get(unit__code="1001", told_on=NEXT).name == "更正"


def test_f4_records_hold_from_their_day_to_the_next_in_any_order_of_loading(load: Load) -> None:
    days = {DAY: "M1", NEXT: "M2", THIRD: "M3"}
    load(date(2026, 5, 29), {"branches.csv": masters()["branches.csv"]})
    for day in (NEXT, THIRD, DAY):
        load(day, {"clients.csv": [client("C1", manager_no=days[day])]})
    spans = ClientRecord.objects.order_by("told_on").values_list("manager_no", "valid_from", "valid_to")
    assert list(spans) == [
        ("M1", date(1900, 1, 1), NEXT),
        ("M2", NEXT, THIRD),
        ("M3", THIRD, date(9999, 12, 31)),
    ]
    assert Client.objects.get().manager_no == "M3"


# ---- repeated keys


def test_f19_repeated_keys_in_one_file(load: Load) -> None:
    rows = [trade("T1"), trade("T1"), trade("T1", amount="7"), trade("T1", amount="7"), trade("T2")]
    result = load(files={**masters(), "trades.csv": rows})
    assert {
        name: result.files["trades.csv"][name] for name in ("rows", "loaded", "quarantined", "dropped")
    } == {
        "rows": 5,
        "loaded": 2,
        "quarantined": 2,
        "dropped": 1,
    }
    assert held() == {("trades.csv", 4): "repeated", ("trades.csv", 5): "repeated"}


def test_f19_the_first_sound_row_stays(load: Load) -> None:
    rows = [trade("T1", side="no"), trade("T1"), trade("T1", amount="7")]
    load(files={**masters(), "trades.csv": rows})
    assert held() == {("trades.csv", 2): "choice", ("trades.csv", 4): "repeated"}
    assert Trade.objects.get().amount == 1000


def test_f19_keys_of_several_columns(load: Load) -> None:
    rows = [holding("A1"), holding("A1", market="SH"), holding("A1", quantity="3"), holding("A1")]
    load(files={**masters(), "holdings.csv": rows})
    assert held() == {("holdings.csv", 4): "repeated"}
    assert Holding.objects.count() == 2
    assert QuarantinedRow.objects.get().key == "A1 OTC F001"


def test_f19_lines_are_physical_lines(load: Load) -> None:
    files = masters()
    files["clients.csv"] = [
        client("C1", address="一\n二\n三"),
        client("C2", sex="x"),
        client("C3", address='"引号"\n'),
        client("C4", kind="robot"),
    ]
    load(files=files)
    assert held() == {("clients.csv", 5): "choice", ("clients.csv", 8): "choice"}


@pytest.mark.parametrize("order", list(permutations([DAY, NEXT, THIRD])))
def test_f11_the_earliest_trade_date_counts_whatever_the_order(load: Load, order: tuple[date, ...]) -> None:
    load(date(2026, 5, 29), masters())
    files = {
        day: {
            "trades.csv": [trade("T1", amount=str(day.day), traded_at="2026-06-01T10:00:00")],
            "cash_flows.csv": [flow("F1", amount=str(day.day))],
            "incomes.csv": [income("I1", amount=str(day.day))],
            "custody.csv": [custody("E1", value=str(day.day))],
        }
        for day in order
    }
    for day in order:
        load(day, files[day])
    for model, key in (
        (Trade, "trade_no"),
        (CashFlow, "flow_no"),
        (Income, "income_no"),
        (CustodyEvent, "event_no"),
    ):
        assert list(counting(model, key).values()) == [DAY]
        assert model.objects.count() == 3  # type: ignore[attr-defined]
    assert TradeKey.objects.get().feed_day == DAY


def test_f11_a_correction_brings_the_next_earliest_back(load: Load) -> None:
    load(files=masters())
    for day in (DAY, NEXT, THIRD):
        files = {
            "trades.csv": [trade("T1")],
            "cash_flows.csv": [flow("F1")],
            "incomes.csv": [income("I1")],
            "custody.csv": [custody("E1")],
        }
        load(day, files, version=2)
    load(DAY, version=3)
    assert counting(Trade, "trade_no") == {"T1": NEXT}
    assert TradeKey.objects.get().feed_day == NEXT
    assert counting(CashFlow, "flow_no") == {"F1": NEXT}
    assert counting(Income, "income_no") == {"I1": NEXT}
    assert counting(CustodyEvent, "event_no") == {"E1": NEXT}
    load(NEXT, version=3)
    assert counting(Trade, "trade_no") == {"T1": THIRD}


def test_f11_a_row_of_an_earlier_day_takes_over_from_another_account(load: Load) -> None:
    files = masters()
    files["accounts.csv"].append(account("A2", "C1"))
    load(date(2026, 5, 29), files)
    load(NEXT, {"trades.csv": [trade("T1", "A2"), trade("T2", "A2")]})
    load(DAY, {"trades.csv": [trade("T1", "A1")]})
    rows = {
        (row.trade_no, row.account.account_no): row.counts for row in Trade.objects.select_related("account")
    }
    assert rows == {("T1", "A1"): True, ("T1", "A2"): False, ("T2", "A2"): True}


def test_balances_of_several_days_stand_beside_each_other(load: Load) -> None:
    load(files={**masters(), "balances.csv": [balance("A1")]})
    load(NEXT, {"balances.csv": [balance("A1")]})
    assert Balance.objects.count() == 2


# ---- the share of bad rows


def test_fewer_than_ten_bad_rows_never_refuse(load: Load) -> None:
    rows = [income(f"I{number}", amount="x") for number in range(9)]
    assert load(files={**masters(), "incomes.csv": rows}).quarantined == 9


def test_more_than_the_share_refuses_the_whole_package(load: Load) -> None:
    bad = [income(f"I{number}", amount="x") for number in range(10)]
    refused = load(files={**masters(), "incomes.csv": bad}, state=State.REFUSED)
    assert "10" in refused.reason and not Client.objects.exists()
    good = [income(f"G{number}") for number in range(9990)]
    load(files={**masters(), "incomes.csv": [*bad, *good]})


def test_different_repeats_count_as_bad(load: Load) -> None:
    rows = [income("I1", amount=str(number)) for number in range(11)]
    refused = load(files={**masters(), "incomes.csv": rows}, state=State.REFUSED)
    assert "incomes.csv" in refused.reason


def test_rows_that_break_a_rule_of_the_tables_count_as_bad(load: Load) -> None:
    rows = [client(f"X{number}", branch_code="HQ") for number in range(10)]
    load(files={**masters(), "clients.csv": rows}, state=State.REFUSED)


def test_the_share_is_a_setting(load: Load, settings: Any) -> None:
    settings.FEED_MOST_BAD_SHARE = Decimal("0.5")
    bad = [income(f"I{number}", amount="x") for number in range(10)]
    load(files={**masters(), "incomes.csv": [*bad, *[income(f"G{number}") for number in range(10)]]})


# ---- what stays in the database


def test_quarantined_rows_keep_their_own_text_and_place(load: Load) -> None:
    from trading.feed.release import record_of

    text = text_of("incomes.csv", [income("I1", amount="x")]).rstrip("\n") + ',"more, columns"\n'
    text = text.replace("amount\n", "amount,note\n")
    load(files=masters(), texts={"incomes.csv": text})
    row = QuarantinedRow.objects.get()
    assert (row.file, row.line, row.column, row.key, row.state) == ("incomes.csv", 2, "amount", "I1", "held")
    assert record_of(row).text == 'I1,C1,cash_spread,x,"more, columns"\n'
    assert "amount" in row.reason


def test_counts_and_audit_of_a_package(load: Load) -> None:
    result = load(files={**masters(), "incomes.csv": [income("I1"), income("I2", kind="x")]})
    row = FeedPackage.objects.get()
    assert (row.rows, row.loaded, row.quarantined) == (8, 7, 1)
    assert (result.loaded, result.quarantined) == (7, 1)
    entry = AuditEntry.objects.get(deed="feed.loaded")
    assert entry.detail["loaded"] == 7 and entry.actor_name == "system"
