"""Month arithmetic of closes and windows; a month is named by its first day."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Any


def month_of(day: date) -> date:
    return day.replace(day=1)


def month_end(day: date) -> date:
    """The last calendar day of the day's month: the day it closes on (L1)."""
    return day.replace(day=monthrange(day.year, day.month)[1])


def is_month_end(day: date) -> bool:
    return day == month_end(day)


def add_months(day: date, months: int) -> date:
    """The same day that many months on (back when negative), or the month's last where it has no such day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def months_between(first: date, last: date) -> list[date]:
    """The months from that of `first` to that of `last`, oldest first."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [add_months(month_of(first), number) for number in range(count)]


def previous_close(day: date) -> date:
    """The last month close before a day."""
    return month_of(day) - timedelta(days=1)


def last_close(day: date) -> date:
    """The last month close on or before a day."""
    return day if is_month_end(day) else previous_close(day)


def earlier_closes(day: date, count: int) -> list[date]:
    """The month closes before a day, newest first."""
    closes = [previous_close(day)]
    while len(closes) < count:
        closes.append(previous_close(closes[-1]))
    return closes


def window_params(as_of: date) -> dict[str, Any]:
    """What a date's windows need; days_left / month_days is the weight of the month leaving them (S13)."""
    month = month_of(as_of)
    month_days = month_end(as_of).day
    return {
        "as_of": as_of,
        "month": month,
        "leaving_12m": add_months(month, -12),
        "leaving_3m": add_months(month, -3),
        "month_days": month_days,
        "days_left": month_days - as_of.day,
    }
