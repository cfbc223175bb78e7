"""Rows that come late, twice, corrected, broken or before their parents (F1-F24)."""

from __future__ import annotations

from datetime import date, timedelta

from ..world import Rows, Style, World


def add_cases(world: World) -> None:
    """All clients and oddities of this file."""
    _late(world)
    _twice(world)
    _corrected(world)
    _quarantined(world)
    _parents(world)
    _odd_files(world)
    _balances(world)
    _holdings(world)


def _late(world: World) -> None:
    client = world.client("F7 trades told late and with offsets")
    client.trade(world.on(2025, 4, 2), 10000, "8.0000", at="2025-03-28T10:00:00+08:00")
    client.trade(world.on(2025, 4, 1), 11000, "9.0000", at="2025-03-31T17:30:00Z")
    client.trade(world.on(2025, 7, 1), 12000, "10.0000", at="2025-07-01T00:30:00+09:00")
    client.trade(world.on(2025, 6, 30), 13000, "11.0000", at="2025-06-30T23:59:59")
    client.flow(world.on(2025, 7, 1), "in", "250.5000", at="2025-07-01T00:00:00")
    early = world.client("F23 flows dated before the first month")
    early.trade(world.on(2025, 1, 2), 7000, "7.0000", at="2024-12-30T13:00:00+08:00")
    early.flow(world.on(2025, 1, 3), "in", "3000.00", at="2024-12-20T13:00:00+08:00")
    change = world.client("F10 change of branch mid-month, flows on both sides", branch_code="1001")
    change.trade(world.on(2025, 8, 5), 20000, "20.0000")
    change.change(world.on(2025, 8, 14), branch_code="1003", manager_no="M1003B")
    change.trade(world.on(2025, 8, 15), 30000, "25.0000", at="2025-08-06T10:00:00")
    change.trade(world.on(2025, 8, 25), 40000, "30.0000")
    stale = world.client("F24 a trade of May told in November")
    stale.trade(world.on(2025, 11, 20), 500000, "900.0000", at="2025-05-20T10:00:00+08:00")


def _twice(world: World) -> None:
    client = world.client("F11 keys repeated over packages")
    first = client.trade(world.on(2025, 2, 10), 10000, "30.0000")
    client.trade(world.on(2025, 2, 20), 99999, "60.0000", trade_no=first["trade_no"])
    flow = client.flow(world.on(2025, 2, 11), "in", "1000.00")
    client.flow(world.on(2025, 3, 11), "out", "4000.00", flow_no=flow["flow_no"])
    income = client.income(world.on(2025, 2, 12), "product_fee", "5.0000")
    world.add(world.on(2025, 2, 24), "incomes", {**income, "amount": "77.0000"})
    event = client.custody(world.on(2025, 2, 13), 500)
    world.add(world.on(2025, 2, 25), "custody", {**event, "residual_assets": "0"})
    broken = world.client("F11 the earlier row is quarantined, the later counts")
    bad = broken.trade(world.on(2025, 2, 14), 10000, "30.0000", quantity="-1")
    broken.trade(world.on(2025, 2, 26), 20000, "40.0000", trade_no=bad["trade_no"])
    day = world.on(2025, 5, 19)
    same = world.client("F19 keys repeated in one file")
    row = same.trade(day, 10000, "12.0000")
    world.add(day, "trades", dict(row))
    world.add(day, "trades", {**row, "gross_commission": "13.0000"})
    told = world.on(2025, 5, 20)
    same.change(told, email="first@example.com")
    world.add(told, "clients", {**same.row, "email": "second@example.com"})


def _corrected(world: World) -> None:
    client = world.client("F12 corrected: trades changed, flows gone")
    day = world.on(2025, 3, 12)
    client.trade(day, 10000, "10.0000")
    dropped = client.trade(day, 20000, "20.0000")
    client.trade(day, 21000, "-4")
    client.flow(day, "in", "7777.00")
    world.corrections[day].append(_changed_trades(client.account.account_no, dropped["trade_no"]))
    again = world.client("F12 corrected twice", assets=15000)
    day = world.on(2025, 4, 16)
    again.trade(day, 1000, "1.0000")
    world.corrections[day] += [
        _balance_of(again.account.account_no, "8000.00"),
        _balance_of(again.account.account_no, "16000.0001"),
    ]
    day = world.last_day(2025, 6)
    world.snapshot_days.add(day)
    world.corrections[day].append(_without("holdings", "clients", "accounts", "branches"))
    master = world.client("F12 master row of the earlier version stays")
    day = world.on(2025, 10, 15)
    master.change(day, branch_code="1005", manager_no="M1005A")
    world.corrections[day].append(_without("clients", "accounts"))
    newer = world.client("F12 master row of the higher version wins")
    day = world.on(2025, 10, 17)
    newer.change(day, branch_code="1005", manager_no="M1005A")
    world.corrections[day].append(_moved_to(newer.client_no, "1006", "M1006A"))
    newer.row.update(branch_code="1006", manager_no="M1006A")


