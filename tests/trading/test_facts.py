"""Client-months made from the feeds, on hand-made cases (F1-F10, F23, F24, K5)."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from trading.models import ClientMonth, RecordSpan

from .conftest import Facts, Load
from .packages import (
    DAY,
    NEXT,
    account,
    balance,
    branch,
    client,
    flow,
    holding,
    income,
    masters,
    product,
    trade,
)

pytestmark = pytest.mark.django_db
JUNE, MAY, JULY = date(2026, 6, 1), date(2026, 5, 1), date(2026, 7, 1)
THIRD, FOURTH, FIFTH = date(2026, 6, 3), date(2026, 6, 4), date(2026, 6, 5)


def june(day: int) -> date:
    return date(2026, 6, day)


def rows(month: date = JUNE, client_no: str = "C1") -> dict[tuple[str, str], ClientMonth]:
    """The client's rows of a month by branch and manager."""
    found = ClientMonth.objects.filter(month=month, client__client_no=client_no).select_related("branch")
    return {(row.branch.code, row.manager_no): row for row in found}


def only(month: date = JUNE, client_no: str = "C1") -> ClientMonth:
    (row,) = rows(month, client_no).values()
    return row


def test_f1_assets_over_loaded_trading_days(load: Load, facts: Facts) -> None:
    """An account without a row has 0 that day; a trading day without a package counts nowhere."""
    both = masters()
    both["accounts.csv"].append(account("A2", "C1"))
    money = {"market_value": "20", "product_value": "5", "margin_debit": "2"}
    load(DAY, {**both, "balances.csv": [balance("A1", "10", **money), balance("A2", "1")]})
    load(THIRD, {"trades.csv": []})
    load(FOURTH, {"balances.csv": [balance("A2", "6")]})
    facts(june(4))
    row = only()
    assert (row.trading_days, row.days) == (3, 4)
    assert (row.assets_sum, row.assets_end, row.assets_peak) == (Decimal(40), Decimal(6), Decimal(34))


def test_f1_a_day_without_a_row_can_be_the_peak(load: Load, facts: Facts) -> None:
    load(DAY, {**masters(), "balances.csv": [balance("A1", "-10")]})
    load(NEXT)
    facts(NEXT)
    assert (only().assets_peak, only().assets_end, only().assets_sum) == (0, 0, -10)


def test_f2_no_counted_trading_day_leaves_nulls(load: Load, facts: Facts) -> None:
    files = masters()
    files["clients.csv"] = [client("C1", opened_on="2026-06-01")]
    load(DAY, files)
    load(FIFTH, {"clients.csv": [client("C2", opened_on="2026-06-05")], "balances.csv": []})
    load(
        FIFTH,
        {"clients.csv": [client("C2", opened_on="2026-06-03", status="closed", closed_on="2026-06-05")]},
        version=2,
    )
    facts(june(6))
    row = only(client_no="C2")
    assert (row.days, row.trading_days) == (2, 0)
    assert (row.assets_end, row.assets_peak, row.assets_sum) == (None, None, 0)


def test_f3_open_from_opening_to_the_day_before_closing(load: Load, facts: Facts) -> None:
    files = masters()
    files["clients.csv"] = [client("C1", opened_on="2026-05-29")]
    load(date(2026, 5, 29), {**files, "balances.csv": [balance("A1", "5")]})
    for day in (1, 2, 3, 4, 5):
        load(june(day), {"balances.csv": [balance("A1", str(day))]})
    load(
        june(8),
        {"clients.csv": [client("C1", opened_on="2026-05-29", status="closed", closed_on="2026-06-04")]},
    )
    facts(june(8))
    assert (only(MAY).days, only(MAY).trading_days) == (3, 1)
    assert (only().days, only().trading_days, only().assets_sum, only().assets_end) == (3, 3, 6, 3)


