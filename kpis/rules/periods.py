"""Months, quarters and years by their names: 2026-10, 2026-Q3, 2026 (calendar dates, both ends included)."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

MONTH, QUARTER, YEAR = "month", "quarter", "year"
PERIOD_TYPES = (MONTH, QUARTER, YEAR)
_MONTHS = {MONTH: 1, QUARTER: 3, YEAR: 12}
_NAME = re.compile(r"(?P<year>[12]\d{3})(?:-(?:Q(?P<quarter>[1-4])|(?P<month>0[1-9]|1[0-2])))?")


def add_months(month: date, count: int) -> date:
    """The first day of the month so many months later (earlier when negative)."""
    index = month.year * 12 + month.month - 1 + count
    return date(index // 12, index % 12 + 1, 1)


@dataclass(frozen=True, order=True)
class Period:
    """A month, quarter or year by its type and first day."""

    start: date
    type: str

    @property
    def name(self) -> str:
        """As the API and the URLs write it."""
        if self.type == YEAR:
            return f"{self.start.year}"
        if self.type == QUARTER:
            return f"{self.start.year}-Q{self.start.month // 3 + 1}"
        return f"{self.start:%Y-%m}"

    @property
    def end(self) -> date:
        return add_months(self.start, _MONTHS[self.type]) - timedelta(days=1)

    @property
    def months(self) -> tuple[date, ...]:
        """First days of all its months, begun or not (K7)."""
        return tuple(add_months(self.start, number) for number in range(_MONTHS[self.type]))

    @property
    def opening_day(self) -> date:
        """The day before it starts, at whose close B is counted."""
        return self.start - timedelta(days=1)

    def reckoned_to(self, as_of: date) -> date:
        """Its last day, or the as-of date while it is running (K10)."""
        return min(self.end, as_of)

    def shifted(self, count: int) -> "Period":
        """The period of the same type so many places later."""
        return Period(add_months(self.start, count * _MONTHS[self.type]), self.type)

    def year_before(self) -> "Period":
        return Period(add_months(self.start, -12), self.type)


def parse_period(name: str) -> Period:
    """The period of a name; ValueError for anything else."""
    match = _NAME.fullmatch(name)
    if match is None:
        raise ValueError(f"{name!r} is no period; write 2026-10, 2026-Q3 or 2026.")
    year = int(match["year"])
    if match["quarter"]:
        return Period(date(year, 3 * int(match["quarter"]) - 2, 1), QUARTER)
    if match["month"]:
        return Period(date(year, int(match["month"]), 1), MONTH)
    return Period(date(year, 1, 1), YEAR)


def period_of(day: date, period_type: str) -> Period:
    """The period of a type that holds the day."""
    length = _MONTHS[period_type]
    return Period(date(day.year, (day.month - 1) // length * length + 1, 1), period_type)


def periods_between(first_month: date, as_of: date) -> list[Period]:
    """Every period with a loaded month that has begun by the as-of date, oldest first, short before long."""
    found = []
    for period_type in PERIOD_TYPES:
        period = period_of(first_month, period_type)
        while period.start <= as_of:
            found.append(period)
            period = period.shifted(1)
    return sorted(found, key=lambda period: (period.end, len(period.months)))


def loaded_months_behind(first_month: date, opening_day: date) -> int:
    """Loaded months up to the close before a period (S15); 0 when nothing was loaded then."""
    months = (opening_day.year - first_month.year) * 12 + opening_day.month - first_month.month + 1
    return max(months, 0)
