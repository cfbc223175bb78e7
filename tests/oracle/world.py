"""A small brokerage to write feed packages of: units, clients with their accounts, and what happens to them.

Nothing here decides what the rules make of it; the cases call these methods and the writer puts the
rows into packages by trade date.
"""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from . import dates, identifiers

Rows = dict[str, list]
AREAS = ("110105", "310104", "440305", "510107", "330106")
SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗"
GIVEN = "伟芳娜敏静强磊军洋勇艳杰涛明超霞平刚桂英华"


@dataclass
class Account:
    """One fund account; levels say from which trade date on which balance stands."""

    account_no: str
    levels: list[tuple[date, Decimal, Decimal, Decimal, Decimal]] = field(default_factory=list)
    silent: set[date] = field(default_factory=set)
    holdings: list[tuple[date, list[tuple[str, str, str, str]]]] = field(default_factory=list)


@dataclass
class Style:
    """Oddities of one file that must not matter: byte order mark, extra column, CRLF, blank lines."""

    mark: bool = False
    extra: str = ""
    windows: bool = False
    blank: bool = False


class World:
    """Rows by trade date and table; dates given to its methods are moved to the next loaded trading day."""

    def __init__(self, seed: int, start: date, months: int, missing: tuple[date, ...]) -> None:
        self.random = random.Random(seed)
        self.start = start
        self.end = dates.month_end(dates.add_months(start, months - 1))
        self.days = [
            day for day in sorted(dates.sessions()) if start <= day <= self.end and day not in missing
        ]
        self.rows: dict[date, Rows] = defaultdict(lambda: defaultdict(list))
        self.corrections: dict[date, list[Callable[[Rows], Rows]]] = defaultdict(list)
        self.styles: dict[tuple[date, str], Style] = {}
        self.snapshot_days: set[date] = set()
        self.subjects: list[Subject] = []
        self.interactions: list[dict] = []
        self.declared: dict[str, Decimal] = {}
        self._numbers: dict[str, int] = defaultdict(int)

    def on(self, year: int, month: int, day: int) -> date:
        """The first loaded trading day on or after a calendar day."""
        return self.next_day(date(year, month, day))

    def next_day(self, day: date) -> date:
        """The first loaded trading day on or after a day."""
        return next(loaded for loaded in self.days if loaded >= day)

    def last_day(self, year: int, month: int) -> date:
        """The last loaded trading day of a month."""
        return [day for day in self.days if (day.year, day.month) == (year, month)][-1]

    def number(self, prefix: str, width: int = 7) -> str:
        """The next number of a kind."""
        self._numbers[prefix] += 1
        return f"{prefix}{self._numbers[prefix]:0{width}d}"

    def add(self, day: date, table: str, row: dict | str) -> None:
        """Put a row, or a raw line as it is to stand in the file, into the package of a loaded day."""
        assert day in self.days, day
        self.rows[day][table].append(row)

    def unit(
        self,
        day: date,
        code: str,
        kind: str,
        parent: str,
        *,
        opened: str = "1996-03-01",
        closed: str = "",
        successor: str = "",
    ) -> None:
        """Tell a unit."""
        self.add(
            day,
            "branches",
            {
                "code": code,
                "name": f"单位{code}",
                "parent_code": parent,
                "kind": kind,
                "opened_on": opened,
                "closed_on": closed,
                "successor_code": successor,
            },
        )

    def person_id(self, check: str = "") -> str:
        """A valid resident ID, with the wanted check character if one is given."""
        while True:
            born = date(1940, 1, 1) + timedelta(days=self.random.randrange(365 * 60))
            first = f"{self.random.choice(AREAS)}{born:%Y%m%d}{self.random.randrange(1, 1000):03d}"
            found = identifiers.resident_check(first)
            if not check or found == check:
                return first + found

    def company_id(self) -> str:
        """A valid unified social credit code."""
        body = "".join(self.random.choice(identifiers.CREDIT_ALPHABET) for _ in range(9))
        first = f"91{self.random.choice(AREAS)}{body}"
        return first + identifiers.credit_check(first)

    def client(
        self,
        label: str,
        *,
        opened: date | None = None,
        told: date | None = None,
        **told_as: object,
    ) -> Subject:
        """A client with one account; see Subject."""
        subject = Subject(self, label, opened, told, told_as)
        self.subjects.append(subject)
        return subject


