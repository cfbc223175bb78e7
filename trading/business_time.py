"""Business time: how much of it lies between two moments, and when an amount of it has passed.

Pure functions over a `Calendar`, which is read once (`Calendar.from_day`). The same arithmetic for whole
tables is the database function `trading_business_lines` with two look-ups in its lines (docs/cases.md).

Kinds of hours: `trading` (09:30-11:30, 13:00-15:00) and `working` (09:00-17:00) on trading days of the
exchange, as told by BusinessSession from a day on, and `always`. A working day is 8 hours of working time:
one that begins at 10:00 ends at 10:00 of the next trading day, one that begins on a Saturday on Monday at
17:00. Weekends never trade, also when they are worked; CalendarOverride decides about single days. Of years
that are not published yet, Monday to Friday count but for the fixed public holidays.
"""

from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from zoneinfo import ZoneInfo

from django.db.models import Q
from django.utils import timezone

from trading.models import BusinessSession, CalendarOverride, TradingDay
from trading.queries import know_years

SHANGHAI = ZoneInfo("Asia/Shanghai")
ALWAYS, TRADING, WORKING = "always", "trading", "working"
WORKING_DAY = timedelta(hours=8)
LOOKS_AHEAD = timedelta(days=1100)
FIXED_HOLIDAYS = frozenset({(1, 1), (5, 1), (10, 1), (10, 2), (10, 3)})  # month and day, every year
Spans = Sequence[tuple[time, time]]


class NoEnd(ValueError):
    """The amount does not pass within the days that the calendar looks ahead."""


@dataclass(frozen=True)
class Calendar:
    """Open and closed days that differ from the weekday rule, and sessions by hours, oldest first.

    known_to: the last day that was published; after it the fixed holidays are closed as well.
    """

    told: Mapping[date, bool]
    sessions: Mapping[str, Sequence[tuple[date, Spans]]]
    known_to: date
    last: date

    @classmethod
    def from_day(cls, first: date) -> "Calendar":
        """What holds from this day on, three years ahead; three queries."""
        know_years(range(first.year, timezone.localdate().year + 1))
        last = first + LOOKS_AHEAD
        week = Q(day__week_day__in=(1, 7))
        odd = TradingDay.objects.filter(Q(is_open=True) & week | Q(is_open=False) & ~week)
        told = dict(odd.filter(day__range=(first, last)).values_list("day", "is_open"))
        told |= dict(CalendarOverride.objects.filter(day__range=(first, last)).values_list("day", "is_open"))
        known = TradingDay.objects.order_by("-day").values_list("day", flat=True).first()
        return cls(told, _sessions(), known or date.min, last)

    def is_open(self, day: date) -> bool:
        if day in self.told:
            return self.told[day]
        fixed = day > self.known_to and (day.month, day.day) in FIXED_HOLIDAYS
        return day.isoweekday() < 6 and not fixed

    def spans(self, hours: str, day: date) -> Iterator[tuple[datetime, datetime]]:
        """The business time of one day in Shanghai, in order."""
        if not self.is_open(day):
            return
        known = self.sessions.get(hours, ())
        place = bisect_right(known, day, key=lambda told: told[0])
        for opens, closes in known[place - 1][1] if place else ():
            yield datetime.combine(day, opens, SHANGHAI), datetime.combine(day, closes, SHANGHAI)


def add(start: datetime, amount: timedelta, hours: str, calendar: Calendar | None = None) -> datetime:
    """The first moment by which so much business time has passed since `start`; nothing passed is `start`.

    Raises NoEnd when that lies more than three years ahead.
    """
    begun = start.astimezone(SHANGHAI)
    if hours == ALWAYS or amount <= timedelta(0):
        return begun + amount if hours == ALWAYS else begun
    calendar = calendar or Calendar.from_day(begun.date())
    left = amount
    for opens, closes in _spans_from(begun, hours, calendar):
        begins = max(opens, begun)
        if closes - begins >= left:
            return begins + left
        left -= closes - begins
    raise NoEnd(hours)


def between(start: datetime, end: datetime, hours: str, calendar: Calendar | None = None) -> timedelta:
    """How much business time lies between two moments; none when the end is not after the start."""
    begun, ends = start.astimezone(SHANGHAI), end.astimezone(SHANGHAI)
    if hours == ALWAYS:
        return max(ends - begun, timedelta(0))
    calendar = calendar or Calendar.from_day(begun.date())
    passed = timedelta(0)
    for opens, closes in _spans_from(begun, hours, calendar):
        if opens >= ends:
            break
        passed += min(closes, ends) - max(opens, begun)
    return passed


def add_working_days(start: datetime, number: int, calendar: Calendar | None = None) -> datetime:
    """When so many working days, of 8 hours of working time each, have passed."""
    return add(start, number * WORKING_DAY, WORKING, calendar)


def closed_days(start: datetime, end: datetime, calendar: Calendar) -> list[date]:
    """The days in Shanghai from start to end on which no business time passes."""
    first, last = start.astimezone(SHANGHAI).date(), end.astimezone(SHANGHAI).date()
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if not calendar.is_open(day)]


def _spans_from(start: datetime, hours: str, calendar: Calendar) -> Iterator[tuple[datetime, datetime]]:
    """The business time that is not over at `start`, in order, as far as the calendar looks."""
    day = start.date()
    while day <= calendar.last:
        for opens, closes in calendar.spans(hours, day):
            if closes > start:
                yield opens, closes
        day += timedelta(days=1)


def _sessions() -> dict[str, list[tuple[date, Spans]]]:
    rows = BusinessSession.objects.order_by("hours", "from_date", "opens")
    told: dict[str, list[tuple[date, Spans]]] = {}
    for (hours, day), sessions in groupby(rows, key=lambda row: (row.hours, row.from_date)):
        told.setdefault(hours, []).append((day, [(row.opens, row.closes) for row in sessions]))
    return told
