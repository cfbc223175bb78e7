"""The exchange's calendar, cached in a table, with local overrides as data."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from trading.models import CalendarOverride, FeedPackage, Product, TradingDay
from trading.queries import is_trading_day, loaded_range, trading_days

pytestmark = pytest.mark.django_db


def test_trading_days_of_a_holiday_week() -> None:
    days = trading_days(date(2025, 9, 26), date(2025, 10, 10))
    assert [day.day for day in days] == [26, 29, 30, 9, 10]
    assert not is_trading_day(date(2025, 10, 11))  # a working Saturday is no session


def test_the_calendar_is_read_once(django_assert_num_queries: Any) -> None:
    assert is_trading_day(date(2025, 1, 2))
    assert TradingDay.objects.filter(day__year=2025).count() == 365
    with django_assert_num_queries(3):
        assert not is_trading_day(date(2025, 1, 1))


def test_years_that_are_not_published_have_no_session_but_overrides() -> None:
    far = date(2090, 3, 1)
    assert not is_trading_day(far)
    CalendarOverride.objects.create(day=far, is_open=True, reason="published by letter")
    assert is_trading_day(far)
    assert not is_trading_day(date(1970, 1, 5))


def test_names() -> None:
    assert loaded_range() == (None, None)
    assert str(FeedPackage(name="2026-06-01")) == "2026-06-01"
    assert str(Product(code="F001")) == "F001"
