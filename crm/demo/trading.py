"""Orders of the demo clients: stocks from four favourites of each, products by risk level, selling out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from crm.demo.events import DayEvents, Trades
from crm.demo.identifiers import Integers
from crm.demo.names import PRODUCTS, SECURITIES
from crm.demo.people import Flags

if TYPE_CHECKING:
    from crm.demo.world import World

FAVOURITES = 4
PRODUCT_CHANCE = 0.0035
"""Product orders per client and trading day."""
PRODUCT_LEVELS = np.array([int(level[1]) for _, _, _, level in PRODUCTS])


@dataclass
class Desk:
    """Where a day's orders are executed: the state they change and the events they are noted in."""

    world: World
    random: np.random.Generator
    events: DayEvents


def favourite(clients: Integers, place: Integers | int) -> Integers:
    """Place in SECURITIES of a client's favourite number ``place`` (0-3); the four differ."""
    return (clients * 31 + clients // 64 + place * 17) % len(SECURITIES)


def takes_newest(clients: Integers) -> Flags:
    """Who keeps the last slot free for the product that is launched half-way through."""
    return clients % 11 == 0


def product_of(clients: Integers, slot: Integers | int, risk: Integers) -> Integers:
    """Place in PRODUCTS of what a client holds in a slot: about two in three at or below the risk level."""
    place = (clients * 7 + slot * 4 + clients // 15) % (len(PRODUCTS) - 1)
    above = PRODUCT_LEVELS[place] > np.maximum(risk, 1)
    tame = (clients + slot) % 3 != 0
    place = np.where(above & tame, 5 + slot % 2, place)
    return np.where(takes_newest(clients) & (slot == 3), len(PRODUCTS) - 1, place)


def stock_orders(desk: Desk) -> None:
    """Draws the number of orders of each active client and executes them."""
    world, random = desk.world, desk.random
    pace = world.people.trading * np.exp(world.mood) * world.active * world.activity
    chances = np.where(world.active, random.poisson(pace), 0).clip(0, 40)
    clients = np.repeat(np.arange(len(world)), chances)
    share = 1 / np.maximum(chances[clients], 1)
    lends = world.lends[clients] & (random.random(len(clients)) < 0.35)
    accounts = clients + lends * len(world)
    price = _prices(desk, clients)
    means = np.where(lends, world.stocks[accounts] // 6, world.cash[accounts])
    buys = random.random(len(clients)) < np.where(means > world.stocks[accounts], 0.7, 0.47)
    worth = (
        np.where(
            buys,
            means * random.uniform(0.1, 0.8, len(clients)),
            world.stocks[accounts] * random.uniform(0.05, 0.7, len(clients)),
        )
        * share
    )
    quantity = (worth / price["cents"]).astype(np.int64) // 100 * 100
    done = quantity > 0
    _execute(desk, accounts[done], price["security"][done], buys[done], quantity[done], price["cents"][done])


def _prices(desk: Desk, clients: Integers) -> dict[str, Integers]:
    security = favourite(clients, desk.random.integers(0, FAVOURITES, len(clients)))
    close = desk.world.market.prices[desk.world.day][security]
    cents = np.rint(close * desk.random.uniform(0.985, 1.015, len(clients))).astype(np.int64)
    return {"security": security, "cents": np.maximum(cents, 1)}


def _execute(
    desk: Desk, accounts: Integers, security: Integers, buys: Flags, quantity: Integers, price: Integers
) -> None:
    """Books orders: buying on margin borrows, selling there pays the debt back first."""
    world = desk.world
    amount = quantity * price
    signed = np.where(buys, amount, -amount)
    np.add.at(world.stocks, accounts, signed)
    np.maximum(world.stocks, 0, out=world.stocks)
    plain = accounts < len(world)
    np.subtract.at(world.cash, accounts[plain], signed[plain])
    np.add.at(world.debit, accounts[~plain] - len(world), signed[~plain])
    _settle_margin(world, np.unique(accounts[~plain]) - len(world))
    _note(desk, accounts, security, np.full(len(accounts), -1), buys, quantity, price)


def _settle_margin(world: World, clients: Integers) -> None:
    """A debt below zero is cash of the margin account."""
    spare = np.maximum(-world.debit[clients], 0)
    world.debit[clients] += spare
    world.cash[clients + len(world)] += spare


def _note(
    desk: Desk,
    accounts: Integers,
    security: Integers,
    product: Integers,
    buys: Flags,
    quantity: Integers,
    price: Integers,
) -> None:
    """Notes trades with their gross commission: none on products, at least 5 yuan for who has a minimum."""
    people = desk.world.people
    clients = accounts % len(desk.world)
    amount = quantity * price
    gross = np.rint(amount * people.commission[clients] * 100).astype(np.int64)
    gross = np.where(people.minimum[clients], np.maximum(gross, 5_0000), gross)
    gross = np.where(product >= 0, 0, gross)
    desk.events.trades.append(Trades(accounts, security, product, buys, quantity, price, amount, gross))


def product_orders(desk: Desk) -> None:
    """Buys a product for a part of the cash, or redeems a whole slot: OTC trades at a unit price of 1."""
    world, random = desk.world, desk.random
    chance = random.random(len(world)) < PRODUCT_CHANCE * np.exp(world.mood)
    clients = np.flatnonzero(chance & world.active)
    slot = random.integers(0, 4, len(clients))
    slot[takes_newest(clients) & (slot == 3) & (not world.launched())] = 0
    buys = random.random(len(clients)) < 0.62
    wanted = (
        (world.cash[clients] * random.uniform(0.2, 0.7, len(clients))).astype(np.int64) // 1_000_00 * 1_000_00
    )
    amount = np.where(buys, wanted, world.products[slot, clients])
    done = amount > 0
    _switch(desk, clients[done], slot[done], buys[done], amount[done])


def _switch(desk: Desk, clients: Integers, slot: Integers, buys: Flags, amount: Integers) -> None:
    world = desk.world
    world.products[slot, clients] += np.where(buys, amount, -amount)
    world.cash[clients] -= np.where(buys, amount, -amount)
    code = product_of(clients, slot, world.people.risk[clients])
    units = np.maximum(amount // 100, 1)
    _note(
        desk, clients, np.zeros(len(clients), dtype=np.int64), code, buys, units, np.full(len(clients), 100)
    )


def sell_everything(desk: Desk, clients: Integers) -> None:
    """Sells all stocks and products of the clients and pays their debts; what is left is cash."""
    world = desk.world
    for slot in range(4):
        held = clients[world.products[slot, clients] > 0]
        _switch(
            desk, held, np.full(len(held), slot), np.zeros(len(held), dtype=bool), world.products[slot, held]
        )
    for system in range(2):
        accounts = clients + system * len(world)
        _sell_out(desk, accounts[world.stocks[accounts] > 0])
    world.debit[clients] = 0


def _sell_out(desk: Desk, accounts: Integers) -> None:
    world = desk.world
    security = favourite(accounts % len(world), 0)
    price = world.market.prices[world.day][security]
    quantity = np.maximum(world.stocks[accounts] // price, 1)
    _execute(desk, accounts, security, np.zeros(len(accounts), dtype=bool), quantity, price)
    world.stocks[accounts] = 0
