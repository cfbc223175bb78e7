"""The demo as a whole: builds the world, plays it day by day and writes the packages."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from crm.demo import facts, flaws, masters
from crm.demo.contacts import Contact, draw_contacts
from crm.demo.events import DayEvents, gathered
from crm.demo.feed_files import RowTable, Table, rows_of, write_package
from crm.demo.market import build_market, demo_days
from crm.demo.people import build_people
from crm.demo.plan import build_plan, merge_day
from crm.demo.targets import Pair, demo_targets
from crm.demo.world import World

CONTROL_COLUMNS = {"trades": "gross_commission", "cash_flows": "amount", "incomes": "amount"}
"""None over balances and holdings: they are nine rows in ten, and summing is a third of reading them."""

Tables = dict[str, Table | RowTable]


class Demo:
    """A made-up brokerage: ``days`` are its trading days, ``write_package`` delivers one of them.

    The same clients, months, seed and until give the same bytes, whatever order the days are asked for
    (ascending is quick: asking for an earlier day plays again from the start).
    """

    def __init__(self, *, clients: int, months: int, seed: int, until: date, activity: float = 1.0) -> None:
        self.clients, self.months, self.seed = clients, months, seed
        self._market = build_market(demo_days(until, months), seed)
        self._activity = activity
        self._restart()

    @property
    def days(self) -> list[date]:
        """The trading days, ascending."""
        return self._market.days

    @property
    def until(self) -> date:
        """The last trading day."""
        return self.days[-1]

    def _restart(self) -> None:
        self._merging = merge_day(self._market)
        self._people = build_people(self.clients, self._market, self._merging, self.seed)
        plan = build_plan(self._people, self._market, self._merging, self.seed)
        self._world = World(self._people, self._market, plan, self.seed, self._activity)

    def write_package(self, day: date, directory: Path) -> list[Path]:
        """Writes the package folders of a trading day below ``directory``, in the order to be loaded.

        Mostly one; two (the second a correction) on one day. Raises ValueError for a day outside ``days``.
        """
        tables = self._tables(self._play_to(self.days.index(day)))
        folder = directory / day.isoformat()
        if not flaws.is_corrected(self._world):
            write_package(folder, day.isoformat(), 1, tables, CONTROL_COLUMNS)
            return [folder]
        again = directory / f"{day.isoformat()}.v2"
        wrong = {**tables, "trades": flaws.first_delivery(tables["trades"])}
        write_package(folder, day.isoformat(), 1, wrong, CONTROL_COLUMNS)
        write_package(again, day.isoformat(), 2, tables, CONTROL_COLUMNS)
        return [folder, again]

    def _play_to(self, place: int) -> DayEvents:
        if place <= self._world.day:
            self._restart()
        while self._world.day < place - 1:
            self._world.play()
        return self._world.play()

    def _tables(self, events: DayEvents) -> Tables:
        """The day's files in the order of feeds: masters, then events, with bad rows on some days."""
        world = self._world
        random = np.random.default_rng([self.seed, 6, world.day])
        tables: Tables = {**self._masters(events), "balances": facts.balances(world)}
        tables["trades"] = facts.trades(world, events, random)
        tables["cash_flows"] = facts.cash_flows(world, events, random)
        if world.market.ends_month(world.day):
            tables["holdings"] = facts.holdings(world)
            tables["incomes"] = facts.incomes(world, random)
        tables["custody"] = facts.custody(world, events)
        for name, lines in flaws.bad_rows(world).items():
            tables[name] = replace(tables[name], extra=lines)
        return tables

    def _masters(self, events: DayEvents) -> Tables:
        """Everything on the first day, afterwards what is new or changed."""
        world, first = self._world, events.day == 0
        launch = first or events.day == len(self.days) // 2
        changed, opened = gathered(events.touched), gathered(events.accounts)
        if first:
            changed = np.flatnonzero(world.open)
            opened = world.accounts_of(changed)
        return {
            "branches": self._branches(events.day),
            "products": masters.products(first) if launch else rows_of(masters.PRODUCT_COLUMNS, []),
            "clients": masters.clients(world, changed),
            "accounts": masters.accounts(world, opened, world.accounts_of(gathered(events.closing))),
        }

    def _branches(self, place: int) -> RowTable:
        rows = [*(masters.first_branches() if place == 0 else ())]
        if place == self._merging:
            rows.append(masters.merged_branch(self.days[place]))
        return rows_of(masters.BRANCH_COLUMNS, rows)

    def contacts(self) -> list[Contact]:
        """Interactions of the service staff with these clients, ascending by time."""
        return draw_contacts(self._people, self._market, self._world.plan, self.seed)

    def targets(self) -> dict[str, dict[str, Pair | dict[str, Pair]]]:
        """Floors and targets of the firm's scorecards by period type."""
        return demo_targets()


def build(
    *, clients: int = 5000, months: int = 24, seed: int = 1, until: date | None = None, activity: float = 1.0
) -> Demo:
    """Prepares a demo that ends with the last trading day up to ``until`` (default: yesterday).

    ``activity`` multiplies the number of trades, for benchmarks.
    """
    return Demo(
        clients=clients,
        months=months,
        seed=seed,
        activity=activity,
        until=until or date.today() - timedelta(days=1),
    )
