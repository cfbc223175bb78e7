"""Who is held from when to when (kpis.md "Lifecycle events", L1-L12)."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from . import dates
from .config import Config, Thresholds
from .facts import Facts
from .records import Client

EFFECTIVE, REACTIVATED, LOST, EXCLUDED = "EFFECTIVE", "REACTIVATED", "LOST", "EXCLUDED"
OPENING, CLOSED, TRANSFERRED, SOFT, DECEASED = "OPENING", "CLOSED", "TRANSFERRED", "SOFT", "DECEASED"


@dataclass(frozen=True)
class Event:
    """One lifecycle event with the unit of record on its date."""

    client_no: str
    date: date
    event: str
    reason: str
    branch: str
    manager: str


@dataclass
class Life:
    """A client's events in order; `returning` when its entry is R although it is EFFECTIVE (L10)."""

    client: Client
    events: list[Event] = field(default_factory=list)
    returning: bool = False

    @property
    def effective(self) -> Event | None:
        """The EFFECTIVE event, if it came to it."""
        return self.events[0] if self.events else None

    @property
    def is_opening(self) -> bool:
        """Whether the client was opening stock (L3)."""
        return self.effective is not None and self.effective.reason == OPENING

    @property
    def held_now(self) -> bool:
        """Whether the client is held after the last of its events."""
        return bool(self.events) and self.events[-1].event in (EFFECTIVE, REACTIVATED)

    def held_on(self, day: date) -> bool:
        """Whether the client is held at the close of a day; opening stock also before opened_on.

        Opening stock was there before anything was loaded, so no period starts without it (L3).
        """
        before = [event for event in self.events if event.date <= day]
        if not before:
            return self.is_opening
        return before[-1].event in (EFFECTIVE, REACTIVATED)

    def last_exit(self) -> Event:
        """The last loss or exclusion; only for a client that had one."""
        return [event for event in self.events if event.event in (LOST, EXCLUDED)][-1]


def lives(facts: Facts, config: Config) -> dict[str, Life]:
    """Every client's life as of the run's date, by client_no."""
    custody = defaultdict(list)
    for row in facts.truth.events["custody"]:
        custody[row.values["client_no"]].append((row.day, row.values["residual_assets"]))
    told = {no: _live(facts, client, sorted(custody[no]), config) for no, client in facts.clients.items()}
    _mark_returning(told)
    return told


def _live(facts: Facts, client: Client, custody: list, config: Config) -> Life:
    """Walk the dates on which anything can happen, oldest first; exits come after entries of a date."""
    life = Life(client)
    closes = [dates.month_end(month) for month in facts.closed_months()]
    if not closes:
        return life
    turning = set(closes) | {day for day, _ in custody} | {client.closed_on, client.deceased_on}
    opening = _is_opening_stock(facts, client, config)
    if opening:
        _note(life, client.opened_on, EFFECTIVE, OPENING)
    for day in sorted(day for day in turning if day and facts.first_month <= day <= facts.as_of):
        if day in closes and not life.held_now:
            _enter(facts, life, day, config)
        if life.held_now:
            _leave(facts, life, day, day in closes, custody, config)
    return life


def _note(life: Life, day: date, event: str, reason: str = "") -> None:
    branch, manager = life.client.place_on(day)
    life.events.append(Event(life.client.client_no, day, event, reason, branch, manager))


def _is_opening_stock(facts: Facts, client: Client, config: Config) -> bool:
    """Opened before the first loaded month and effective by that month's close (L3)."""
    close = dates.month_end(facts.first_month)
    return client.opened_on < facts.first_month and _is_effective(facts, client, close, config)