def _changed_trades(account_no: str, dropped: str):
    def correction(rows: Rows) -> Rows:
        """The account's trades at twice the commission, one of them dropped; no cash flows at all."""
        rows["trades"] = [
            {**row, "gross_commission": "22.2200"} if row["account_no"] == account_no else row
            for row in rows["trades"]
            if row["trade_no"] != dropped
        ]
        return _without("cash_flows", "clients", "accounts")(rows)

    return correction


def _balance_of(account_no: str, value: str):
    def correction(rows: Rows) -> Rows:
        """The same day with another balance of one account."""
        rows["balances"] = [
            {**row, "market_value": value} if row["account_no"] == account_no else row
            for row in rows["balances"]
        ]
        return rows

    return correction


def _without(*tables: str):
    def correction(rows: Rows) -> Rows:
        """The same day without some of its files."""
        return {table: kept for table, kept in rows.items() if table not in tables}

    return correction


def _moved_to(client_no: str, branch: str, manager: str):
    def correction(rows: Rows) -> Rows:
        """The same day, one client at another branch; other clients are not repeated."""
        rows["clients"] = [
            {**row, "branch_code": branch, "manager_no": manager}
            for row in rows["clients"]
            if row["client_no"] == client_no
        ]
        return rows

    return correction


def _quarantined(world: World) -> None:
    client = world.client("F16-F20 rows that break rules")
    day = world.on(2025, 9, 11)
    for columns in (
        {"side": "lend"},
        {"quantity": "-5"},
        {"price": "1.23456"},
        {"amount": ""},
        {"traded_at": (day + timedelta(days=1)).isoformat() + "T09:00:00+08:00"},
        {"gross_commission": "ten"},
        {"traded_at": "noon"},
    ):
        client.trade(day, 10000, "10.0000", **columns)
    world.add(day, "trades", "T999,too,few")
    flow = client.flow(day, "in", "10.00")
    world.add(day, "cash_flows", {**flow, "flow_no": "F-bad-1", "direction": "sideways"})
    world.add(day, "cash_flows", {**flow, "flow_no": "F-bad-2", "amount": "-1.00"})
    world.add(
        day, "incomes", {"income_no": "I-bad-1", "client_no": client.client_no, "kind": "gift", "amount": "1"}
    )
    world.add(
        day,
        "custody",
        {
            "event_no": "U-bad-1",
            "client_no": client.client_no,
            "kind": "custody_out",
            "value": "1",
            "residual_assets": "-1",
        },
    )
    world.add(
        day,
        "balances",
        {
            "account_no": client.account.account_no,
            "cash": "1",
            "market_value": "1",
            "product_value": "1",
            "margin_debit": "1",
        },
    )
    told = world.on(2025, 9, 12)
    world.add(told, "clients", {**client.row, "status": "closed"})
    world.add(told, "clients", {**client.row, "client_no": "C-bad-1", "sex": "U"})
    world.add(told, "clients", {**client.row, "client_no": "C-bad-2", "branch_code": "R1"})
    world.add(told, "clients", {**client.row, "client_no": "C-bad-3", "opened_on": "2025-13-01"})
    wrong = client.row["id_number"][:-1] + ("0" if client.row["id_number"][-1] != "0" else "1")
    world.add(told, "clients", {**client.row, "client_no": "C-bad-4", "id_number": wrong})
    world.add(
        told,
        "clients",
        {**client.row, "client_no": "C-bad-5", "birth_date": (told + timedelta(days=3)).isoformat()},
    )
    world.add(
        told,
        "accounts",
        {
            "account_no": "A-bad-1",
            "client_no": "C-bad-4",
            "system": "cash",
            "currency": "CNY",
            "status": "normal",
            "opened_on": "2025-09-01",
            "closed_on": "",
        },
    )
    client.trade(world.on(2025, 9, 15), 5000, "5.0000", account="A-bad-1")
    client.trade(world.on(2025, 9, 15), 5000, "5.0000", account="A-never-told")