class Subject:
    """One client of the world.

    Opened in 2015 and told on the first day unless said otherwise; `assets` (all in market value) from
    the day told; `callback` the date of callback_passed_on, None for none; other keywords are columns.
    """

    def __init__(
        self, world: World, label: str, opened: date | None, told: date | None, told_as: dict
    ) -> None:
        self.world, self.label = world, label
        self.steady = bool(told_as.pop("steady", True))
        self.client_no = world.number("C", 6)
        self.told = told or (world.next_day(opened) if opened and opened >= world.start else world.days[0])
        opened = opened or date(2015, 6, 1) + timedelta(days=world.random.randrange(2000))
        assets = Decimal(str(told_as.pop("assets", 50000)))
        callback = told_as.pop("callback", opened + timedelta(days=5))
        self.row = self._first_row(opened, told_as)
        self.row.update({name: str(value) for name, value in told_as.items()})
        self.accounts: list[Account] = []
        self._tell_first(callback)
        self.account = self.open_account(self.told)
        self.level(self.told, market_value=assets)

    def _first_row(self, opened: date, told_as: dict) -> dict:
        world = self.world
        kind = str(told_as.get("kind", "individual"))
        name = world.random.choice(SURNAMES) + "".join(world.random.choices(GIVEN, k=2))
        person = kind == "individual"
        branch = str(told_as.get("branch_code", world.random.choice(("1001", "1002", "1003"))))
        return {
            "client_no": self.client_no,
            "kind": kind,
            "name": name if person else f"{name}有限公司",
            "id_type": "resident_id" if person else "uscc",
            "id_number": world.person_id() if person else world.company_id(),
            "id_expires_on": "2035-12-31",
            "birth_date": "",
            "sex": "",
            "mobile": "",
            "email": "",
            "address": "",
            "branch_code": branch,
            "manager_no": f"M{branch}A",
            "status": "normal",
            "opened_on": opened.isoformat(),
            "closed_on": "",
            "callback_passed_on": "",
            "risk_level": "C3",
            "risk_assessed_on": opened.isoformat(),
            "investor_class": "ordinary",
        }

    def _tell_first(self, callback: date | None) -> None:
        """The first row; a callback after it comes with a row of its own."""
        if callback and callback <= self.told:
            self.row["callback_passed_on"] = callback.isoformat()
        self.world.add(self.told, "clients", dict(self.row))
        if callback and callback > self.told:
            self.change(callback, callback_passed_on=callback)

    def open_account(self, day: date, system: str = "cash", currency: str = "CNY") -> Account:
        """Open a further account, told on a day."""
        account = Account(self.world.number("A"))
        opened = min(day, date.fromisoformat(self.row["opened_on"]))
        self.world.add(
            self.world.next_day(day),
            "accounts",
            {
                "account_no": account.account_no,
                "client_no": self.client_no,
                "system": system,
                "currency": currency,
                "status": "normal",
                "opened_on": opened.isoformat(),
                "closed_on": "",
            },
        )
        self.accounts.append(account)
        return account

    def change(self, day: date, **columns: object) -> date:
        """Tell a new row of the client with some columns changed; returns the trade date it stands in."""
        told = self.world.next_day(day)
        self.row.update({name: str(value) for name, value in columns.items()})
        self.world.add(told, "clients", dict(self.row))
        return told

    def close(self, closed_on: date, told: date | None = None) -> None:
        """Close the client on a date, told then or later; its balances end that day."""
        self.change(told or closed_on, status="closed", closed_on=closed_on.isoformat())
        self.level(self.world.next_day(closed_on))

    def level(
        self,
        day: date,
        cash: object = 0,
        market_value: object = 0,
        product_value: object = 0,
        margin_debit: object = 0,
        account: Account | None = None,
    ) -> None:
        """From the trading day on, the account has this balance."""
        account = account or self.account
        account.levels.append(
            (
                self.world.next_day(day),
                Decimal(str(cash)),
                Decimal(str(market_value)),
                Decimal(str(product_value)),
                Decimal(str(margin_debit)),
            )
        )

    def trade(
        self,
        day: date,
        amount: object,
        gross: object,
        /,
        *,
        at: str = "",
        account: str = "",
        trade_no: str = "",
        **columns: object,
    ) -> dict:
        """A trade in the package of a day, traded at noon of it unless an ISO time is given."""
        told, value = self.world.next_day(day), Decimal(str(amount))
        row = {
            "trade_no": trade_no or self.world.number("T"),
            "account_no": account or self.account.account_no,
            "traded_at": at or f"{told}T13:00:01+08:00",
            "market": "SH",
            "security_code": "600000",
            "side": "buy",
            "quantity": "100",
            "price": "10.00",
            "amount": f"{value:.2f}",
            "gross_commission": str(gross),
            "handling_fee": f"{value * Decimal('0.0000341'):.4f}",
            "csrc_fee": f"{value * Decimal('0.00002'):.4f}",
            "transfer_fee": "0.0100",
            "stamp_duty": "0.0000",
        }
        row.update({name: str(given) for name, given in columns.items()})
        self.world.add(told, "trades", row)
        return row

    def flow(self, day: date, direction: str, amount: object, *, at: str = "", flow_no: str = "") -> dict:
        """A cash flow in the package of a day."""
        told = self.world.next_day(day)
        row = {
            "flow_no": flow_no or self.world.number("F"),
            "account_no": self.account.account_no,
            "occurred_at": at or f"{told}T10:15:00",
            "direction": direction,
            "amount": str(amount),
        }
        self.world.add(told, "cash_flows", row)
        return row

    def income(self, day: date, kind: str, amount: object) -> dict:
        """An income in the package of a day."""
        row = {
            "income_no": self.world.number("I"),
            "client_no": self.client_no,
            "kind": kind,
            "amount": str(amount),
        }
        self.world.add(self.world.next_day(day), "incomes", row)
        return row

    def custody(self, day: date, residual: object, kind: str = "custody_out", value: object = 1) -> dict:
        """A custody event in the package of a day."""
        row = {
            "event_no": self.world.number("U"),
            "client_no": self.client_no,
            "kind": kind,
            "value": str(value),
            "residual_assets": str(residual),
        }
        self.world.add(self.world.next_day(day), "custody", row)
        return row

    def hold(self, day: date, *holdings: tuple[str, str, str, str]) -> None:
        """From a day on, the snapshots show these (market, security, quantity, product_code)."""
        self.account.holdings.append((self.world.next_day(day), list(holdings)))

    def talk(self, at: str, channel: str, minutes: int = 0, messages: int = 0) -> None:
        """An interaction that started at an ISO time with offset."""
        self.world.interactions.append(
            {
                "client_no": self.client_no,
                "channel": channel,
                "started_at": at,
                "minutes": minutes,
                "messages": messages,
            }
        )
