"""What will happen to each demo client and when: the lifecycle cases, planned before the first day is played.

A plan is a table of (day, action, client, value) sorted by day and action. Values: cents for money, branch
and manager packed by ``pack``, an index for status and risk level, a date ordinal for closures.
"""

from dataclasses import dataclass, field
from enum import IntEnum

import numpy as np

from crm.demo.identifiers import Integers
from crm.demo.market import Market
from crm.demo.names import BRANCHES, MERGED, SUCCESSOR
from crm.demo.people import BRANCH_PLACES, INDIVIDUAL, People

MONTH = 21
"""Trading days of a month, on average."""
STATUSES = ("normal", "frozen", "loss_reported", "dormant", "closed", "deceased")
NORMAL, FROZEN, LOSS_REPORTED, DORMANT, CLOSED, DECEASED = range(6)


class Action(IntEnum):
    """In the order in which they are played within a day."""

    OPEN = 1
    CALLBACK = 2
    STATUS = 3
    ASSESS = 4
    MOVE = 5
    MARGIN = 6
    FUND = 7
    SELL = 8
    WITHDRAW = 9
    WITHDRAW_DESIGNATION = 10
    CUSTODY = 11
    DECEASE = 12
    CLOSE = 13


MASTER_ACTIONS = frozenset(Action) - {
    Action.FUND,
    Action.SELL,
    Action.WITHDRAW,
    Action.WITHDRAW_DESIGNATION,
    Action.CUSTODY,
    Action.MARGIN,
}
"""Actions after which the client's master row is told anew."""


KEEP = 15
"""In place of a branch: the client stays in the branch that has it then."""


def pack(branch: Integers | int, manager: Integers | int) -> Integers | int:
    """Branch and manager place (-1 none) in one value; the manager is taken modulo those of the branch."""
    return branch * 16 + manager + 1


@dataclass
class Plan:
    """Collects events, then serves them by day."""

    days: int
    parts: list[Integers] = field(default_factory=list)
    table: Integers = field(default_factory=lambda: np.empty((0, 4), dtype=np.int64))

    def add(self, action: Action, day: Integers, client: Integers, value: Integers | int = 0) -> None:
        """Plans one event per entry; days outside the demo are left out."""
        rows = np.empty((len(client), 4), dtype=np.int64)
        rows[:, 0], rows[:, 1], rows[:, 2], rows[:, 3] = day, action, client, value
        self.parts.append(rows[(rows[:, 0] >= 0) & (rows[:, 0] < self.days)])

    def seal(self) -> "Plan":
        """Sorts what was added; call once, before reading."""
        table = np.concatenate(self.parts)
        self.table = table[np.lexsort((table[:, 2], table[:, 1], table[:, 0]))]
        self.parts = []
        return self

    def on(self, day: int) -> Integers:
        """The rows (day, action, client, value) of one day."""
        lo, hi = np.searchsorted(self.table[:, 0], (day, day + 1))
        return self.table[lo:hi]