def _parents(world: World) -> None:
    late = world.client("F6 account told five days after its trades", told=world.on(2025, 3, 24), assets=100)
    account = late.open_account(world.on(2025, 4, 1))
    late.level(world.on(2025, 3, 25), market_value=60000, account=account)
    late.trade(world.on(2025, 3, 26), 30000, "60.0000", account=account.account_no)
    client = world.client(
        "F6 client told after its account and trades", told=world.on(2025, 7, 21), assets=40000
    )
    day = world.on(2025, 7, 15)
    world.add(
        day,
        "accounts",
        {
            "account_no": "A-early-1",
            "client_no": client.client_no,
            "system": "margin",
            "currency": "HKD",
            "status": "normal",
            "opened_on": "2025-07-01",
            "closed_on": "",
        },
    )
    client.trade(day, 30000, "45.0000", account="A-early-1")
    client.row["callback_passed_on"] = client.row["opened_on"]
    income = world.on(2025, 7, 16)
    world.add(
        income,
        "incomes",
        {"income_no": "I-early-1", "client_no": client.client_no, "kind": "cash_spread", "amount": "4.4400"},
    )


def _odd_files(world: World) -> None:
    client = world.client("F14 quoted line breaks and commas", name='换行\n"引号", 逗号', address="一\r\n二")
    day = world.on(2025, 9, 18)
    client.change(day, address="三\n四\n五")
    world.add(day, "clients", {**client.row, "client_no": "C-bad-6", "status": "sleeping"})
    for told, table, style in (
        (world.on(2025, 9, 19), "trades", Style(mark=True)),
        (world.on(2025, 9, 22), "trades", Style(extra="memo")),
        (world.on(2025, 9, 23), "trades", Style(windows=True)),
        (world.on(2025, 9, 24), "trades", Style(blank=True)),
        (day, "balances", Style(mark=True, windows=True, blank=True, extra="desk")),
    ):
        world.styles[told, table] = style
        client.trade(told, 1000, "1.5000")
        client.trade(told, 2000, "2.5000")


def _balances(world: World) -> None:
    gap = world.client("F1 account without a row on some days", assets=30000)
    gap.account.silent |= {world.on(2025, 5, 7), world.on(2025, 5, 8), world.last_day(2025, 7)}
    two = world.client("F1 two accounts, one with debt", assets=80000)
    margin = two.open_account(world.on(2025, 2, 17), "margin", "HKD")
    two.level(
        world.on(2025, 2, 17),
        cash="-1200.5000",
        market_value="90000.25",
        margin_debit="61000.1234",
        account=margin,
    )
    two.income(world.on(2025, 3, 20), "margin_interest", "310.7500")
    debt = world.client("S7 more debt than assets", assets=20000)
    debt.level(world.on(2025, 10, 20), market_value="1000.00", margin_debit="9000.00")
    mid = world.client("F3 opened and closed mid-month", opened=date(2025, 6, 11))
    mid.close(date(2025, 10, 22))
    world.client("F4 opened_on corrected by the newest row", opened=date(2025, 5, 8)).change(
        world.on(2025, 5, 15), opened_on="2025-05-06"
    )


def _holdings(world: World) -> None:
    first = world.days[0]
    families = (
        "equity_fund",
        "bond_fund",
        "money_fund",
        "private_fund",
        "structured_note",
        "asset_management",
        "advisory",
    )
    for place, family in enumerate(families):
        world.add(
            first,
            "products",
            {
                "product_code": f"P{place}",
                "name": f"产品{place}",
                "family": family,
                "risk_level": f"R{place % 5 + 1}",
            },
        )
    world.add(
        first, "products", {"product_code": "P7", "name": "产品7", "family": "bond_fund", "risk_level": "R2"}
    )
    world.add(
        world.on(2025, 11, 10),
        "products",
        {"product_code": "P7", "name": "产品7", "family": "money_fund", "risk_level": "R2"},
    )
    many = world.client("F8 more than six families")
    many.hold(first, *[("OTC", f"P{place}", "100", f"P{place}") for place in range(8)])
    none = world.client("F8 quantity 0 and plain shares do not count")
    none.hold(first, ("OTC", "P0", "0", "P0"), ("SH", "600000", "100", ""), ("OTC", "P1", "5.5", "P1"))
    sold = world.client("F8 absent from the newest snapshot")
    sold.hold(first, ("OTC", "P0", "100", "P0"), ("OTC", "P2", "100", "P2"))
    sold.hold(world.on(2025, 8, 5))
    unknown = world.client("F6 holding of an unknown product")
    unknown.hold(world.on(2025, 4, 1), ("OTC", "PX", "100", "PX"), ("OTC", "P3", "1", "P3"))
    for month in range(1, 13):
        world.snapshot_days.add(world.last_day(2025, month))
    world.snapshot_days -= {world.last_day(2025, 3)}
    world.snapshot_days |= {
        world.on(2025, 2, 12),
        world.on(2025, 9, 10),
        world.last_day(2026, 2),
        world.on(2026, 3, 16),
    }
