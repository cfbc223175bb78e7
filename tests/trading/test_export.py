"""Packages written from what is held go through the door again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from clients.models import ClientRecord
from core.audit import SYSTEM
from tests.oracle.compare import differences
from trading.feed import load_package
from trading.models import Balance, CashFlow, Holding, Trade

from .conftest import Facts, Load
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
    income,
    masters,
    trade,
)
from .tables import forget_everything

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_what_is_exported_loads_the_same(load: Load, facts: Facts, tmp_path: Path, form: str) -> None:
    files = masters()
    files["clients.csv"].append(
        client(
            "C2",
            mobile="13812345678",
            id_type="resident_id",
            id_number="11010519491231002X",
            status="deceased",
            address='某路"1"号\n二楼\r后门',
            birth_date="2026-05-01",
        )
    )
    files["accounts.csv"].append(account("A2", "C2", status="closed", closed_on="2026-05-31"))
    load(
        DAY,
        {
            **files,
            "balances.csv": [balance("A1"), balance("A2")],
            "holdings.csv": [holding("A1")],
            "trades.csv": [trade("T1"), trade("T2", traded_at="2026-05-29T10:00:00.123456+09:00")],
            "cash_flows.csv": [flow("F1")],
            "incomes.csv": [income("I1")],
            "custody.csv": [custody("E1")],
        },
    )
    load(
        NEXT,
        {
            "clients.csv": [client("C1", manager_no="M2")],
            "holdings.csv": [],
            "branches.csv": [branch("1001", closed_on="2026-06-02", successor_code="1002")],
            "accounts.csv": [account("A1", "C1", status="closed", closed_on="2026-06-02")],
            "trades.csv": [trade("T1"), trade("T3", "A2", market="", security_code="")],
        },
        version=2,
    )
    facts(NEXT)
    before = _held()
    days = ("--from", "2026-01-01", "--to", "2026-06-02")
    call_command("export_feed", str(tmp_path / "out"), *days, "--format", form)
    assert {path.suffix for path in (tmp_path / "out" / "2026-06-01").iterdir()} == {".json", f".{form}"}
    forget_everything()
    for path in sorted((tmp_path / "out").iterdir()):
        result = load_package(path, actor=SYSTEM)
        assert (result.state, result.quarantined) == ("loaded", 0), result.reason
    facts(NEXT)
    after = _held()
    for name, rows in before.items():
        assert differences(rows, after[name], ["key"]) == [], name
    with pytest.raises(CommandError):
        call_command("export_feed", str(tmp_path / "out"), *days)


def test_an_export_from_a_later_day_begins_with_all_masters(load: Load, tmp_path: Path) -> None:
    load(DAY, masters())
    load(NEXT, {"balances.csv": [balance("A1")]})
    call_command("export_feed", str(tmp_path / "out"), "--from", "2026-06-02", "--to", "2026-06-02")
    names = {path.name for path in (tmp_path / "out" / "2026-06-02").iterdir()}
    assert names == {"manifest.json", "balances.csv", *masters()}


def _held() -> dict[str, list[dict[str, Any]]]:
    """Events, records and client-months by business keys."""
    from trading.models import ClientMonth

    plain = {
        "trades": Trade.objects.values(
            "trade_no",
            "feed_day",
            "counts",
            "traded_on",
            "traded_at",
            "account__account_no",
            "market",
            "security_code",
            "side",
            "amount",
            "gross_commission",
            "quantity",
        ),
        "flows": CashFlow.objects.values("flow_no", "feed_day", "occurred_at", "direction", "amount"),
        "balances": Balance.objects.values("day", "account__account_no", "cash", "market_value"),
        "holdings": Holding.objects.values("day", "account__account_no", "product__code", "quantity"),
        "records": ClientRecord.objects.values(
            "client__client_no",
            "told_on",
            "branch__code",
            "manager_no",
            "status",
            "id_index",
            "opened_on",
            "closed_on",
            "valid_from",
            "valid_to",
        ),
        "months": ClientMonth.objects.values(
            "client__client_no",
            "month",
            "branch__code",
            "manager_no",
            "days",
            "trading_days",
            "assets_sum",
            "net_commission",
            "product_families",
        ),
    }
    return {
        name: [{**row, "key": str(number)} for number, row in enumerate(sorted(map(_texts, rows), key=str))]
        for name, rows in plain.items()
    }


def _texts(row: dict[str, Any]) -> dict[str, str]:
    return {
        name: bytes(value).hex() if isinstance(value, memoryview | bytes) else str(value)
        for name, value in row.items()
    }
