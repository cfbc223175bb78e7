"""The package of the next trading day: balances of every account, and the day's trades."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from core import sql
from crm.demo.feed_files import Table, money, number, text, words, write_package
from crm.demo.identifiers import Integers
from trading.queries import loaded_range, trading_days

MARKETS = ("SH", "SZ")
SIDES = ("buy", "sell")


def last_day() -> date:
    """The last loaded trading day."""
    _first, last = loaded_range()
    if last is None:
        raise RuntimeError("the benchmark's database holds no loaded day")
    return last


def write_next_day(folder: Path, clients: int, trades: int) -> Path:
    """Writes the package of the trading day after the last loaded one: every measurement loads another."""
    last = last_day()
    day = trading_days(last + timedelta(days=1), last + timedelta(days=30))[0]
    draw = np.random.default_rng(day.toordinal())
    target = folder / day.isoformat()
    sums = {"trades": "gross_commission", "balances": "cash"}
    tables = {"balances": _balances(last, draw), "trades": _trades(day, clients, trades, draw)}
    write_package(target, day.isoformat(), 1, tables, sums)
    return target


def _balances(last: date, draw: np.random.Generator) -> Table:
    """What the accounts held on the last day, each moved by up to one percent."""
    held = sql.rows("trading", "export_balances", {"day": last})
    moved = draw.uniform(0.99, 1.01, len(held))

    def cents(name: str) -> Integers:
        values = np.array([int(row[name] * 100) for row in held], dtype=np.int64)
        return (values * moved).astype(np.int64)

    names = ("cash", "market_value", "product_value", "margin_debit")
    accounts = text([row["account_no"] for row in held])
    return Table({"account_no": accounts, **{name: money(cents(name)) for name in names}})


def _trades(day: date, clients: int, trades: int, draw: np.random.Generator) -> Table:
    amounts = draw.integers(10_000, 3_000_000, trades)
    sequence = np.arange(1, trades + 1)
    seconds = sequence % 3600
    times = [f"{day}T13:{value // 60:02d}:{value % 60:02d}+08:00" for value in seconds.tolist()]
    fees = {
        "handling_fee": amounts // 29_000,
        "csrc_fee": amounts // 50_000,
        "transfer_fee": amounts // 100_000,
    }
    columns = {
        "trade_no": number(sequence, f"B{day:%Y%m%d}%09d"),
        "account_no": number(draw.integers(1, clients + 1, trades), "A%08d"),
        "traded_at": text(times),
        "market": words(MARKETS, sequence % 2),
        "security_code": number(draw.integers(600_000, 604_000, trades)),
        "side": words(SIDES, sequence % 2),
        "quantity": number(draw.integers(1, 500, trades) * 100),
        "price": money(draw.integers(200, 20_000, trades)),
        "amount": money(amounts),
        "gross_commission": money(amounts // 4_000),
        **{name: money(values) for name, values in fees.items()},
        "stamp_duty": money(np.zeros(trades, dtype=np.int64)),
    }
    return Table(columns)
