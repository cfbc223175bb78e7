"""Business time against a list of every single minute, and the database's arithmetic against Python's."""

from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.trading.minutes import Minutes
from trading.business_time import SHANGHAI, Calendar, NoEnd, add, add_working_days, between, closed_days
from trading.models import BusinessSession, CalendarOverride, TradingDay

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2025, 1, 1), date(2026, 12, 31)
HOURS = st.sampled_from(["always", "trading", "working"])
ZONES = st.sampled_from(["Asia/Shanghai", "UTC", "America/New_York", "Asia/Kathmandu"])
MOMENTS = st.builds(
    lambda minute, zone: (datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)).astimezone(
        ZoneInfo(zone)
    ),
    st.integers(0, 500 * 1440),
    ZONES,
)
OVERRIDES = st.dictionaries(st.dates(FIRST, date(2026, 6, 30)), st.booleans(), max_size=4)
QUICK = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # fmt: skip


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.fixture(scope="module")
def known() -> dict[str, Minutes]:
    return {hours: Minutes(FIRST, LAST, {}, hours) for hours in ("always", "trading", "working")}


@QUICK
@given(start=MOMENTS, minutes=st.integers(0, 20 * 480), hours=HOURS)
def test_adding_ends_with_the_last_minute(
    known: dict[str, Minutes], start: datetime, minutes: int, hours: str
) -> None:
    found = add(start, timedelta(minutes=minutes), hours)
    assert found == known[hours].add(start, minutes)
    assert between(start, found, hours) == timedelta(minutes=minutes)


@QUICK
@given(start=MOMENTS, end=MOMENTS, hours=HOURS)
def test_between_counts_every_minute(
    known: dict[str, Minutes], start: datetime, end: datetime, hours: str
) -> None:
    assert between(start, end, hours) == timedelta(minutes=known[hours].between(start, end))


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=MOMENTS, minutes=st.integers(1, 9600), overrides=OVERRIDES, hours=HOURS)
def test_overrides_decide(start: datetime, minutes: int, overrides: dict[date, bool], hours: str) -> None:
    CalendarOverride.objects.all().delete()
    CalendarOverride.objects.bulk_create(
        CalendarOverride(day=day, is_open=told) for day, told in overrides.items()
    )
    slow = Minutes(FIRST, LAST, overrides, hours)
    assert add(start, timedelta(minutes=minutes), hours) == slow.add(start, minutes)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=MOMENTS, seconds=st.integers(1, 15 * 28800), hours=HOURS)
def test_the_database_reckons_alike(start: datetime, seconds: int, hours: str) -> None:
    calendar = Calendar.from_day(date(2024, 12, 31))
    expected = add(start, timedelta(seconds=seconds), hours, calendar)
    with connection.cursor() as cursor:
        cursor.execute(LOOK_UP, {"start": start, "seconds": seconds, "hours": hours})
        assert cursor.fetchone()[0] == expected


LOOK_UP = """
SELECT trading_business_moment(line.opens[there.place] + target.seconds - line.before[there.place])
FROM trading_business_lines('2024-12-31', '2027-12-31') AS line
CROSS JOIN LATERAL (SELECT trading_business_second(%(start)s) AS at) AS begun
CROSS JOIN LATERAL (SELECT width_bucket(begun.at, line.opens) AS place) AS here
CROSS JOIN LATERAL (SELECT %(seconds)s + coalesce(line.before[here.place]
    + least(begun.at - line.opens[here.place], line.lengths[here.place]), 0) AS seconds) AS target
CROSS JOIN LATERAL (SELECT width_bucket(target.seconds - 1e-7, line.before) AS place) AS there
WHERE line.hours = %(hours)s
"""


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        ("2026-11-23 10:00", 1, "2026-11-24 10:00"),  # the same time of the next trading day
        ("2026-11-27 10:00", 1, "2026-11-30 10:00"),  # over a weekend
        ("2026-11-28 12:00", 1, "2026-11-30 17:00"),  # begun on a Saturday
        ("2026-11-23 17:00", 1, "2026-11-24 17:00"),  # begun as the day closes
        ("2026-09-30 16:00", 1, "2026-10-08 16:00"),  # over the holidays of October
        ("2026-10-10 10:00", 1, "2026-10-12 17:00"),  # a Saturday that is worked does not trade
        ("2026-02-13 09:00", 3, "2026-02-25 17:00"),  # over Spring Festival, from an opening
        ("2026-11-30 12:00", 0, "2026-11-30 12:00"),
    ],
)
def test_working_days(start: str, days: int, end: str) -> None:
    assert add_working_days(at(start), days) == at(end)


def test_the_lunch_break_does_not_count() -> None:
    assert add(at("2026-11-23 11:29:30"), timedelta(seconds=60), "trading") == at("2026-11-23 13:00:30")
    assert add(at("2026-11-23 12:00"), timedelta(seconds=1), "trading") == at("2026-11-23 13:00:01")
    assert between(at("2026-11-23 11:30"), at("2026-11-23 13:00"), "trading") == timedelta(0)
    assert between(at("2026-11-23 13:00"), at("2026-11-23 11:30"), "trading") == timedelta(0)


def test_sessions_hold_from_their_day() -> None:
    BusinessSession.objects.create(
        hours="working", from_date=date(2026, 11, 24), opens=time(10), closes=time(12)
    )
    assert add(at("2026-11-23 16:00"), timedelta(hours=2), "working") == at("2026-11-24 11:00")
    with connection.cursor() as cursor:
        cursor.execute(LOOK_UP, {"start": at("2026-11-23 16:00"), "seconds": 7200, "hours": "working"})
        assert cursor.fetchone()[0] == at("2026-11-24 11:00")


def test_years_that_are_not_published_keep_the_fixed_holidays() -> None:
    calendar = Calendar({}, {}, date(2026, 12, 31), date(2028, 1, 1))
    assert not calendar.is_open(date(2027, 1, 1))
    assert calendar.is_open(date(2027, 1, 4))
    with connection.cursor() as cursor:
        cursor.execute("SELECT trading_is_open('2090-10-02'), trading_is_open('2090-10-04')")
        assert cursor.fetchone() == (False, True)


def test_what_never_ends_is_told() -> None:
    with pytest.raises(NoEnd):
        add(at("2026-11-23 10:00"), timedelta(days=500), "trading")


def test_closed_days_are_named_and_the_calendar_costs_little(django_assert_max_num_queries: Any) -> None:
    Calendar.from_day(date(2026, 9, 28))
    with django_assert_max_num_queries(5):
        calendar = Calendar.from_day(date(2026, 9, 28))
    closed = closed_days(at("2026-09-28 00:00"), at("2026-10-08 00:00"), calendar)
    assert [day.day for day in closed] == [1, 2, 3, 4, 5, 6, 7]
    assert TradingDay.objects.filter(day__year=2026).count() == 365