def test_f3_f10_a_change_of_branch_or_manager_makes_two_rows(load: Load, facts: Facts) -> None:
    """On the day of the change the client is on record with the new one."""
    load(DAY, {**masters(), "balances.csv": [balance("A1", "1")], "trades.csv": [trade("T1")]})
    load(NEXT, {"balances.csv": [balance("A1", "2")]})
    moved = client("C1", branch_code="1002", manager_no="M2")
    load(
        THIRD,
        {
            "clients.csv": [moved],
            "balances.csv": [balance("A1", "4")],
            "trades.csv": [trade("T2", traded_at="2026-06-03T10:00:00")],
        },
    )
    back = client("C1")
    load(FIFTH, {"clients.csv": [back], "balances.csv": [balance("A1", "8")]})
    facts(june(7))
    before, after = rows()["1001", "M1"], rows()["1002", "M2"]
    assert (before.days, before.trading_days, before.assets_sum, before.assets_end) == (5, 3, 11, 8)
    assert (after.days, after.trading_days, after.assets_sum, after.assets_end, after.assets_peak) == (
        2,
        1,
        4,
        4,
        4,
    )
    assert (before.trades, before.last_trade_on) == (1, DAY)
    assert (after.trades, after.last_trade_on) == (1, THIRD)


def test_f4_the_first_row_also_holds_before_it_and_dates_come_from_the_newest(
    load: Load, facts: Facts
) -> None:
    load(DAY, masters())
    load(NEXT, {"clients.csv": [client("C2", manager_no="M7", opened_on="2026-06-01")]})
    load(
        THIRD,
        {
            "clients.csv": [
                client("C2", manager_no="M8", opened_on="2026-06-02", callback_passed_on="2026-06-02")
            ]
        },
    )
    facts(THIRD)
    found = rows(client_no="C2")
    assert {manager: row.days for (_branch, manager), row in found.items()} == {"M7": 1, "M8": 1}
    span = RecordSpan.objects.filter(client__client_no="C2").order_by("from_date").first()
    assert span is not None
    assert (span.from_date, span.opened_on, span.callback_passed_on) == (date(1900, 1, 1), NEXT, NEXT)


def test_f5_a_run_reads_only_packages_up_to_its_date(load: Load, facts: Facts) -> None:
    def told(as_of: date) -> list[dict[str, Any]]:
        ClientMonth.objects.all().delete()
        facts(as_of)
        return list(ClientMonth.objects.order_by("pk").values())

    load(
        DAY,
        {
            **masters(),
            "balances.csv": [balance("A1", "1"), balance("A9", "50")],
            "holdings.csv": [holding("A1")],
            "trades.csv": [trade("T9", "A9")],
        },
    )
    before = told(NEXT)
    load(
        THIRD,
        {
            "branches.csv": [branch("1001", closed_on="2026-05-30", successor_code="1002")],
            "clients.csv": [client("C1", branch_code="1002", opened_on="2026-06-01"), client("C2")],
            "accounts.csv": [account("A9", "C1")],
            "products.csv": [product("F001", family="")],
            "trades.csv": [trade("T2")],
            "cash_flows.csv": [flow("F1")],
            "incomes.csv": [income("I1")],
        },
    )
    assert told(NEXT) == before
    assert told(THIRD) != before
    assert {row.branch.code for row in ClientMonth.objects.select_related("branch")} == {"1002"}


def test_f5_f6_a_client_whose_branch_comes_later_is_not_known_before(load: Load, facts: Facts) -> None:
    files = {**masters(), "clients.csv": [client("C1", branch_code="1003")]}
    load(DAY, {**files, "balances.csv": [balance("A1", "1")]})
    load(NEXT, {"branches.csv": [branch("1003", parent_code="R9")]})
    load(THIRD, {"branches.csv": [branch("R9", kind="region")]})
    for as_of, expected in ((DAY, {}), (NEXT, {}), (THIRD, {("1003", "M1"): 1}), (NEXT, {})):
        ClientMonth.objects.all().delete()
        facts(as_of)
        assert {key: row.assets_sum for key, row in rows().items()} == expected