def merge_day(market: Market) -> int:
    """The day the merger is told: the first trading day of the middle month (of one month: its middle)."""
    starts = [n for n, day in enumerate(market.days) if n == 0 or market.days[n - 1].month != day.month]
    return starts[len(starts) // 2] if len(starts) > 1 else len(market.days) // 2


def build_plan(people: People, market: Market, merging: int, seed: int) -> Plan:
    """Plans the lives of everybody; changes ``people`` only for those who come back under the same ID."""
    random = np.random.default_rng([seed, 3])
    plan = Plan(len(market.days))
    ends = _endings(plan, random, people, market)
    _same_identity(random, people, market, ends)
    _openings(plan, random, people, market)
    _statuses(plan, random, people, ends)
    _assessments(plan, random, people, market, ends)
    _moves(plan, random, people, merging, ends)
    return plan.seal()


def _chosen(random: np.random.Generator, count: int, chance: float) -> Integers:
    return np.flatnonzero(random.random(count) < chance)


def _openings(plan: Plan, random: np.random.Generator, people: People, market: Market) -> None:
    """Newcomers: opening, callback, first money (some at once, some after months, some never), margin."""
    fresh = np.flatnonzero(people.told > 0)
    told = people.told[fresh]
    plan.add(Action.OPEN, told, fresh)
    later = np.flatnonzero(people.callback > np.maximum(people.opened, market.ordinals[0]))
    plan.add(Action.CALLBACK, np.searchsorted(market.ordinals, people.callback[later]), later)
    wait = random.choice((1, 6, 25, 70), len(fresh), p=(0.5, 0.25, 0.15, 0.1)) + random.integers(
        0, 5, len(fresh)
    )
    funded = random.random(len(fresh)) < 0.88
    amount = np.maximum(people.wealth[fresh], 500_00) // 1_000_00 * 1_000_00 + 1_000_00
    plan.add(Action.FUND, (told + wait)[funded], fresh[funded], amount[funded])
    lenders = people.margin[fresh]
    plan.add(Action.MARGIN, (told + wait + 120)[lenders], fresh[lenders])
    sleepers = _chosen(random, len(people), 0.03)
    sleepers = sleepers[(people.wealth[sleepers] < 5_000_00) & (people.told[sleepers] == 0)]
    day = random.integers(1, max(2, plan.days), len(sleepers))
    plan.add(Action.FUND, day, sleepers, random.integers(12, 90, len(sleepers)) * 1_000_00)


def _endings(plan: Plan, random: np.random.Generator, people: People, market: Market) -> Integers:
    """At most one ending per client: closed, transferred away, faded (SOFT) or deceased. Returns its day.

    The chances a month (0.45, 0.2, 0.3, 0.035 %) vary by branch; the day is ``plan.days`` for those who stay.
    """
    count = len(people)
    losing = people.traits.losing[people.branch]
    rates = np.outer(losing, (0.0045, 0.0020, 0.0030, 0.00035)) / MONTH
    waits = random.exponential(1.0, (count, 4)) / rates
    waits[people.kind != INDIVIDUAL, 3] = np.inf
    which = waits.argmin(axis=1)
    day = np.minimum(people.told + 30 + waits.min(axis=1), plan.days).astype(np.int64)
    early = (people.told == 0) & (day < plan.days)
    day[early] = np.maximum(day[early] - 28, 2)
    for number, ending in enumerate((_closed, _transferred, _faded, _deceased)):
        clients = np.flatnonzero((which == number) & (day < plan.days))
        ending(plan, random, market, clients, day[clients])
    return day


def _closed(
    plan: Plan, random: np.random.Generator, market: Market, clients: Integers, day: Integers
) -> None:
    """Sells, withdraws the next day, closes; some closures are dated the evening before they are told."""
    plan.add(Action.SELL, day - 2, clients)
    plan.add(Action.WITHDRAW, day - 1, clients)
    dated = market.ordinals[day] - (random.random(len(clients)) < 0.15)
    plan.add(Action.CLOSE, day, clients, dated)


def _transferred(
    plan: Plan, random: np.random.Generator, market: Market, clients: Integers, day: Integers
) -> None:
    """Custody leaves with less than 100 yuan behind; some only move a part (no loss), some come back."""
    part = random.random(len(clients)) < 0.25
    plan.add(Action.WITHDRAW_DESIGNATION, day[part] - 1, clients[part])
    plan.add(Action.CUSTODY, day, clients, random.integers(0, 99_00, len(clients)))
    _afterwards(plan, random, market, clients, day)


def _faded(plan: Plan, random: np.random.Generator, market: Market, clients: Integers, day: Integers) -> None:
    """Sells and draws out all but small change, then nothing for months: a SOFT loss."""
    plan.add(Action.SELL, day - 1, clients)
    plan.add(Action.WITHDRAW, day, clients, random.integers(0, 700_00, len(clients)))
    _afterwards(plan, random, market, clients, day + 3 * MONTH)


def _afterwards(
    plan: Plan, random: np.random.Generator, market: Market, clients: Integers, day: Integers
) -> None:
    """Of the lost, 18 % bring money again (REACTIVATED) and 12 % close for good (no second loss)."""
    fate = random.random(len(clients))
    later = day + random.integers(MONTH, 7 * MONTH, len(clients))
    back = fate < 0.18
    plan.add(Action.FUND, later[back], clients[back], random.integers(12, 400, back.sum()) * 1_000_00)
    shut = (fate > 0.88) & (later < plan.days)
    plan.add(Action.WITHDRAW, later[shut] - 1, clients[shut])
    plan.add(Action.CLOSE, later[shut], clients[shut], market.ordinals[later[shut]])


def _deceased(
    plan: Plan, random: np.random.Generator, market: Market, clients: Integers, day: Integers
) -> None:
    """Deceased; the heirs have most accounts closed some months later."""
    plan.add(Action.DECEASE, day, clients)
    later = day + random.integers(2 * MONTH, 5 * MONTH, len(clients))
    shut = (random.random(len(clients)) < 0.7) & (later < plan.days)
    plan.add(Action.SELL, later[shut] - 2, clients[shut])
    plan.add(Action.WITHDRAW, later[shut] - 1, clients[shut])
    plan.add(Action.CLOSE, later[shut], clients[shut], market.ordinals[later[shut]])


def _same_identity(random: np.random.Generator, people: People, market: Market, ends: Integers) -> None:
    """Some who closed come back under a new client number with the same ID, most within a year (R)."""
    closers = np.flatnonzero((ends < len(market.days)) & (people.told == 0) & (people.kind == INDIVIDUAL))
    closers = closers[_chosen(random, len(closers), 0.12)]
    fresh = np.flatnonzero((people.told > 0) & (people.kind == INDIVIDUAL) & (ends >= len(market.days)))
    used: set[int] = set()
    for old in closers.tolist():
        start = int(np.searchsorted(people.told[fresh], ends[old] + int(random.integers(5, 16 * MONTH))))
        new = next((n for n in fresh[start : start + 8].tolist() if n not in used), None)
        if new is None:
            continue
        used.add(new)
        _take_identity(people, old, new)


def _take_identity(people: People, old: int, new: int) -> None:
    for column in (people.identity, people.id_type, people.area, people.sequence, people.born, people.branch):
        column[new] = column[old]
    people.wealth[new] = max(int(people.wealth[old]), 20_000_00)
    people.manager[new] = -1
    if BRANCHES[people.branch[new]].code == MERGED:
        people.branch[new] = BRANCH_PLACES[SUCCESSOR]


def _statuses(plan: Plan, random: np.random.Generator, people: People, ends: Integers) -> None:
    """Short freezes and reported losses of papers, always back to normal before an ending."""
    months = plan.days / MONTH
    for status, rate in ((FROZEN, 0.0008), (LOSS_REPORTED, 0.0005)):
        clients = _chosen(random, len(people), min(rate * months, 0.05))
        day = random.integers(0, max(1, plan.days), len(clients))
        calm = (day > people.told[clients]) & (day + 15 < ends[clients])
        plan.add(Action.STATUS, day[calm], clients[calm], status)
        plan.add(Action.STATUS, day[calm] + random.integers(3, 14, calm.sum()), clients[calm], NORMAL)


def _assessments(
    plan: Plan, random: np.random.Generator, people: People, market: Market, ends: Integers
) -> None:
    """Risk assessments are renewed about two years after the last, by three clients of four."""
    due = people.assessed + random.integers(690, 760, len(people))
    day = np.searchsorted(market.ordinals, due)
    renews = (random.random(len(people)) < 0.75) & (people.risk >= 0) & (day < ends) & (day > people.told)
    clients = np.flatnonzero(renews)
    level = np.clip(people.risk[clients] + random.integers(-1, 2, len(clients)), 1, 5)
    plan.add(Action.ASSESS, day[clients], clients, level)


def _moves(plan: Plan, random: np.random.Generator, people: People, merging: int, ends: Integers) -> None:
    """Changes of manager and branch, some out and back, some shortly before a loss, and the merger."""
    months = plan.days / MONTH
    sizes = np.array([len(entry.managers) for entry in BRANCHES])
    _manager_changes(plan, random, people, months)
    clients = _chosen(random, len(people), min(0.0012 * months, 0.2))
    clients = np.union1d(clients, np.flatnonzero(ends < plan.days)[::17])
    day = random.integers(1, max(2, plan.days), len(clients))
    lost = ends[clients] < plan.days
    day[lost] = ends[clients][lost] - random.integers(4, 18, lost.sum())
    alive = (day > people.told[clients]) & (day < ends[clients])
    clients, day = clients[alive], day[alive]
    to = (people.branch[clients] + random.integers(1, len(BRANCHES) - 1, len(clients))) % len(BRANCHES)
    to[(to == BRANCH_PLACES[MERGED]) & (day >= merging)] = BRANCH_PLACES[SUCCESSOR]
    plan.add(Action.MOVE, day, clients, pack(to, (random.random(len(to)) * sizes[to]).astype(np.int64)))
    back = random.random(len(clients)) < 0.12
    home = np.where(
        people.branch[clients] == BRANCH_PLACES[MERGED], BRANCH_PLACES[SUCCESSOR], people.branch[clients]
    )
    plan.add(Action.MOVE, day[back] + 8, clients[back], pack(home[back], 0))
    _merger(plan, random, people, merging, sizes)


def _manager_changes(plan: Plan, random: np.random.Generator, people: People, months: float) -> None:
    """Single changes all along; and one manager (M1003C) leaves, his clients go to a colleague on one day."""
    clients = _chosen(random, len(people), min(0.005 * months, 0.3))
    day = np.maximum(random.integers(1, max(2, plan.days), len(clients)), people.told[clients] + 1)
    plan.add(Action.MOVE, day, clients, pack(KEEP, random.integers(0, 12, len(clients))))
    leaving = np.flatnonzero((people.branch == BRANCH_PLACES["1003"]) & (people.manager == 2))
    farewell = plan.days * 6 // 10
    leaving = leaving[people.told[leaving] < farewell]
    people.manager[
        (people.branch == BRANCH_PLACES["1003"]) & (people.manager == 2) & (people.told >= farewell)
    ] = 0
    plan.add(Action.MOVE, np.full(len(leaving), farewell), leaving, pack(KEEP, leaving % 2))


def _merger(plan: Plan, random: np.random.Generator, people: People, merging: int, sizes: Integers) -> None:
    """Client rows follow the merger on the day (60 %), a month later (20 %) or never."""
    clients = np.flatnonzero((people.branch == BRANCH_PLACES[MERGED]) & (people.told < merging))
    when = random.choice((merging, merging + MONTH, plan.days), len(clients), p=(0.6, 0.2, 0.2))
    to = BRANCH_PLACES[SUCCESSOR]
    plan.add(Action.MOVE, when, clients, pack(to, (random.random(len(clients)) * sizes[to]).astype(np.int64)))
