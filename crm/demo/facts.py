"""Event rows of the demo packages: balances, holdings, trades, cash flows, incomes, custody."""

from dataclasses import fields

import numpy as np

from crm.demo.events import Custody, DayEvents, Flows, Trades
from crm.demo.feed_files import Column, Table, money, number, text, words
from crm.demo.identifiers import Integers
from crm.demo.masters import account_numbers
from crm.demo.names import PRODUCTS, SECURITIES
from crm.demo.trading import FAVOURITES, favourite, product_of
from crm.demo.world import SLOTS, World

PRODUCT_CODES = [code for code, *_ in PRODUCTS]
MARKETS = [market for market, _ in SECURITIES] + ["OTC"] * len(PRODUCTS)
CODES = [code for _, code in SECURITIES] + PRODUCT_CODES
FEE_RATES = np.array([0.0012, 0.0025, 0.0020, 0.0060, 0.0030, 0.0050, 0.0040])
"""Yearly fee per family, in the order of FAMILIES."""
FAMILIES = (
    "money_fund",
    "bond_fund",
    "structured_note",
    "equity_fund",
    "asset_management",
    "private_fund",
    "advisory",
)
PRODUCT_FEES = np.array([FEE_RATES[FAMILIES.index(family)] for _, _, family, _ in PRODUCTS])
NOTHING = np.empty(0, dtype=np.int64)
MARGIN_RATE = 0.055
SPREAD_RATE = 0.004


def balances(world: World) -> Table:
    """Every account with a non-zero balance."""
    count = len(world)
    held = world.products.sum(axis=0)
    some = (world.cash != 0) | (world.stocks != 0)
    some[:count] |= held != 0
    some[count : 2 * count] |= world.debit != 0
    accounts = np.flatnonzero(some)
    none = np.zeros(len(accounts), dtype=np.int64)
    clients, systems = accounts % count, accounts // count
    return Table(
        {
            "account_no": number(account_numbers(accounts, count), "A%08d"),
            "cash": money(world.cash[accounts]),
            "market_value": money(world.stocks[accounts]),
            "product_value": money(np.where(systems == 0, held[clients], none)),
            "margin_debit": money(np.where(systems == 1, world.debit[clients], none)),
        }
    )


def holdings(world: World) -> Table:
    """The complete snapshot: stocks of each account spread over favourites, then products by slot."""
    stocks, products = _stock_holdings(world), _product_holdings(world)
    joined = [np.concatenate(pair) for pair in zip(stocks, products, strict=True)]
    accounts, place, product, quantity, value = joined
    listed = np.where(product < 0, place, len(SECURITIES) + product)
    return Table(
        {
            "account_no": number(account_numbers(accounts, len(world)), "A%08d"),
            "market": words(MARKETS, listed),
            "security_code": words(CODES, listed),
            "quantity": number(quantity),
            "market_value": money(value),
            "product_code": words(("", *PRODUCT_CODES), product + 1),
        }
    )


