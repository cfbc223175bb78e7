"""The state of all demo clients at the close of a day, and how a day changes it.

Accounts are numbered system * clients + client (cash 0, margin 1, options 2); all money is in cents. A day
draws its chances from a generator of its own (seed and day), so that playing again gives the same days.
"""

from dataclasses import dataclass

import numpy as np

from crm.demo.events import DayEvents, Flows
from crm.demo.identifiers import Integers
from crm.demo.market import Market
from crm.demo.names import BRANCHES
from crm.demo.people import People
from crm.demo.plan import CLOSED, DECEASED, DORMANT, KEEP, MASTER_ACTIONS, NORMAL, Action, Plan
from crm.demo.trading import Desk, product_orders, sell_everything, stock_orders, takes_newest

SLOTS = 4
"""Different products a client can hold at a time."""
FLOW_CHANCE = 0.019
"""Deposits and withdrawals per client and trading day."""


@dataclass
class World:
    """State at the close of the last played day; ``day`` is its calendar place, -1 before the first."""

    people: People
    market: Market
    plan: Plan
    seed: int
    activity: float = 1.0

    def __post_init__(self) -> None:
        """Sets the state of the evening before the first day."""
        people, count = self.people, len(self.people)
        self.day = -1
        self.cash = np.zeros(3 * count, dtype=np.int64)
        self.stocks = np.zeros(3 * count, dtype=np.int64)
        self.products = np.zeros((SLOTS, count), dtype=np.int64)
        self.debit = np.zeros(count, dtype=np.int64)
        self.open = people.told == 0
        self.status = np.where(self.open & (people.wealth == 0) & (people.style % 2 == 0), DORMANT, NORMAL)
        self.closed = np.zeros(count, dtype=np.int64)
        self.active = self.open & (people.wealth >= 1_000_00)
        self.branch = people.branch.copy()
        self.manager = people.manager.copy()
        self.risk = people.risk.copy()
        self.assessed = people.assessed.copy()
        self.lends = people.margin & self.open
        self.opted = people.options & self.open
        self.lends_since = np.minimum(people.opened + np.arange(count) % 900, self.market.ordinals[0] - 1)
        self.mood = np.zeros(count)
        self.trend = np.zeros(count)
        self.cash_sum = np.zeros(count, dtype=np.int64)
        self.debit_sum = np.zeros(count, dtype=np.int64)
        self.month_days = 0
        self._endow()

    def __len__(self) -> int:
        return len(self.people)

    def _endow(self) -> None:
        """Gives the stock of clients what they own at the start."""
        random = np.random.default_rng([self.seed, 4])
        people, count = self.people, len(self)
        wealth = np.where(self.open, people.wealth, 0)
        cash = np.rint(wealth * people.cash_share).astype(np.int64)
        invested = random.beta(2.0, 3.0, count) * (random.random(count) < 0.42)
        products = np.rint((wealth - cash) * invested).astype(np.int64)
        self.cash[:count] = cash
        self.stocks[:count] = wealth - cash - products
        slots = random.integers(1, SLOTS + 1, count)
        slots[takes_newest(np.arange(count)) & (slots == SLOTS)] = SLOTS - 1
        for slot in range(SLOTS):
            self.products[slot] = np.where(slot < slots, products // slots, 0)
        self._lend(np.flatnonzero(self.lends))
        traders = np.flatnonzero(self.opted)
        self.cash[2 * count + traders] = people.wealth[traders] // 50

    def _lend(self, clients: Integers) -> None:
        """Margin accounts start with a fifth of the wealth in stocks, 45 % of it borrowed."""
        worth = self.people.wealth[clients] // 5
        self.stocks[len(self) + clients] += worth
        self.debit[clients] += worth * 45 // 100

    def play(self) -> DayEvents:
        """Plays the next day: growth, planned events, deposits, orders. Returns what happened."""
        self.day += 1
        random = np.random.default_rng([self.seed, 100 + self.day])
        events = DayEvents(self.day)
        if self.day:
            self._grow(random)
        self._planned(events)
        self._deposits(random, events)
        desk = Desk(self, random, events)
        product_orders(desk)
        stock_orders(desk)
        count = len(self)
        self.cash_sum += self.cash[:count]
        self.debit_sum += self.debit
        self.month_days += 1
        return events

    def _grow(self, random: np.random.Generator) -> None:
        """Market move; at the start of a quarter a part of the clients takes a new direction."""
        factor = self.market.growth[self.day][self.people.style]
        for system in range(3):
            part = slice(system * len(self), (system + 1) * len(self))
            self.stocks[part] = np.rint(self.stocks[part] * factor)
        self.products = np.rint(self.products * 1.0001).astype(np.int64)
        before, today = self.market.days[self.day - 1], self.market.days[self.day]
        if before.month != today.month:
            self.cash_sum[:] = 0
            self.debit_sum[:] = 0
            self.month_days = 0
            if today.month % 3 == 1:
                self._turn(random)

    def _turn(self, random: np.random.Generator) -> None:
        turning = random.random(len(self)) < 0.35
        lean = self.people.traits.rising[self.people.branch]
        self.trend = np.where(turning, np.clip(random.normal(lean, 0.6, len(self)), -1.2, 1.2), self.trend)
        self.mood = np.clip(self.mood + 0.25 * self.trend, -1.5, 1.5)

    def _planned(self, events: DayEvents) -> None:
        rows = self.plan.on(self.day)
        for action in Action:
            chosen = rows[rows[:, 1] == action]
            clients, values = chosen[:, 2], chosen[:, 3]
            if action not in (Action.OPEN, Action.CLOSE):
                able = self.open[clients] & (self.closed[clients] == 0)
                clients, values = clients[able], values[able]
            if len(clients):
                getattr(self, f"_do_{action.name.lower()}")(clients, values, events)
            if action in MASTER_ACTIONS:
                events.touched.append(clients)

    def _do_open(self, clients: Integers, values: Integers, events: DayEvents) -> None:
        self.open[clients] = True
        events.accounts.append(clients)

    def _do_callback(self, clients: Integers, values: Integers, events: DayEvents) -> None:
        """Nothing changes but the row: callback_passed_on is told from its date on."""

    def _do_status(self, clients: Integers, values: Integers, events: DayEvents) -> None:
        alive = self.status[clients] != DECEASED
        self.status[clients[alive]] = values[alive]
        self.active[clients[alive]] = values[alive] == NORMAL

    def _do_assess(self, clients: Integers, values: Integers, events: DayEvents) -> None:
        self.risk[clients] = values
        self.assessed[clients] = self.market.days[self.day].toordinal()

    def _do_move(self, clients: Integers, values: Integers, events: DayEvents) -> None:
        to = values // 16
        self.branch[clients] = np.where(to == KEEP, self.branch[clients], to)
        sizes = np.array([len(entry.managers) for entry in BRANCHES])
        self.manager[clients] = (values % 16 - 1) % sizes[self.branch[clients]]

    def _do_margin(self, clients: Integers, values: Integers, events: DayEvents) -> None:
        self.lends[clients] = True
        self.lends_since[clients] = self.market.days[self.day].toordinal()
        self._lend(clients)
        events.accounts.append(clients + len(self))

    def _do_fund(self, clients: Integers, values: Integers, events: DayEvents) -> None:
        alive = self.status[clients] != DECEASED
        clients, values = clients[alive], values[alive]
        self.active[clients] = True
        self.status[clients[self.status[clients] == DORMANT]] = NORMAL
        self.cash[clients] += values
        events.touched.append(clients)
        events.flows.append(Flows(clients, np.ones(len(clients), dtype=bool), values))

    def _do_sell(self, clients: Integers, values: Integers, events: DayEvents) -> None:
        self.active[clients] = False
        sell_everything(Desk(self, np.random.default_rng([self.seed, 5, self.day]), events), clients)

    def _do_withdraw(self, clients: Integers, values: Integers, events: DayEvents) -> None:
        """Everything goes out but ``values``, which stay in the cash account."""
        self.active[clients] = False
        self.stocks[clients] = 0
        for system in range(3):
            accounts = clients + system * len(self)
            out = np.maximum(self.cash[accounts] - (values if system == 0 else 0), 0)
            self._withdrawn(accounts, out, events)

    def _withdrawn(self, accounts: Integers, amounts: Integers, events: DayEvents) -> None:
        some = amounts > 0
        self.cash[accounts[some]] -= amounts[some]
        events.flows.append(Flows(accounts[some], np.zeros(some.sum(), dtype=bool), amounts[some]))

    def _do_withdraw_designation(self, clients: Integers, values: Integers, events: DayEvents) -> None:
        """A part of the stocks leaves; with 100 yuan or more behind it is no loss."""
        gone = self.stocks[clients] // 2
        self.stocks[clients] -= gone
        events.tell_custody("designation_withdrawn", clients, gone, np.maximum(self.assets(clients), 200_00))

    def _do_custody(self, clients: Integers, values: Integers, events: DayEvents) -> None:
        """All assets leave but ``values`` of cash."""
        self.active[clients] = False
        value = np.maximum(self.assets(clients) - values, 0)
        self._empty(clients)
        self.cash[clients] = values
        events.tell_custody("custody_out", clients, value, values)

    def _do_decease(self, clients: Integers, values: Integers, events: DayEvents) -> None:
        self.active[clients] = False
        self.status[clients] = DECEASED

    def _do_close(self, clients: Integers, values: Integers, events: DayEvents) -> None:
        self.active[clients] = False
        self._empty(clients)
        self.closed[clients] = values
        self.status[clients] = np.where(self.status[clients] == DECEASED, DECEASED, CLOSED)
        events.closing.append(clients)

    def _empty(self, clients: Integers) -> None:
        for system in range(3):
            self.cash[clients + system * len(self)] = 0
            self.stocks[clients + system * len(self)] = 0
        self.products[:, clients] = 0
        self.debit[clients] = 0

    def _deposits(self, random: np.random.Generator, events: DayEvents) -> None:
        """Money in and out by chance; the direction follows the client's trend."""
        chosen = np.flatnonzero((random.random(len(self)) < FLOW_CHANCE) & self.active)
        worth = np.maximum(self.people.wealth[chosen], 1_000_00)
        size = worth * np.exp(random.normal(-3.2, 1.0, len(chosen))) * np.exp(0.5 * self.mood[chosen])
        amounts = np.maximum(np.rint(size / 100_00).astype(np.int64), 1) * 100_00
        enters = random.random(len(chosen)) < np.clip(0.52 + 0.3 * self.trend[chosen], 0.1, 0.9)
        able = enters | (amounts <= self.cash[chosen])
        chosen, amounts, enters = chosen[able], amounts[able], enters[able]
        self.cash[chosen] += np.where(enters, amounts, -amounts)
        events.flows.append(Flows(chosen, enters, amounts))

    def assets(self, clients: Integers) -> Integers:
        """Assets of the day by client: cash + stocks + products - debit over all accounts."""
        total = self.products[:, clients].sum(axis=0) - self.debit[clients]
        for system in range(3):
            total += self.cash[clients + system * len(self)] + self.stocks[clients + system * len(self)]
        return total

    def accounts_of(self, clients: Integers) -> Integers:
        """All account numbers of the clients, cash accounts first."""
        margin, options = clients[self.lends[clients]], clients[self.opted[clients]]
        return np.concatenate([clients, margin + len(self), options + 2 * len(self)])

    def launched(self) -> bool:
        """Whether the last of PRODUCTS can be bought: it comes half-way through."""
        return self.day >= len(self.market.days) // 2
