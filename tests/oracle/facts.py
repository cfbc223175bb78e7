"""Client-months and what else the indicators need, as of a date (feeds.md "Facts", F1-F10, F23)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction

from . import dates
from .config import Config
from .exact import ratio
from .feeds import Truth
from .records import Client, Handover, Units

ZERO = Decimal(0)
INCOME_FIELDS = {
    "margin_interest": "margin_interest",
    "cash_spread": "cash_spread",
    "product_fee": "product_fee",
    "trailing_fee": "product_fee",
    "advisory_fee": "other_income",
    "other": "other_income",
}


@dataclass
class ClientMonth:
    """One client x month x (branch, manager) of record; money in CNY."""

    days: int = 0
    trading_days: int = 0
    assets_sum: Decimal = ZERO
    assets_end: Decimal | None = None
    assets_peak: Decimal | None = None
    turnover: Decimal = ZERO
    trades: int = 0
    net_commission: Decimal = ZERO
    margin_interest: Decimal = ZERO
    cash_spread: Decimal = ZERO
    product_fee: Decimal = ZERO
    other_income: Decimal = ZERO
    service_cost: Decimal = ZERO
    inflow: Decimal = ZERO
    outflow: Decimal = ZERO
    last_trade_on: date | None = None
    last_counted_on: date | None = None

    @property
    def contribution(self) -> Decimal:
        """What the client brought in these days, service cost deducted."""
        return (
            self.net_commission
            + self.margin_interest
            + self.cash_spread
            + self.product_fee
            + self.other_income
            - self.service_cost
        )


MonthKey = tuple[str, date, str, str]


@dataclass
class Totals:
    """A client's sums over all its rows of one month."""

    contribution: Decimal = ZERO
    inflow: Decimal = ZERO
    outflow: Decimal = ZERO
    turnover: Decimal = ZERO
    trades: int = 0
    assets_sum: Decimal = ZERO
    trading_days: int = 0

    @property
    def assets_avg(self) -> Fraction | None:
        """assets_sum / trading_days over all rows of the month (F10); None without trading days (F2)."""
        return ratio(self.assets_sum, self.trading_days)


@dataclass(frozen=True)
class Trade:
    """What later steps need of a trade."""

    day: date
    amount: Decimal
    net_commission: Decimal


NOTHING = Totals()


@dataclass
class Facts:
    """All facts of a run as of a date."""

    truth: Truth
    units: Units
    clients: dict[str, Client]
    first_month: date
    months: dict[MonthKey, ClientMonth] = field(default_factory=dict)
    totals: dict[tuple[str, date], Totals] = field(default_factory=dict)
    rows_of: dict[str, list[tuple[date, ClientMonth]]] = field(default_factory=dict)
    trades: dict[str, list[Trade]] = field(default_factory=dict)
    flows: dict[str, list[tuple[date, str, Decimal]]] = field(default_factory=dict)
    families: dict[date, dict[str, set[str]]] = field(default_factory=dict)

    @property
    def as_of(self) -> date:
        """The run's date."""
        return self.truth.as_of

    def total(self, client_no: str, month: date) -> Totals:
        """The client's sums of a month; zeros when it has no row."""
        return self.totals.get((client_no, month), NOTHING)

    def assets_avg(self, client_no: str, month: date) -> Fraction:
        """The client's assets_avg of a month as the lifecycle takes it: null is 0 (F2)."""
        return self.total(client_no, month).assets_avg or Fraction(0)

    def product_families(self, client_no: str, day: date) -> int:
        """Distinct families held in the newest snapshot on or before the day (F8)."""
        snapshots = [snapshot for snapshot in self.truth.snapshots if snapshot <= day]
        if not snapshots:
            return 0
        return len(self.families[snapshots[-1]].get(client_no, ()))

    def closed_months(self) -> list[date]:
        """The months from the first loaded one whose last calendar day has come (L1)."""
        months = dates.months_between(self.first_month, self.as_of)
        return [month for month in months if dates.month_end(month) <= self.as_of]


def gather(
    truth: Truth, interactions: Iterable[Mapping], config: Config, handovers: Iterable[Handover] = ()
) -> Facts:
    """All facts as of truth.as_of; interactions and hand-overs after that date are left out."""
    units = Units(truth)
    handed: dict[str, list[Handover]] = defaultdict(list)
    for word in handovers:
        if word.from_date <= truth.as_of:
            handed[word.client_no].append(word)
    clients = {no: Client(no, rows, units, handed[no]) for no, rows in sorted(truth.clients.items())}
    facts = Facts(truth, units, clients, dates.month_of(truth.days[0]))
    months: dict[MonthKey, ClientMonth] = defaultdict(ClientMonth)
    _count_days(facts, months)
    _add_trades(facts, months)
    _add_flows(facts, months)
    _add_incomes(facts, months)
    _add_service(facts, months, interactions, config)
    _hold_families(facts)
    facts.months = dict(sorted(months.items()))
    _sum_up(facts)
    return facts


def _key(client: Client, day: date) -> MonthKey:
    branch, manager = client.place_on(day)
    return client.client_no, dates.month_of(day), branch, manager