def test_f7_events_count_on_shanghai_dates(load: Load, facts: Facts) -> None:
    load(date(2026, 5, 29), masters())
    load(
        june(2),
        {
            "trades.csv": [
                trade("T1", traded_at="2026-05-31T16:30:00Z", amount="1"),
                trade("T2", traded_at="2026-05-31T15:30:00Z", amount="2"),
                trade("T3", traded_at="2026-06-01T00:30:00+09:00", amount="4"),
                trade("T4", traded_at="2026-05-31T23:59:59", amount="8"),
            ],
            "cash_flows.csv": [
                flow("F1", occurred_at="2026-05-31T16:00:00+00:00", amount="3"),
                flow("F2", direction="out", occurred_at="2026-05-30 10:00:00", amount="5"),
            ],
            "incomes.csv": [income("I1", amount="7")],
        },
    )
    facts(june(2))
    assert (only().turnover, only(MAY).turnover) == (1, 14)
    assert (only().inflow, only(MAY).outflow, only(MAY).inflow) == (3, 5, 0)
    assert (only().cash_spread, only(MAY).cash_spread) == (7, 0)
    assert only(MAY).last_trade_on == date(2026, 5, 31)


def test_f7_summer_time_of_old_days(load: Load, facts: Facts) -> None:
    """23:30 at +08:00 was past midnight in Shanghai in the summers of 1986 to 1991."""
    load(
        DAY,
        {
            **masters(),
            "trades.csv": [
                trade("T1", traded_at="1988-06-30T23:30:00+08:00"),
                trade("T2", traded_at="1988-06-30T23:30:00"),
            ],
        },
    )
    facts(DAY)
    assert rows(date(1988, 7, 1))["1001", "M1"].trades == 1
    assert rows(date(1988, 6, 1))["1001", "M1"].trades == 1


def test_net_commission_and_the_kinds_of_income(load: Load, facts: Facts) -> None:
    """Amount 100 000.00, gross 25.00, handling 3.41, csrc 2.00 -> 19.59."""
    amounts = {
        "margin_interest": 1,
        "cash_spread": 2,
        "product_fee": 4,
        "trailing_fee": 8,
        "advisory_fee": 16,
        "other": 32,
    }
    load(
        DAY,
        {
            **masters(),
            "trades.csv": [
                trade(
                    "T1", amount="100000.00", gross_commission="25.00", handling_fee="3.41", csrc_fee="2.00"
                )
            ],
            "incomes.csv": [income(kind, kind=kind, amount=str(value)) for kind, value in amounts.items()],
        },
    )
    facts(DAY)
    row = only()
    assert (row.net_commission, row.turnover) == (Decimal("19.59"), 100000)
    assert (row.margin_interest, row.cash_spread, row.product_fee, row.other_income) == (1, 2, 12, 48)


def test_f8_families_of_the_newest_snapshot(load: Load, facts: Facts) -> None:
    files = masters()
    files["products.csv"] = [
        product("F001"),
        product("F002"),
        product("F003", family="advisory"),
        product("F004", family=""),
    ]
    load(
        date(2026, 5, 28),
        {
            **files,
            "holdings.csv": [
                holding("A1", "F001"),
                holding("A1", "F002"),
                holding("A1", "F003"),
                holding("A1", "F004"),
            ],
        },
    )
    load(
        date(2026, 5, 29),
        {
            "holdings.csv": [
                holding("A1", "F001"),
                holding("A1", "F003", quantity="0"),
                holding("A1", "600000", product_code="", market="SH"),
            ]
        },
    )
    load(DAY)
    load(NEXT, {"holdings.csv": []})
    for as_of, families in ((date(2026, 5, 28), 2), (date(2026, 5, 29), 1)):
        ClientMonth.objects.all().delete()
        facts(as_of)
        assert only(MAY).product_families == families
    facts(DAY)
    assert only().product_families == 1
    facts(NEXT)
    assert (only().product_families, only(MAY).product_families) == (0, 1)


def test_f9_f22_flows_of_closed_clients_count(load: Load, facts: Facts) -> None:
    files = masters()
    files["clients.csv"] = [client("C1", status="closed", closed_on="2026-05-20")]
    load(DAY, {**files, "cash_flows.csv": [flow("F1", direction="out", amount="9")]})
    load(NEXT)
    facts(NEXT)
    row = only()
    assert (row.days, row.trading_days, row.outflow, row.assets_end) == (0, 0, 9, None)


def test_f10_no_row_without_a_day_or_a_flow(load: Load, facts: Facts) -> None:
    files = masters()
    files["clients.csv"] = [client("C1", status="closed", closed_on="2026-05-20")]
    load(DAY, {**files, "balances.csv": [balance("A1", "9")]})
    facts(DAY)
    assert rows() == {}
