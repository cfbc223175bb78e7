"""Repeated tasks: the rules agree with a slow day-by-day reference and with python-dateutil's RFC 5545."""

import calendar
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from dateutil.rrule import rrulestr
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach.recurrence import NotARule, Rule, days, following, moved, parse

settings.register_profile("busy", deadline=None, suppress_health_check=[HealthCheck.too_slow])
QUICK = settings(settings.get_profile("busy"), max_examples=60)
DAYS = st.dates(date(2024, 1, 1), date(2027, 12, 31))
RULES = st.one_of(
    st.builds(Rule, st.just("DAILY"), st.integers(1, 40)),
    st.builds(
        Rule, st.just("WEEKLY"), st.integers(1, 6),
        st.sets(st.integers(0, 6)).map(lambda found: tuple(sorted(found))),
    ),
    st.builds(
        Rule, st.just("MONTHLY"), st.integers(1, 14), st.just(()),
        st.one_of(st.none(), st.integers(1, 31), st.just(-1)),
    ),
)  # fmt: skip


def _named(rule: Rule, first: date, day: date) -> bool:
    """Whether the rule names the day, asked of each day alone."""
    if day < first or (rule.until and day > rule.until):
        return False
    if rule.frequency == "DAILY":
        return (day - first).days % rule.interval == 0
    if rule.frequency == "WEEKLY":
        weeks = ((day - timedelta(day.weekday())) - (first - timedelta(first.weekday()))).days // 7
        return weeks % rule.interval == 0 and day.weekday() in (rule.weekdays or (first.weekday(),))
    months = (day.year - first.year) * 12 + day.month - first.month
    wanted = rule.month_day if rule.month_day is not None else first.day
    last = calendar.monthrange(day.year, day.month)[1]
    return months % rule.interval == 0 and day.day == (last if wanted == -1 else wanted)


def _opens(closed: set[int]) -> object:
    """An exchange that is closed on weekends and some more days of each month."""
    return lambda day: day.weekday() < 5 and day.day not in closed


@given(RULES, DAYS, st.one_of(st.none(), st.integers(0, 390)))
@QUICK
def test_days_as_asked_one_by_one(rule: Rule, first: date, length: int | None) -> None:
    until = None if length is None else first + timedelta(length)
    rule = Rule(rule.frequency, rule.interval, rule.weekdays, rule.month_day, until)
    end = first + timedelta(400)
    found = []
    for day in days(rule, first):
        if day >= end:
            break
        found.append(day)
    span = (first + timedelta(number) for number in range(400))
    assert found == [day for day in span if _named(rule, first, day)]


@given(RULES, DAYS)
@QUICK
def test_days_as_another_library_reads_the_rule(rule: Rule, first: date) -> None:
    start = datetime(first.year, first.month, first.day)
    end = start + timedelta(500)
    theirs = [moment.date() for moment in rrulestr(str(rule), dtstart=start).between(start, end, inc=True)]
    ours = []
    for day in days(rule, first):
        if day > end.date():
            break
        ours.append(day)
    assert ours == theirs


@given(RULES, DAYS, st.sampled_from(["", "skip", "before", "after"]), st.sets(st.integers(1, 31), max_size=8))
@QUICK
def test_the_next_one_by_trying_every_day(rule: Rule, first: date, business: str, closed: set[int]) -> None:
    """Slowly: each named day of some 16 months with where it goes, then those in order without repeats."""
    is_open = _opens(closed)
    due: list[tuple[date, date]] = []
    for number in range(500):
        day = first + timedelta(number)
        to = _slowly_moved(day, business, is_open) if _named(rule, first, day) else None
        if to is not None and (not due or to > due[-1][1]):
            due.append((day, to))
    for before, after in pairwise(due):
        assert following(rule, first, before[0], business, is_open) == after


def _slowly_moved(day: date, business: str, is_open: object) -> date | None:
    if business == "" or is_open(day):
        return day
    if business == "skip":
        return None
    while not is_open(day):
        day += timedelta(-1 if business == "before" else 1)
    return day


@given(RULES, st.one_of(st.none(), DAYS))
@QUICK
def test_written_and_read_again(rule: Rule, until: date | None) -> None:
    rule = Rule(rule.frequency, rule.interval, rule.weekdays, rule.month_day, until)
    assert parse(str(rule)) == rule


@pytest.mark.parametrize(
    "text",
    [
        "", "FREQ=YEARLY", "FREQ=DAILY;FREQ=DAILY", "FREQ=DAILY;COUNT=3", "FREQ=DAILY;INTERVAL=0",
        "FREQ=DAILY;INTERVAL=x", "FREQ=DAILY;BYDAY=MO", "FREQ=WEEKLY;BYDAY=1MO", "FREQ=WEEKLY;BYMONTHDAY=3",
        "FREQ=MONTHLY;BYMONTHDAY=32", "FREQ=MONTHLY;BYMONTHDAY=-2", "FREQ=DAILY;UNTIL=2026-12", "INTERVAL=2",
    ],
)  # fmt: skip
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(NotARule):
        parse(text)


def test_the_last_trading_day_of_the_month() -> None:
    rule = parse("FREQ=MONTHLY;BYMONTHDAY=-1")
    is_open = _opens({31})
    assert following(rule, date(2026, 1, 31), date(2026, 1, 31), "before", is_open) == (
        date(2026, 2, 28),
        date(2026, 2, 27),
    )
    assert moved(date(2026, 5, 31), "before", is_open) == date(2026, 5, 29)


def test_a_series_ends() -> None:
    rule = parse("FREQ=WEEKLY;UNTIL=20260110")
    assert following(rule, date(2026, 1, 3), date(2026, 1, 3)) == (date(2026, 1, 10), date(2026, 1, 10))
    assert following(rule, date(2026, 1, 3), date(2026, 1, 10)) is None


def test_a_day_that_no_month_has_ends_the_search() -> None:
    rule = parse("FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31")
    assert following(rule, date(2026, 2, 1), date(2026, 2, 1)) is None