def _daily_assets(truth: Truth) -> dict[tuple[str, date], Decimal]:
    """Assets of each client and loaded day; an account without a row has 0 (F1)."""
    assets: dict[tuple[str, date], Decimal] = defaultdict(Decimal)
    for row in truth.events["balances"]:
        told = row.values
        value = told["cash"] + told["market_value"] + told["product_value"] - told["margin_debit"]
        assets[truth.owner(told["account_no"]), row.day] += value
    return assets


def _count_days(facts: Facts, months: dict[MonthKey, ClientMonth]) -> None:
    """Calendar days and loaded trading days at whose close the client was open (F1-F3, F23)."""
    assets = _daily_assets(facts.truth)
    loaded = set(facts.truth.days)
    for client in facts.clients.values():
        for day in dates.each_day(max(facts.first_month, client.opened_on), facts.as_of):
            if not client.is_open_on(day):
                break
            month = months[_key(client, day)]
            month.days += 1
            if day in loaded:
                _count_assets(month, day, assets.get((client.client_no, day), ZERO))


def _count_assets(month: ClientMonth, day: date, value: Decimal) -> None:
    month.trading_days += 1
    month.assets_sum += value
    month.assets_end = value
    month.assets_peak = value if month.assets_peak is None else max(month.assets_peak, value)
    month.last_counted_on = day


def _add_trades(facts: Facts, months: dict[MonthKey, ClientMonth]) -> None:
    """Trades on the Shanghai date of traded_at (F7), at the unit of record on it."""
    trades: dict[str, list[Trade]] = defaultdict(list)
    for row in facts.truth.events["trades"]:
        told, client = row.values, facts.clients[facts.truth.owner(row.values["account_no"])]
        net = told["gross_commission"] - told["handling_fee"] - told["csrc_fee"]
        day = told["traded_at"]
        trades[client.client_no].append(Trade(day, told["amount"], net))
        month = months[_key(client, day)]
        month.trades += 1
        month.turnover += told["amount"]
        month.net_commission += net
        month.last_trade_on = day if month.last_trade_on is None else max(month.last_trade_on, day)
    facts.trades = dict(trades)


def _add_flows(facts: Facts, months: dict[MonthKey, ClientMonth]) -> None:
    """Cash flows on the Shanghai date of occurred_at, also of closed clients (F7, F9, F22)."""
    flows: dict[str, list[tuple[date, str, Decimal]]] = defaultdict(list)
    for row in facts.truth.events["cash_flows"]:
        told, client = row.values, facts.clients[facts.truth.owner(row.values["account_no"])]
        flows[client.client_no].append((told["occurred_at"], told["direction"], told["amount"]))
        month = months[_key(client, told["occurred_at"])]
        if told["direction"] == "in":
            month.inflow += told["amount"]
        else:
            month.outflow += told["amount"]
    facts.flows = dict(flows)


def _add_incomes(facts: Facts, months: dict[MonthKey, ClientMonth]) -> None:
    """Incomes on the package's trade date (F7)."""
    for row in facts.truth.events["incomes"]:
        month = months[_key(facts.clients[row.values["client_no"]], row.day)]
        name = INCOME_FIELDS[row.values["kind"]]
        setattr(month, name, getattr(month, name) + row.values["amount"])


def interaction_day(interaction: Mapping) -> date:
    """The Shanghai date of an interaction's started_at, an ISO text or an aware datetime."""
    started = interaction["started_at"]
    if isinstance(started, datetime):
        return started.astimezone(dates.SHANGHAI).date()
    return dates.shanghai_date(started)


def _add_service(
    facts: Facts, months: dict[MonthKey, ClientMonth], interactions: Iterable[Mapping], config: Config
) -> None:
    """Service cost: minutes and messages at the channel's cost, on the Shanghai date of the start."""
    for interaction in interactions:
        day = interaction_day(interaction)
        client = facts.clients.get(interaction["client_no"])
        if client is None or day > facts.as_of:
            continue
        per_minute, per_message = config.channel_costs.get(interaction["channel"], (ZERO, ZERO))
        cost = interaction["minutes"] * per_minute + interaction["messages"] * per_message
        if cost:
            months[_key(client, day)].service_cost += cost


def _hold_families(facts: Facts) -> None:
    """Families held by client for each day with a holdings snapshot; quantity above 0 only (F8)."""
    facts.families = {snapshot: defaultdict(set) for snapshot in facts.truth.snapshots}
    for row in facts.truth.events["holdings"]:
        product = row.values["product_code"]
        if product is None or not (row.values["quantity"] or ZERO) > 0:
            continue
        family = facts.truth.products[product][-1].values["family"]
        if family is not None:
            facts.families[row.day][facts.truth.owner(row.values["account_no"])].add(family)


def _sum_up(facts: Facts) -> None:
    """The client's sums of each month over all units of record."""
    totals: dict[tuple[str, date], Totals] = defaultdict(Totals)
    for (client_no, month, _, _), row in facts.months.items():
        facts.rows_of.setdefault(client_no, []).append((month, row))
        total = totals[client_no, month]
        for name in ("contribution", "inflow", "outflow", "turnover", "trades", "assets_sum", "trading_days"):
            setattr(total, name, getattr(total, name) + getattr(row, name))
    facts.totals = dict(totals)
