"""Reads that pages, API, commands and other apps share: what is loaded, the calendar, marks."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

from django.db.models import Max, Min, QuerySet

from clients.models import RecordMark
from trading.models import CalendarOverride, FeedPackage, QuarantinedRow, StaleMark, TradingDay

FIRST_SESSION_YEAR = 1991


def loaded_range() -> tuple[date | None, date | None]:
    """The first and the last loaded trade date; (None, None) when nothing is loaded."""
    found = _in_force().aggregate(first=Min("trade_date"), last=Max("trade_date"))
    return found["first"], found["last"]


def loaded_days(as_of: date) -> list[date]:
    """The loaded trade dates up to a day, oldest first (F1, F5)."""
    return _dates(_in_force().filter(trade_date__lte=as_of))


def snapshot_days(as_of: date) -> list[date]:
    """The loaded trade dates up to a day whose package has a holdings file (F8), oldest first."""
    return _dates(_in_force().filter(trade_date__lte=as_of, files__has_key="holdings.csv"))


def first_month(as_of: date) -> date:
    """First day of the first loaded month as of a day; of as_of's own month when nothing is loaded."""
    first = _in_force().filter(trade_date__lte=as_of).aggregate(first=Min("trade_date"))["first"]
    return (first or as_of).replace(day=1)


def has_marks(as_of: date) -> bool:
    """Whether facts changed that a run as of this day would have to redo."""
    marks = (StaleMark.objects, RecordMark.objects)
    return any(known.filter(told_on__lte=as_of).exists() for known in marks)


def is_trading_day(day: date) -> bool:
    """Whether the exchange trades on a day: the published calendar, or the override kept for the day."""
    return day in _sessions(day, day)


def trading_days(start: date, end: date) -> list[date]:
    """The trading days from start to end, both included, oldest first."""
    return sorted(_sessions(start, end))


def _in_force() -> QuerySet[FeedPackage]:
    return FeedPackage.objects.filter(state=FeedPackage.State.LOADED)


def _dates(packages: QuerySet[FeedPackage]) -> list[date]:
    days = packages.order_by("trade_date").values_list("trade_date", flat=True)
    return [day for day in days if day is not None]


def _sessions(start: date, end: date) -> set[date]:
    know_years(range(start.year, end.year + 1))
    spans = {"day__gte": start, "day__lte": end}
    days = set(TradingDay.objects.filter(is_open=True, **spans).values_list("day", flat=True))
    overrides = dict(CalendarOverride.objects.filter(**spans).values_list("day", "is_open"))
    return {day for day in days if overrides.get(day, True)} | {
        day for day, is_open in overrides.items() if is_open
    }


def know_years(years: Iterable[int]) -> None:
    """Copies the years that are not in the table yet from the published calendar; unknown years stay out."""
    known = set(TradingDay.objects.filter(day__month=1, day__day=1).values_list("day__year", flat=True))
    missing = [year for year in years if year not in known and year >= FIRST_SESSION_YEAR]
    if missing:
        TradingDay.objects.bulk_create(_published(min(missing), max(missing)), ignore_conflicts=True)


def _published(first_year: int, last_year: int) -> list[TradingDay]:
    """Every day of these years as far as the exchange has published them."""
    sessions, published_to = _exchange()
    first, last = date(first_year, 1, 1), min(date(last_year, 12, 31), published_to)
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [TradingDay(day=day, is_open=day in sessions) for day in days]


@cache
def _exchange() -> tuple[frozenset[date], date]:
    """All sessions of the Shanghai exchange, and the day up to which they are published."""
    import exchange_calendars  # takes a second to load; needed once a year

    exchange = exchange_calendars.get_calendar("XSHG", start=date(FIRST_SESSION_YEAR, 1, 1))
    return frozenset(stamp.date() for stamp in exchange.sessions), exchange.bound_max().date()


def packages_listed(reader: Any) -> QuerySet[FeedPackage]:
    """The deliveries somebody may look at, without the counts of their files."""
    return FeedPackage.objects.visible_to(reader).defer("files")


def quarantine_listed(reader: Any) -> QuerySet[QuarantinedRow]:
    """The quarantined rows somebody may look at, without their sealed content."""
    rows = QuarantinedRow.objects.visible_to(reader).select_related("package")
    return rows.defer("package__files", "raw")
