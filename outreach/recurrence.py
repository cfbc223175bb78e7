"""When a repeated task is due again: a small part of RFC 5545's rules, and trading days. Pure functions.

The part: FREQ=DAILY, WEEKLY (BYDAY=MO,…) or MONTHLY (BYMONTHDAY=1…31, or -1 for the last day), INTERVAL, and
UNTIL as a day. As in RFC 5545 a month without the day is left out, weeks begin on Monday, and the days are
counted from the first one of the series. What becomes of a day on which the exchange does not trade is no
part of the RFC and stands beside the rule: "skip", "before", "after" or '' (nothing).
"""

import calendar
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAILY, WEEKLY, MONTHLY = "DAILY", "WEEKLY", "MONTHLY"
FREQUENCIES = (DAILY, WEEKLY, MONTHLY)
MOST_INTERVAL = 366
FARTHEST = timedelta(days=366 * 12)  # no rule that names any day at all pauses longer
CLOSED_AT_MOST = 20  # days that the exchange is closed on end
Opens = Callable[[date], bool]


class NotARule(ValueError):
    """The text is no rule of the part that is understood; the message says what is wrong."""


@dataclass(frozen=True)
class Rule:
    """frequency with its interval; weekdays (0 is Monday) of WEEKLY; month_day (-1: last) of MONTHLY."""

    frequency: str
    interval: int = 1
    weekdays: tuple[int, ...] = ()
    month_day: int | None = None
    until: date | None = None

    def __str__(self) -> str:
        parts = [f"FREQ={self.frequency}"]
        if self.interval > 1:
            parts.append(f"INTERVAL={self.interval}")
        if self.weekdays:
            parts.append("BYDAY=" + ",".join(WEEKDAYS[day] for day in self.weekdays))
        if self.month_day is not None:
            parts.append(f"BYMONTHDAY={self.month_day}")
        if self.until is not None:
            parts.append(f"UNTIL={self.until:%Y%m%d}")
        return ";".join(parts)


def parse(text: str) -> Rule:
    """The rule that the text writes. Raises NotARule."""
    pairs = [part.partition("=") for part in text.strip().upper().split(";")]
    told = {name: value for name, _sign, value in pairs}
    unknown = set(told) - {"FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "UNTIL"}
    if len(told) != len(pairs) or unknown:
        raise NotARule(f"Not understood: {', '.join(sorted(unknown)) or 'a part said twice'}.")
    frequency = told.get("FREQ", "")
    if frequency not in FREQUENCIES:
        raise NotARule("FREQ is one of DAILY, WEEKLY and MONTHLY.")
    if ("BYDAY" in told and frequency != WEEKLY) or ("BYMONTHDAY" in told and frequency != MONTHLY):
        raise NotARule("BYDAY goes with WEEKLY, BYMONTHDAY with MONTHLY.")
    return Rule(
        frequency=frequency,
        interval=_number(told.get("INTERVAL", "1"), 1, MOST_INTERVAL, "INTERVAL"),
        weekdays=_weekdays(told["BYDAY"]) if "BYDAY" in told else (),
        month_day=_month_day(told["BYMONTHDAY"]) if "BYMONTHDAY" in told else None,
        until=_day(told["UNTIL"]) if "UNTIL" in told else None,
    )


def days(rule: Rule, first: date) -> Iterator[date]:
    """The rule's days from the first one of the series on, whether the exchange trades or not.

    first is among them only where the rule names it.
    """
    last = rule.until or date.max
    for day in _endless(rule, first):
        if day > last:
            return
        if day >= first:
            yield day


def following(
    rule: Rule, first: date, after: date, business: str = "", is_open: Opens = lambda _day: True
) -> tuple[date, date] | None:
    """The next of the series after the one of the day `after`: its day by the rule and the day it is due.

    Where several of the rule's days move to one day, that day comes once. None when the series is over.
    """
    due_before = moved(after, business, is_open) or after
    for day in days(rule, first):
        if day - after > FARTHEST:
            return None
        due = moved(day, business, is_open) if day > after else None
        if due is not None and due > due_before:
            return day, due
    return None


def moved(day: date, business: str, is_open: Opens) -> date | None:
    """The day it is due when the rule names this day; None where it is left out."""
    if not business or is_open(day):
        return day
    if business == "skip":
        return None
    step = timedelta(days=-1 if business == "before" else 1)
    for number in range(1, CLOSED_AT_MOST + 1):
        if is_open(day + number * step):
            return day + number * step
    return day


def _endless(rule: Rule, first: date) -> Iterator[date]:
    """The rule's days, from those of the first one's week or month on, to the end of time."""
    try:
        if rule.frequency == DAILY:
            yield from _daily(rule, first)
        elif rule.frequency == WEEKLY:
            yield from _weekly(rule, first)
        else:
            yield from _monthly(rule, first)
    except OverflowError:
        return


def _daily(rule: Rule, first: date) -> Iterator[date]:
    day = first
    while True:
        yield day
        day += timedelta(days=rule.interval)


def _weekly(rule: Rule, first: date) -> Iterator[date]:
    monday = first - timedelta(days=first.weekday())
    while True:
        for weekday in rule.weekdays or (first.weekday(),):
            yield monday + timedelta(days=weekday)
        monday += timedelta(weeks=rule.interval)


def _monthly(rule: Rule, first: date) -> Iterator[date]:
    month = first.year * 12 + first.month - 1
    wanted = first.day if rule.month_day is None else rule.month_day
    while month < (date.max.year + 1) * 12:
        year, number = divmod(month, 12)
        length = calendar.monthrange(year, number + 1)[1]
        if wanted <= length:
            yield date(year, number + 1, length if wanted == -1 else wanted)
        month += rule.interval


def _number(text: str, least: int, most: int, name: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not least <= int(text) <= most:
        raise NotARule(f"{name} is a number from {least} to {most}.")
    return int(text)


def _weekdays(text: str) -> tuple[int, ...]:
    names = text.split(",")
    if not set(names) <= set(WEEKDAYS):
        raise NotARule("BYDAY names weekdays: MO, TU, WE, TH, FR, SA, SU.")
    return tuple(sorted({WEEKDAYS.index(name) for name in names}))


def _month_day(text: str) -> int:
    return -1 if text == "-1" else _number(text, 1, 31, "BYMONTHDAY")


def _day(text: str) -> date:
    """UNTIL as 20261231; of a moment its day counts."""
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError as error:
        raise NotARule("UNTIL is a day, such as 20261231.") from error
