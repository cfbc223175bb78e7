"""A slow second opinion on business time: a list of every single minute that counts.

Built from the published calendar itself and from nothing of the application.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache

import exchange_calendars

SHANGHAI = timedelta(hours=8)  # no summer time in the years the tests look at
SESSIONS = {"trading": ((570, 690), (780, 900)), "working": ((540, 1020),)}
MINUTE = timedelta(minutes=1)


@cache
def published() -> frozenset[date]:
    return frozenset(stamp.date() for stamp in exchange_calendars.get_calendar("XSHG").sessions)


class Minutes:
    """Every business minute of these days, as minutes since 1970 in Shanghai."""

    def __init__(self, first: date, last: date, overrides: Mapping[date, bool], hours: str) -> None:
        self.always = hours == "always"
        self.all: list[int] = []
        day = first
        while not self.always and day <= last:
            if overrides.get(day, day in published()):
                begins = (day - date(1970, 1, 1)).days * 1440
                for opens, closes in SESSIONS[hours]:
                    self.all += range(begins + opens, begins + closes)
            day += timedelta(days=1)

    def add(self, start: datetime, minutes: int) -> datetime:
        """The end of the minutes-th business minute that begins at `start` (a whole minute) or after."""
        begun = minute_of(start)
        if self.always or not minutes:
            return start.astimezone(UTC) + minutes * MINUTE
        last = self.all[bisect_left(self.all, begun) + minutes - 1]
        return datetime(1970, 1, 1, tzinfo=UTC) - SHANGHAI + (last + 1) * MINUTE

    def between(self, start: datetime, end: datetime) -> int:
        if self.always:
            return max(minute_of(end) - minute_of(start), 0)
        return max(bisect_left(self.all, minute_of(end)) - bisect_left(self.all, minute_of(start)), 0)

    def counts(self, at: datetime) -> bool:
        place = bisect_right(self.all, minute_of(at))
        return self.always or (place > 0 and self.all[place - 1] == minute_of(at))


def minute_of(at: datetime) -> int:
    return int((at.astimezone(UTC).replace(tzinfo=None) + SHANGHAI - datetime(1970, 1, 1)) // MINUTE)
