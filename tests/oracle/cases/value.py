"""Clients made for scores, tiers, flags and service cost, and the crowd around them (S1-S13)."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from ..world import Subject, World
from .units import BRANCHES


def add_cases(world: World) -> None:
    """All labelled clients of this file."""
    _movers(world)
    _flags(world)
    _kinds(world)
    _service(world)


def _monthly(world: World, client: Subject, first: int, last: int, amount: int, gross: str) -> None:
    """A trade in each of some months, counted from the first month of the world."""
    for place in range(first, last + 1):
        year, month = divmod(world.start.month - 1 + place, 12)
        client.trade(world.on(world.start.year + year, month + 1, 14), amount, gross)


def _movers(world: World) -> None:
    for last, drop in (
        (7, date(2025, 9, 8)),
        (7, date(2025, 9, 8)),
        (3, date(2025, 5, 7)),
        (3, date(2025, 5, 7)),
    ):
        falls = world.client("S3 falls step by step", assets=900000)
        _monthly(world, falls, 0, last, 900000, "2900.0000")
        falls.level(world.next_day(drop), market_value=12000)
    for _ in range(4):
        rises = world.client("S3 rises", assets=20000)
        _monthly(world, rises, 9, 14, 1500000, "1600.0000")
        rises.level(world.on(2025, 11, 5), market_value=800000)
    for _ in range(4):
        fades = world.client("S3 trades stop", assets=300000)
        _monthly(world, fades, 0, 5, 300000, "150.0000")
    back = world.client("S1 reactivated client is not NEW again", assets=60000)
    back.custody(world.on(2025, 9, 16), 0)
    back.level(world.on(2025, 9, 16))
    back.level(world.on(2026, 2, 4), market_value=60000)
    for _ in range(3):
        twins = world.client(
            "S5 equal values share the middle of their ranks",
            assets=40000,
            opened=date(2010, 5, 5),
            told=world.days[0],
        )
        twins.trade(world.on(2025, 10, 20), 10000, "10.0000")


def _flags(world: World) -> None:
    world.client("S10 dormant with assets", assets=250000)
    world.client("S10 dormant below 10 000", assets="9999.9900")
    risk = world.client("S10 assets below half of the peak", assets=900000)
    _monthly(world, risk, 0, 14, 400000, "400.0000")
    risk.level(world.on(2026, 2, 6), market_value=300000)
    pace = world.client("S10 last quarter below half of the year's pace", assets=900000)
    _monthly(world, pace, 0, 11, 400000, "400.0000")
    world.client("S11 prospect without trades", opened=date(2025, 9, 4), assets=500, callback=None)
    first = world.client("S11 first trade", assets=60000)
    first.trade(world.on(2025, 2, 19), 1000, "1.0000")


def _kinds(world: World) -> None:
    for place in range(4):
        client = world.client("S5 kind institution", kind="institution", assets=3000000 * (place + 1))
        _monthly(world, client, place, 14, 700000 * (place + 1), f"{90 * (place + 1)}.0000")
        fund = world.client(
            "S8 kind without breakpoints in the first version",
            kind="product",
            opened=date(2025, 10, 9),
            assets=5000000 * (place + 1),
        )
        _monthly(world, fund, 10, 14, 700000 * (place + 1), f"{90 * (place + 1)}.0000")
    negative = world.client("S6 negative net commission", assets=70000)
    _monthly(world, negative, 0, 14, 100000, "0.0000")
    idle = world.client("S6 no contribution at all", assets=70000)
    idle.flow(world.on(2025, 12, 9), "in", "15000.00")
    world.declared[negative.client_no] = Decimal("0.0000")
    world.declared[idle.client_no] = Decimal("250000.0000")


def _service(world: World) -> None:
    client = world.client("S6 service costs more than it brings", branch_code="1001")
    client.talk("2025-10-14T10:00:00+08:00", "phone", minutes=25)
    client.talk("2025-10-31T16:30:00+00:00", "phone", minutes=8)
    client.talk("2026-01-15T09:30:00+08:00", "wecom", messages=14)
    client.change(world.on(2026, 1, 20), branch_code="1002", manager_no="M1002A")
    client.talk("2026-01-20T00:00:01+08:00", "visit", minutes=40)
    gone = world.client("F9 calls after closing", branch_code="1003")
    gone.close(date(2025, 10, 28))
    gone.talk("2025-12-02T11:00:00+08:00", "phone", minutes=6, messages=1)
    free = world.client("a channel without cost", branch_code="1003")
    free.talk("2025-12-02T11:00:00+08:00", "weibo", minutes=6, messages=1)


def add_crowd(world: World, count: int) -> None:
    """Ordinary clients with chance on their side: most stay, some come, move and leave."""
    for _ in range(count):
        _ordinary(world)


def _ordinary(world: World) -> None:
    chance = world.random
    kind = chance.choices(("individual", "institution", "product"), (86, 9, 5))[0]
    assets = round(10 ** chance.uniform(3.4, 6.6), 2)
    span = (world.end - world.start).days
    opened = None
    if kind == "product":
        opened = date(2025, 10, 9) + timedelta(days=chance.randrange(60))
    elif chance.random() < 0.25:
        opened = world.start + timedelta(days=chance.randrange(8, span - 40))
    client = world.client(
        "crowd",
        opened=opened,
        kind=kind,
        assets=assets,
        steady=False,
        branch_code=chance.choice(BRANCHES[:8]),
    )
    if opened is None:
        client.row["investor_class"] = chance.choice(("ordinary", "professional_a"))
    _traffic(world, client, assets)
    _holdings(world, client)
    _fate(world, client)
    if chance.random() < 0.2:
        world.declared[client.client_no] = Decimal(chance.randrange(0, 2_000_000_00)) / 100


def _traffic(world: World, client: Subject, assets: float) -> None:
    """Trades, flows and incomes by month; now and then the habit changes."""
    chance = world.random
    rate, habit = chance.choice((0.0002, 0.0003, 0.0008)), chance.choice((0.0, 0.3, 1.0, 2.5))
    value = assets
    for day in [day for day in world.days if day >= client.told]:
        if chance.random() < 0.004:
            habit = chance.choice((0.0, 0.3, 1.0, 2.5))
        if chance.random() < habit / 20:
            amount = round(assets * chance.uniform(0.02, 0.5), 2)
            client.trade(day, amount, f"{max(5.0, amount * rate):.4f}", side=chance.choice(("buy", "sell")))
        if chance.random() < 0.008:
            value = _flow(client, day, value)
        if chance.random() < 0.01:
            kind = chance.choice(
                ("margin_interest", "cash_spread", "product_fee", "trailing_fee", "advisory_fee", "other")
            )
            client.income(day, kind, f"{assets * chance.uniform(-0.00002, 0.0004):.4f}")
        if chance.random() < 0.01:
            client.talk(
                f"{day}T1{chance.randrange(10)}:30:00+08:00",
                chance.choice(("phone", "wecom", "visit", "sms")),
                minutes=chance.randrange(30),
                messages=chance.randrange(6),
            )


def _flow(client: Subject, day: date, value: float) -> float:
    """Money in or out; the balance follows."""
    share = client.world.random.uniform(-0.6, 0.8)
    amount = round(abs(share) * value, 2)
    client.flow(day, "in" if share > 0 else "out", f"{amount:.2f}")
    value = round(value + (amount if share > 0 else -amount), 2)
    client.level(day, cash=round(value / 5, 2), market_value=round(value * 4 / 5, 2))
    return value


def _holdings(world: World, client: Subject) -> None:
    chance = world.random
    for _ in range(chance.randrange(3)):
        day = world.days[chance.randrange(len(world.days))]
        codes = chance.sample(range(8), chance.randrange(1, 5))
        client.hold(max(day, client.told), *[("OTC", f"P{code}", "100", f"P{code}") for code in codes])
    client.account.holdings.sort(key=lambda held: held[0])


def _fate(world: World, client: Subject) -> None:
    """One in three moves, changes manager, leaves or fades."""
    chance, fate = world.random, world.random.random()
    later = [day for day in world.days if day > client.told + timedelta(days=40)]
    if not later or fate > 0.34:
        return
    day = chance.choice(later)
    if fate < 0.12:
        code = chance.choice(BRANCHES[:8])
        client.change(day, branch_code=code, manager_no=f"M{code}{chance.choice('AB')}")
    elif fate < 0.20:
        client.change(day, manager_no=f"M{client.row['branch_code']}B")
    elif fate < 0.28:
        client.account.levels = [level for level in client.account.levels if level[0] < day]
        client.close(day)
    elif fate < 0.31:
        client.account.levels = [level for level in client.account.levels if level[0] < day]
        client.custody(day, "12.0000")
        client.level(day, market_value="12.0000")
    else:
        client.change(day, status="frozen")
