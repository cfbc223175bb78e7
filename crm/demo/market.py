"""The market the demo clients live in: trading days, prices of securities, daily growth of what they hold."""

from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from crm.demo.names import SECURITIES

STYLES = 12
"""Holders fall into this many investment styles, each with its own daily growth."""


def sessions(first: date, last: date) -> list[date]:
    """Trading days of the Shanghai exchange in [first, last], as far as its calendar is published."""
    import exchange_calendars

    calendar = exchange_calendars.get_calendar("XSHG")
    known = calendar.last_session.date()
    if first > known:
        return []
    return [stamp.date() for stamp in calendar.sessions_in_range(str(first), str(min(last, known)))]


def first_of_window(until: date, months: int) -> date:
    """First day of the window of ``months`` calendar months that ends with the month of ``until``."""
    number = until.year * 12 + until.month - months
    return date(number // 12, number % 12 + 1, 1)


def demo_days(until: date, months: int) -> list[date]:
    """The trading days of the demo: ``months`` calendar months, the last one up to ``until``.

    Where the month of ``until`` has no trading day yet, the demo ends with the month before.
    """
    month = first_of_window(until, 1)
    if not sessions(month, until):
        return demo_days(month - timedelta(days=1), months)
    return sessions(first_of_window(until, months), until)


@dataclass(frozen=True)
class Market:
    """Price paths, one row per trading day; prices in cents."""

    days: list[date]
    prices: NDArray[np.int64]
    growth: NDArray[np.float64]

    @cached_property
    def ordinals(self) -> NDArray[np.int64]:
        """The trading days as proleptic ordinals, for arithmetic."""
        return np.array([day.toordinal() for day in self.days], dtype=np.int64)

    def ends_month(self, place: int) -> bool:
        """Whether the day is the last trading day of its month, or the last day of the demo."""
        return place + 1 == len(self.days) or self.days[place + 1].month != self.days[place].month


def build_market(days: list[date], seed: int) -> Market:
    """Random walks with a common factor; about 8 % drift and 18 % volatility a year."""
    random = np.random.default_rng([seed, 1])
    common = random.normal(0.0003, 0.0105, len(days))
    beta = random.uniform(0.5, 1.4, len(SECURITIES))
    own = random.normal(0.0, 0.013, (len(days), len(SECURITIES)))
    start = np.exp(random.uniform(1.5, 5.0, len(SECURITIES)))
    paths = start * np.exp(np.cumsum(common[:, None] * beta + own, axis=0))
    style_beta = np.linspace(0.35, 1.35, STYLES)
    growth = 1 + common[:, None] * style_beta + random.normal(0, 0.003, (len(days), STYLES))
    return Market(days, np.maximum(np.rint(paths * 100), 100).astype(np.int64), growth)
