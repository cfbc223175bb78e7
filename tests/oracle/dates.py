"""Calendar arithmetic: months, periods and the exchange's trading days."""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from functools import cache

import exchange_calendars

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
ONE_DAY = timedelta(days=1)


@cache
def sessions() -> frozenset[date]:
    """All trading days of the Shanghai exchange that its published calendar knows."""
    return frozenset(stamp.date() for stamp in exchange_calendars.get_calendar("XSHG").sessions)


def month_of(day: date) -> date:
    """The first day of the day's month; months are named by it everywhere in the oracle."""
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last calendar day of the day's month."""
    return day.replace(day=days_in_month(day))


def days_in_month(day: date) -> int:
    """Number of calendar days of the day's month."""
    return calendar.monthrange(day.year, day.month)[1]


def add_months(day: date, months: int) -> date:
    """The same day so many months later (earlier when negative), or the month's last day if it lacks it."""
    index = day.year * 12 + day.month - 1 + months
    first = date(index // 12, index % 12 + 1, 1)
    return first.replace(day=min(day.day, days_in_month(first)))


def months_between(first: date, last: date) -> list[date]:
    """The months from that of `first` to that of `last`, both included; empty when reversed."""
    months, month = [], month_of(first)
    while month <= last:
        months.append(month)
        month = add_months(month, 1)
    return months


def window(day: date, months: int) -> list[date]:
    """The `months` months that end with the day's month, oldest first."""
    return [add_months(month_of(day), -back) for back in range(months - 1, -1, -1)]


def each_day(first: date, last: date) -> Iterator[date]:
    """Every calendar day from `first` to `last`, both included."""
    day = first
    while day <= last:
        yield day
        day += ONE_DAY


def shanghai_date(text: str) -> date:
    """The Shanghai date of an ISO time; without an offset it is Shanghai time already (F7).

    Raises ValueError when the text is no ISO date and time.
    """
    if len(text) < 16:
        raise ValueError("no time of day")
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        return moment.date()
    return moment.astimezone(SHANGHAI).date()


@dataclass(frozen=True)
class Period:
    """A month, quarter or year: its name as the API writes it, its kind and its calendar dates."""

    name: str
    kind: str
    start: date
    end: date


def period(name: str) -> Period:
    """The period of a name such as 2026-10, 2026-Q3 or 2026."""
    year, _, part = name.partition("-")
    if not part:
        return Period(name, "year", date(int(year), 1, 1), date(int(year), 12, 31))
    if part.startswith("Q"):
        first = date(int(year), 3 * int(part[1:]) - 2, 1)
        return Period(name, "quarter", first, month_end(add_months(first, 2)))
    first = date(int(year), int(part), 1)
    return Period(name, "month", first, month_end(first))


def period_names(day: date) -> list[str]:
    """The names of the month, quarter and year the day lies in."""
    return [f"{day:%Y-%m}", f"{day.year}-Q{(day.month + 2) // 3}", f"{day.year}"]


def nightly_periods(as_of: date) -> list[str]:
    """Running and last closed month, quarter and year of a run (K14); a period ending today is running."""
    names = []
    for name in period_names(as_of):
        current = period(name)
        before = period_names(current.start - ONE_DAY)[period_names(as_of).index(name)]
        names += [before, name]
    return names
