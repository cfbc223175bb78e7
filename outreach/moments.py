"""Due days and moments in Shanghai. Pure functions."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
TEN = time(10)
LAST_MINUTE = time(23, 59)  # when a task that is due on a day, at no clock time, is due


def due_moment(due: date | datetime) -> tuple[datetime, bool]:
    """The moment that something due on a day or at a moment is due, and whether it was a day."""
    if isinstance(due, datetime):
        return due, False
    return datetime.combine(due, LAST_MINUTE, SHANGHAI), True


def day_of(moment: datetime) -> date:
    """The day in Shanghai."""
    return moment.astimezone(SHANGHAI).date()


def on_day(moment: datetime, day: date) -> datetime:
    """The same clock time on another day."""
    return datetime.combine(day, moment.astimezone(SHANGHAI).time(), SHANGHAI)


def minutes_between(earlier: datetime, later: datetime) -> int:
    """Whole minutes, rounded up."""
    return -((earlier - later) // timedelta(minutes=1))


def day_span(first: date, last: date) -> tuple[datetime, datetime]:
    """From the first day's midnight to the midnight that ends the last one."""
    begin = datetime.combine(first, time(0), SHANGHAI)
    return begin, datetime.combine(last + timedelta(days=1), time(0), SHANGHAI)


def later(when: str, now: datetime) -> datetime | None:
    """When a button says to call again: in an "hour", "tomorrow" at ten; None for anything else."""
    if when == "hour":
        return now + timedelta(hours=1)
    tomorrow = now.astimezone(SHANGHAI).date() + timedelta(days=1)
    return datetime.combine(tomorrow, TEN, SHANGHAI) if when == "tomorrow" else None
