"""Rows that name parents: unknown ones are waited for, others must be of the right kind (F6, F20)."""

from __future__ import annotations

from datetime import date

import pytest

from clients.models import Account, Client
from staff.models import Unit
from trading.models import (
    FeedPackage,
    Holding,
    Product,
    QuarantinedRow,
)

from .conftest import Load
from .packages import (
    DAY,
    NEXT,
    account,
    balance,
    branch,
    client,
    custody,
    flow,
    holding,
    hq,
    income,
    masters,
    product,
    trade,
)

pytestmark = pytest.mark.django_db
State = FeedPackage.State
THIRD = date(2026, 6, 3)


def held() -> dict[tuple[str, int], str]:
    """Open quarantined rows: code by file and line."""
    rows = QuarantinedRow.objects.filter(state__in=["held", "waiting"])
    return {(row.file, row.line): row.code for row in rows}


def test_f6_rows_wait_for_their_parents_in_any_depth(load: Load) -> None:
    events = {
        "balances.csv": [balance("A1")],
        "holdings.csv": [holding("A1")],
        "trades.csv": [trade("T1")],
        "cash_flows.csv": [flow("F1")],
        "incomes.csv": [income("I1")],
        "custody.csv": [custody("E1")],
    }
    result = load(files=events)
    assert (result.loaded, result.quarantined) == (0, 6)
    load(NEXT, {"accounts.csv": [account("A1", "C1")], "clients.csv": [client("C1")]})
    load(THIRD, {"branches.csv": [branch("1001", parent_code="R1"), branch("R1", kind="region")]})
    assert len(held()) == 10
    brought = load(date(2026, 6, 4), {"branches.csv": [hq()], "products.csv": [product("F001")]})
    assert brought.released == 10
    assert held() == {}
    assert Holding.objects.get().product == Product.objects.get()
    row = FeedPackage.objects.get(trade_date=DAY)
    assert (row.loaded, row.quarantined) == (6, 0)
    assert QuarantinedRow.objects.filter(state="released", settled_by="feed").count() == 10


def test_f6_a_row_may_wait_for_one_parent_after_the_other(load: Load) -> None:
    load(files={"holdings.csv": [holding("A1")]})
    assert held() == {("holdings.csv", 2): "unknown_account"}
    files = masters()
    products = files.pop("products.csv")
    load(NEXT, files)
    assert held() == {("holdings.csv", 2): "unknown_product"}
    load(THIRD, {"products.csv": products})
    assert held() == {} and Holding.objects.get().day == DAY


def test_f6_waiting_rows_do_not_count_as_bad(load: Load) -> None:
    rows = [trade(f"T{number}", f"X{number}") for number in range(30)]
    assert load(files={"trades.csv": rows}).quarantined == 30


def test_f6_units_may_stand_in_any_order_and_circles_are_held(load: Load) -> None:
    load(files={"branches.csv": [branch("1001", parent_code="R1"), branch("R1", kind="region"), hq()]})
    assert Unit.objects.get(code="1001").parent == Unit.objects.get(code="R1")
    load(NEXT, {"branches.csv": [branch("R1", kind="region", parent_code="1001")]})
    assert held() == {("branches.csv", 2): "circle"}
    load(THIRD, {"branches.csv": [branch("1002", parent_code="1003"), branch("1003", parent_code="1002")]})
    waiting = QuarantinedRow.objects.filter(package__trade_date=THIRD)
    assert {(row.key, row.parent) for row in waiting} == {("1002", "branch:1003"), ("1003", "branch:1002")}
    merged = [branch("1001", parent_code="R1", closed_on="2026-06-04", successor_code="1001")]
    load(date(2026, 6, 4), {"branches.csv": merged})
    assert [row.code for row in QuarantinedRow.objects.filter(package__trade_date="2026-06-04")] == ["circle"]


def test_f6_an_unknown_successor_is_waited_for(load: Load) -> None:
    files = {"branches.csv": [hq(), branch("1001", closed_on="2026-06-01", successor_code="1002")]}
    load(files=files)
    assert held() == {("branches.csv", 3): "unknown_branch"}
    load(NEXT, {"branches.csv": [branch("1002")]})
    assert Unit.objects.get(code="1001").successor == Unit.objects.get(code="1002")


def test_f20_a_clients_branch_is_a_unit_of_kind_branch(load: Load) -> None:
    load(files={"branches.csv": [hq()], "clients.csv": [client("C1", branch_code="HQ")]})
    assert held() == {("clients.csv", 2): "not_branch"}
    assert not Client.objects.exists()


def test_an_account_never_changes_hands(load: Load) -> None:
    files = masters()
    files["clients.csv"].append(client("C2"))
    load(files=files)
    load(NEXT, {"accounts.csv": [account("A1", "C2")]})
    assert held() == {("accounts.csv", 2): "other_client"}
    assert Account.objects.get().client.client_no == "C1"


def test_f12_a_released_unit_of_a_lower_version_stays_behind_the_higher(load: Load) -> None:
    load(files={"branches.csv": [hq(), branch("1003", parent_code="R9", name="v1")]})
    load(files={"branches.csv": [branch("1003", name="v2")]}, version=2)
    load(NEXT, {"branches.csv": [branch("R9", kind="region")]})
    assert held() == {}
    assert Unit.objects.get(code="1003").name == "v2"
    assert Unit.objects.get(code="1003").records.get().name == "v2"
