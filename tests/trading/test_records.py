"""Records, months redone and mergers behind the client-months (F23, F24, K5)."""

from __future__ import annotations

from datetime import date

import pytest

from clients.models import Client
from trading.models import ClientMonth, RecordSpan, StaleMark, UnitSpan

from .conftest import Facts, Load
from .packages import (
    DAY,
    NEXT,
    balance,
    branch,
    client,
    flow,
    masters,
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


def test_f23_days_count_from_the_first_loaded_month(load: Load, facts: Facts) -> None:
    load(
        NEXT,
        {
            **masters(),
            "trades.csv": [trade("T1", traded_at="2026-03-31T10:00:00")],
            "cash_flows.csv": [flow("F1", occurred_at="2026-04-01T10:00:00")],
        },
    )
    facts(NEXT)
    assert (only().days, only().trading_days) == (2, 1)
    march, april = only(date(2026, 3, 1)), only(date(2026, 4, 1))
    assert (march.days, march.trades, march.trading_days) == (0, 1, 0)
    assert (april.days, april.inflow) == (0, 500)


def test_f24_later_truth_redoes_the_month(load: Load, facts: Facts) -> None:
    load(date(2026, 5, 29), {**masters(), "balances.csv": [balance("A1", "5")]})
    facts(date(2026, 5, 31))
    assert only(MAY).days == 31
    load(DAY, {"clients.csv": [client("C1", status="closed", closed_on="2026-05-31")]})
    mark = StaleMark.objects.get(client__client_no="C1")
    assert (mark.month, mark.told_on) == (MAY, DAY)
    facts(DAY, all_from=JUNE)
    assert only(MAY).days == 30
    assert rows() == {}


def test_k5_after_a_merger_the_clients_are_with_the_successor(load: Load, facts: Facts) -> None:
    files = masters()
    files["branches.csv"].append(branch("1003"))
    load(DAY, {**files, "balances.csv": [balance("A1", "1")]})
    facts(DAY)
    load(
        THIRD,
        {
            "branches.csv": [branch("1001", closed_on="2026-06-03", successor_code="1002")],
            "balances.csv": [balance("A1", "2")],
        },
    )
    facts(THIRD, all_from=JUNE)
    assert {key: (row.days, row.assets_sum) for key, row in rows().items()} == {
        ("1001", "M1"): (2, 1),
        ("1002", "M1"): (1, 2),
    }
    load(FOURTH, {"branches.csv": [branch("1002", closed_on="2026-06-02", successor_code="1003")]})
    facts(FOURTH, all_from=JUNE)
    assert {key: row.days for key, row in rows().items()} == {("1001", "M1"): 2, ("1003", "M1"): 2}
    spans = (
        UnitSpan.objects.filter(unit__code="1001")
        .order_by("from_date")
        .values_list("branch__code", "from_date")
    )
    assert list(spans) == [("1001", date(1900, 1, 1)), ("1003", THIRD)]


def test_k5_a_client_row_that_follows_the_merger_changes_nothing(load: Load, facts: Facts) -> None:
    load(DAY, masters())
    load(THIRD, {"branches.csv": [branch("1001", closed_on="2026-06-03", successor_code="1002")]})
    load(FIFTH, {"clients.csv": [client("C1", branch_code="1002")]})
    facts(FIFTH)
    assert RecordSpan.objects.filter(client__client_no="C1").count() == 2
    assert rows()["1002", "M1"].days == 3


def test_a_deceased_client_is_remembered(load: Load, facts: Facts) -> None:
    load(DAY, masters())
    load(NEXT, {"clients.csv": [client("C1", status="deceased")]})
    load(THIRD, {"clients.csv": [client("C1")]})
    facts(THIRD)
    spans = RecordSpan.objects.filter(client__client_no="C1").order_by("from_date")
    assert [(span.status, span.deceased_on) for span in spans] == [
        ("normal", NEXT),
        ("deceased", NEXT),
        ("normal", NEXT),
    ]


def test_an_unchanged_night_writes_nothing(load: Load, facts: Facts) -> None:
    load(DAY, {**masters(), "balances.csv": [balance("A1")]})
    assert facts(DAY) > 0
    assert facts(DAY) == 0


def test_vanished_rows_are_deleted(load: Load, facts: Facts) -> None:
    load(DAY, {**masters(), "cash_flows.csv": [flow("F1", occurred_at="2026-04-01T10:00:00")]})
    facts(DAY)
    assert rows(date(2026, 4, 1))
    load(DAY, {}, version=2)
    facts(DAY, all_from=JUNE)
    assert not rows(date(2026, 4, 1))
    assert Client.objects.count() == 1


def test_units_made_by_hand_stand_for_themselves(load: Load, facts: Facts) -> None:
    from staff.models import Unit

    head = Unit.objects.create(code="HQ", name="总部", kind="hq", opened_on=date(2000, 1, 1))
    Unit.objects.create(code="1001", name="一", kind="branch", parent=head, opened_on=date(2000, 1, 1))
    files = masters()
    del files["branches.csv"]
    load(DAY, files)
    facts(DAY)
    assert only().days == 1
