"""The calendar's days, and the iCalendar text as a reader takes it apart again."""

from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace

import pytest
from django.test import Client as Browser
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from outreach import ics
from outreach.actions.feeds import make_feed, revoke_feed
from outreach.actions.tasks import give_task
from outreach.queries import calendar
from staff.models import Person, Unit
from tests.clients.people import make_client


def _unfolded(text: str) -> list[str]:
    return text.replace("\r\n ", "").split("\r\n")[:-1]


def _read(value: str) -> str:
    """A TEXT value as RFC 5545 says that it is read."""
    out, letters = "", iter(value)
    for letter in letters:
        if letter == "\\":
            letter = next(letters)
            letter = "\n" if letter in "nN" else letter
        out += letter
    return out


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
@settings(deadline=None, max_examples=80, suppress_health_check=[HealthCheck.too_slow])
def test_any_words_come_back_as_they_were(words: str) -> None:
    stamp = datetime(2026, 1, 5, tzinfo=UTC)
    text = ics.calendar("x", [ics.Event(uid="1@x", stamp=stamp, start=date(2026, 1, 5), summary=words)])
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert "\n" not in text.replace("\r\n", "")
    found = [line for line in _unfolded(text) if line.startswith("SUMMARY:")]
    assert [_read(line.removeprefix("SUMMARY:")) for line in found] == [words]


def test_spans_of_the_shapes() -> None:
    assert calendar.span_of("month", date(2026, 11, 15)) == (date(2026, 10, 26), date(2026, 12, 6))
    assert calendar.span_of("week", date(2026, 11, 29)) == (date(2026, 11, 23), date(2026, 11, 29))
    assert calendar.span_of("day", date(2026, 2, 28)) == (date(2026, 2, 28), date(2026, 2, 28))


@pytest.mark.django_db
def test_closed_days_are_marked(cast: SimpleNamespace) -> None:
    days = calendar.days(cast.agent_1001, date(2026, 9, 28), date(2026, 10, 11), "mine")
    holidays = [day.on for day in days if day.is_holiday]
    assert holidays == [date(2026, 10, 1) + timedelta(n) for n in (0, 1, 4, 5, 6)]


@pytest.mark.django_db
def test_the_feed_masks_names_and_ends_with_its_address(
    units: dict[str, Unit], cast: SimpleNamespace
) -> None:
    client = make_client(units["1001"], "C1", name="王建国")
    me, soon = cast.manager_1001a, timezone.localdate() + timedelta(days=2)
    give_task(actor=me, title="联系王建国", due_at=soon, client=client, assignee=me)
    due = datetime(soon.year, soon.month, soon.day, 6, 30, tzinfo=UTC)
    timed = give_task(actor=me, title="开会; 准备,材料", due_at=due, remind_at=due - timedelta(hours=1))
    token = make_feed(person=me)
    address = f"/calendar/{token}/tasks.ics"
    answer = Browser().get(address)
    lines = _unfolded(answer.content.decode())
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    assert (lines[0], lines[-1]) == ("BEGIN:VCALENDAR", "END:VCALENDAR")
    assert "王建国" not in answer.content.decode()
    summaries = [_read(line[8:]) for line in lines if line.startswith("SUMMARY:")]
    assert summaries == ["开会; 准备,材料", "联系王** (王**)"]
    assert f"DTSTART;VALUE=DATE:{soon:%Y%m%d}" in lines
    assert f"DTSTART;TZID=Asia/Shanghai:{soon:%Y%m%d}T143000" in lines
    assert {"BEGIN:VTIMEZONE", "TZID:Asia/Shanghai", "TRIGGER:-PT60M"} <= set(lines)
    assert next(line for line in lines if line.startswith("UID:")) == f"UID:task-{timed.pk}@127.0.0.1"
    again = Browser().get(address, headers={"If-None-Match": answer["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    newer = make_feed(person=me)
    assert Browser().get(address).status_code == 404
    Person.objects.filter(pk=me.pk).update(is_active=False)
    assert Browser().get(f"/calendar/{newer}/tasks.ics").status_code == 404
    assert (revoke_feed(person=me), revoke_feed(person=me)) == (True, False)