def _stock_holdings(world: World) -> tuple[Integers, ...]:
    accounts = np.flatnonzero(world.stocks > 0)
    clients = accounts % len(world)
    kinds = np.where(world.stocks[accounts] < 50_000_00, 1, clients % FAVOURITES + 1)
    rows = np.repeat(np.arange(len(accounts)), kinds)
    turn = np.arange(len(rows)) - np.repeat(np.cumsum(kinds) - kinds, kinds)
    total = world.stocks[accounts][rows]
    part = total // kinds[rows]
    value = np.where(turn == 0, total - part * (kinds[rows] - 1), part)
    place = favourite(clients[rows], turn)
    quantity = np.maximum(value // world.market.prices[world.day][place], 1)
    return accounts[rows], place, np.full(len(rows), -1), quantity, value


def _product_holdings(world: World) -> tuple[Integers, ...]:
    """Two slots with the same product make one row: holdings are keyed by account, market and security."""
    slot, clients = np.nonzero(world.products > 0)
    code = product_of(clients, slot, world.people.risk[clients])
    keys, places = np.unique(clients * 64 + code, return_inverse=True)
    value = np.zeros(len(keys), dtype=np.int64)
    np.add.at(value, places, world.products[slot, clients])
    none = np.zeros(len(keys), dtype=np.int64)
    return keys // 64, none, keys % 64, np.maximum(value // 100, 1), value


def _joined(parts: list, cls: type) -> dict[str, Integers]:
    """The arrays of several event groups, one after the other."""
    return {
        entry.name: np.concatenate([NOTHING, *(getattr(part, entry.name) for part in parts)])
        for entry in fields(cls)
        if entry.type is not str
    }


def _clock(day: str, random: np.random.Generator, count: int) -> Column:
    """Ascending times of a trading day (09:30-11:30, 13:00-15:00) in Shanghai."""
    seconds = np.sort(random.integers(0, 4 * 3600, count))
    seconds += np.where(seconds < 2 * 3600, 9 * 3600 + 1800, 11 * 3600)
    return Column(day + "T%02d:%02d:%02d+08:00", (seconds // 3600, seconds // 60 % 60, seconds % 60))


def trades(world: World, events: DayEvents, random: np.random.Generator) -> Table:
    """All trades of the day in the order of their time; fees have four decimals."""
    all_trades = _joined(events.trades, Trades)
    order = random.permutation(len(all_trades["amount"]))
    told = {name: values[order] for name, values in all_trades.items()}
    day = world.market.days[world.day]
    listed = np.where(told["product"] < 0, told["security"], len(SECURITIES) + told["product"])
    return Table(
        {
            "trade_no": number(np.arange(1, len(order) + 1), f"T{day:%Y%m%d}%07d"),
            "account_no": number(account_numbers(told["accounts"], len(world)), "A%08d"),
            "traded_at": _clock(day.isoformat(), random, len(order)),
            "market": words(MARKETS, listed),
            "security_code": words(CODES, listed),
            "side": words(("sell", "buy"), told["buys"]),
            "quantity": number(told["quantity"]),
            "price": money(told["price"]),
            "amount": money(told["amount"]),
            **_fees(told),
        }
    )


def _fees(told: dict[str, Integers]) -> dict[str, Column]:
    """Exchange fees per market rule; none on products. In 1/10 000 yuan."""
    stock = told["product"] < 0
    amount = np.where(stock, told["amount"], 0)
    sold = np.where(told["buys"], 0, amount)
    return {
        "gross_commission": money(told["gross"], 4),
        "handling_fee": money(np.rint(amount * 0.00341).astype(np.int64), 4),
        "csrc_fee": money(np.rint(amount * 0.002).astype(np.int64), 4),
        "transfer_fee": money(np.rint(amount * 0.001).astype(np.int64), 4),
        "stamp_duty": money(np.rint(sold * 0.05).astype(np.int64), 4),
    }


def cash_flows(world: World, events: DayEvents, random: np.random.Generator) -> Table:
    """Deposits and withdrawals of the day."""
    told = _joined(events.flows, Flows)
    day = world.market.days[world.day]
    count = len(told["amounts"])
    return Table(
        {
            "flow_no": number(np.arange(1, count + 1), f"F{day:%Y%m%d}%06d"),
            "account_no": number(account_numbers(told["accounts"], len(world)), "A%08d"),
            "occurred_at": _clock(day.isoformat(), random, count),
            "direction": words(("out", "in"), told["enters"]),
            "amount": money(told["amounts"]),
        }
    )


def custody(world: World, events: DayEvents) -> Table:
    """Custody events of the day."""
    told = _joined(events.custody, Custody)
    kinds = [part.kind for part in events.custody for _ in range(len(part.clients))]
    day = world.market.days[world.day]
    return Table(
        {
            "event_no": number(np.arange(1, len(kinds) + 1), f"E{day:%Y%m%d}%05d"),
            "client_no": number(told["clients"] + 1, "C%06d"),
            "kind": text(kinds),
            "value": money(told["value"]),
            "residual_assets": money(told["residual"]),
        }
    )


def incomes(world: World, random: np.random.Generator) -> Table:
    """What the month brought beside commission: interest, cash spread, fees on products and advice, other."""
    parts = list(_income_parts(world, random))
    clients = np.concatenate([who for _, who, _ in parts])
    amounts = np.concatenate([cents for _, _, cents in parts])
    day = world.market.days[world.day]
    return Table(
        {
            "income_no": number(np.arange(1, len(clients) + 1), f"I{day:%Y%m%d}%07d"),
            "client_no": number(clients + 1, "C%06d"),
            "kind": text([kind for kind, who, _ in parts for _ in range(len(who))]),
            "amount": money(amounts),
        }
    )


def _income_parts(world: World, random: np.random.Generator) -> list[tuple[str, Integers, Integers]]:
    """(kind, clients, cents) of the month to date; cents below one are left out."""
    month = world.market.days[world.day].day / 365
    everyone = np.arange(len(world))
    fund = np.zeros(len(world))
    own = np.zeros(len(world))
    advice = np.zeros(len(world))
    for slot in range(SLOTS):
        code = product_of(everyone, slot, world.people.risk)
        fee = world.products[slot] * PRODUCT_FEES[code] * month
        fund += np.where(code < 7, fee, 0)
        own += np.where((code >= 7) & (code < 13), fee, 0)
        advice += np.where(code >= 13, fee, 0)
    other = np.zeros(len(world))
    odd = np.flatnonzero((random.random(len(world)) < 0.004) & world.active)
    other[odd] = random.choice((-5000, 2000, 20000, 50000), len(odd), p=(0.2, 0.4, 0.3, 0.1))
    amounts = {
        "margin_interest": world.debit_sum / world.month_days * MARGIN_RATE * month,
        "cash_spread": world.cash_sum / world.month_days * SPREAD_RATE * month,
        "product_fee": own,
        "trailing_fee": fund,
        "advisory_fee": advice,
        "other": other,
    }
    return [_worth_telling(kind, values) for kind, values in amounts.items()]


def _worth_telling(kind: str, values: np.ndarray) -> tuple[str, Integers, Integers]:
    cents = np.rint(values).astype(np.int64)
    clients = np.flatnonzero(np.abs(cents) >= (100 if kind == "cash_spread" else 1))
    return kind, clients, cents[clients]
