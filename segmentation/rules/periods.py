"""What absolute and relative dates mean on a day: a span of days, both ends inside."""

from datetime import date, timedelta
from typing import Any

from core.months import add_months, month_end, month_of

DAYS, MONTHS = "days", "months"
UNITS = (DAYS, MONTHS)
PERIODS = ("month", "quarter", "year")
LENGTHS = {"month": 1, "quarter": 3, "year": 12}
Span = tuple[date | None, date | None]


def span(op: str, value: Any, unit: str, today: date) -> Span:
    """First and last day that an operator of dates asks for; None where there is no end.

    in_last (and not_in_last): so many days or months back to today. older: before that. in_next: from today
    on. this, last: the calendar month, quarter or year that today lies in, and the one before.
    """
    if op in ("in_last", "not_in_last"):
        return _back(today, value, unit), today
    if op == "older":
        return None, _back(today, value, unit) - timedelta(days=1)
    if op == "in_next":
        return today, add_months(today, value) if unit == MONTHS else today + timedelta(days=value)
    if op in ("this", "last"):
        return _calendar(today, value, before=op == "last")
    first, last = {"since": (value, None), "until": (None, value)}.get(op) or value
    return first, last


def _back(today: date, count: int, unit: str) -> date:
    return add_months(today, -count) if unit == MONTHS else today - timedelta(days=count)


def _calendar(today: date, period: str, *, before: bool) -> Span:
    length = LENGTHS[period]
    month = month_of(today)
    first = add_months(month, -((month.month - 1) % length) - (length if before else 0))
    return first, month_end(add_months(first, length - 1))


def first_month(months: int, today: date) -> date:
    """The first of so many months that end with today's."""
    return add_months(month_of(today), 1 - months)


def born_between(low: int | None, high: int | None, today: date) -> Span:
    """Birth dates of those who are between `low` and `high` full years old today, both inside."""
    first = add_months(today, -12 * (high + 1)) + timedelta(days=1) if high is not None else None
    return first, add_months(today, -12 * low) if low is not None else None
