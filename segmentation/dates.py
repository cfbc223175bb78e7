"""Closes and windows; a month closes on its last calendar day (L1)."""

from datetime import date, timedelta
from typing import Any

from core.months import add_months, month_end, month_of

__all__ = ["add_months", "month_end", "month_of"]


def is_month_end(day: date) -> bool:
    return day == month_end(day)


def months_between(first: date, last: date) -> list[date]:
    """The months from that of `first` to that of `last`, oldest first."""
    count = (last.year - first.year) * 12 + last.month - first.month + 1
    return [add_months(month_of(first), number) for number in range(count)]


def quarter_start(day: date) -> date:
    """The first day of the quarter that a day lies in."""
    return date(day.year, day.month - (day.month - 1) % 3, 1)


def quarter_end(day: date) -> date:
    """The last day of the quarter that a day lies in."""
    return month_end(add_months(quarter_start(day), 2))


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
        "earlier_months": [add_months(month, -back) for back in range(12, 0, -1)],
        "leaving_3m": add_months(month, -3),
        "month_days": month_days,
        "days_left": month_days - as_of.day,
    }