def _is_effective(facts: Facts, client: Client, close: date, config: Config) -> bool:
    """The conditions of EFFECTIVE at a month close."""
    limits = config.thresholds_on(close)
    if not client.is_open_on(close) or client.status_on(close) != "normal" or client.is_deceased_on(close):
        return False
    passed = (client.callback_passed_on, config.called_back.get(client.client_no))
    if not any(day is not None and day <= close for day in passed):
        return False
    if facts.assets_avg(client.client_no, dates.month_of(close)) >= limits.effective_assets:
        return True
    since_opening = sum(
        trade.net_commission
        for trade in facts.trades.get(client.client_no, ())
        if client.opened_on <= trade.day <= close
    )
    return since_opening >= limits.effective_commission


def _enter(facts: Facts, life: Life, close: date, config: Config) -> None:
    """EFFECTIVE once in a life; afterwards REACTIVATED, never after CLOSED (L8) or death (L9)."""
    client = life.client
    if life.effective is None:
        if _is_effective(facts, client, close, config):
            _note(life, close, EFFECTIVE)
        return
    left = life.last_exit()
    if left.reason not in (TRANSFERRED, SOFT) or dates.month_of(left.date) >= dates.month_of(close):
        return
    if not client.is_open_on(close) or client.is_deceased_on(close):
        return
    limits = config.thresholds_on(close)
    if facts.assets_avg(client.client_no, dates.month_of(close)) >= limits.reactivated_assets:
        _note(life, close, REACTIVATED)


def _leave(facts: Facts, life: Life, day: date, is_close: bool, custody: list, config: Config) -> None:
    """The first of EXCLUDED, CLOSED, TRANSFERRED, SOFT that befalls a held client on a date (L4, L5)."""
    client, limits = life.client, config.thresholds_on(day)
    if client.deceased_on == day:
        _note(life, day, EXCLUDED, DECEASED)
    elif client.closed_on == day:
        _note(life, day, LOST, CLOSED)
    elif any(on == day and residual < limits.transferred_residual for on, residual in custody):
        _note(life, day, LOST, TRANSFERRED)
    elif is_close and _has_faded(facts, client, day, limits):
        _note(life, day, LOST, SOFT)


def _has_faded(facts: Facts, client: Client, close: date, limits: Thresholds) -> bool:
    """SOFT (L6): three months of next to nothing, no trade in them, and the money was taken out."""
    year, last_three = dates.window(close, 12), dates.window(close, 3)
    averages = {month: facts.assets_avg(client.client_no, month) for month in year}
    peak = max(averages.values())
    peak_month = [month for month in year if averages[month] == peak][-1]
    share = Fraction(limits.soft_share_of_peak)
    for month in last_three:
        if averages[month] >= limits.soft_assets or averages[month] >= peak * share:
            return False
        if facts.total(client.client_no, month).trades or not client.is_open_on(dates.month_end(month)):
            return False
    return _drained(facts, client, peak_month, close) >= peak * Fraction(limits.soft_outflow_share)


def _drained(facts: Facts, client: Client, peak_month: date, close: date) -> Fraction:
    """Outflow since the peak month's first day minus inflow since the first day of the month after it."""
    after_peak = dates.add_months(peak_month, 1)
    drained = Fraction(0)
    for day, direction, amount in facts.flows.get(client.client_no, ()):
        if direction == "out" and peak_month <= day <= close:
            drained += Fraction(amount)
        if direction == "in" and after_peak <= day <= close:
            drained -= Fraction(amount)
    return drained


def _mark_returning(told: dict[str, Life]) -> None:
    """An entry is R when the same ID was held by another client_no in the twelve months before it (L10)."""
    same_id = defaultdict(list)
    for life in told.values():
        same_id[life.client.same_id].append(life)
    for group in same_id.values():
        for life in group:
            if life.effective is None or life.is_opening:
                continue
            entered = life.effective.date
            first, last = dates.add_months(entered, -12), entered - dates.ONE_DAY
            life.returning = any(_held_between(other, first, last) for other in group if other is not life)


def _held_between(life: Life, first: date, last: date) -> bool:
    """Whether the client is held at the close of any day from first to last."""
    return any(life.held_on(day) for day in dates.each_day(first, last))
