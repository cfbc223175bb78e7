"""The package of the next trading day: balances of every account, and the day's trades."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np

from crm.demo.feed_files import Table, money, number, text, words, write_package
from trading.queries import loaded_range, trading_days

MARKETS = ("SH", "SZ")
SIDES = ("buy", "sell")


def next_day() -> date:
    """The trading day after the last loaded one: every measurement of the feed loads another."""
    _first, last = loaded_range()
    if last is None:
        raise RuntimeError("the benchmark's database holds no loaded day")
    return trading_days(last + timedelta(days=1), last + timedelta(days=30))[0]


def write_day(folder: Path, day: date, clients: int, trades: int) -> Path:
    """Writes the day's package into the folder; the same numbers give the same bytes."""
    draw = np.random.default_rng(day.toordinal())
    target = folder / day.isoformat()
    sums = {"trades": "gross_commission", "balances": "cash"}
    tables = {"balances": _balances(clients, draw), "trades": _trades(day, clients, trades, draw)}
    write_package(target, day.isoformat(), 1, tables, sums)
    return target


def _balances(clients: int, draw: np.random.Generator) -> Table:
    numbers = np.arange(1, clients + 1)
    numbers = numbers[numbers % 3 > 0]
    wealth = (draw.pareto(1.2, len(numbers)) * 2_000_000).astype(np.int64).clip(0, 10**14)
    nothing = np.zeros(len(numbers), dtype=np.int64)
    columns = {
        "account_no": number(numbers, "A%08d"),
        "cash": money(wealth // 5),
        "market_value": money(wealth),
        "product_value": money(wealth // 7),
        "margin_debit": money(nothing),
    }
    return Table(columns)


def _trades(day: date, clients: int, trades: int, draw: np.random.Generator) -> Table:
    amounts = draw.integers(100_000, 90_000_000, trades)
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
