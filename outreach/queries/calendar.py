"""What stands in the calendar: tasks, follow-ups of the log, and the exchange's days."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from core import formats
from interactions.models import Interaction
from outreach import ics
from outreach.models import CalendarFeed, Task
from outreach.moments import SHANGHAI, day_of, day_span
from outreach.queries.tasks import listed
from staff.models import Person
from trading.business_time import Calendar

MINE, TEAM = "mine", "team"
MOST_A_DAY = 40
MOST_ITEMS = 1500
FEED_BACK, FEED_AHEAD = timedelta(days=30), timedelta(days=366)
MOST_EVENTS = 2000


@dataclass
class Day:
    """A day of the calendar: whether the exchange trades on it, and what stands there."""

    on: date
    opens: bool
    tasks: list[Task] = field(default_factory=list)
    follow_ups: list[Interaction] = field(default_factory=list)

    @property
    def is_holiday(self) -> bool:
        """Closed on a day that is not of a weekend."""
        return not self.opens and self.on.weekday() < 5

    @property
    def is_today(self) -> bool:
        return self.on == timezone.localdate()


def span_of(shape: str, day: date) -> tuple[date, date]:
    """The first and last day that a month (with whole weeks), week or day shows."""
    if shape == "day":
        return day, day
    if shape == "week":
        monday = day - timedelta(days=day.weekday())
        return monday, monday + timedelta(days=6)
    first = day.replace(day=1)
    last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
    return first - timedelta(days=first.weekday()), last + timedelta(days=6 - last.weekday())


def days(user: Any, first: date, last: date, whose: str) -> list[Day]:
    """The days from first to last with what somebody has there, or the whole team in sight."""
    calendar = Calendar.from_day(first)
    found = {
        day: Day(day, calendar.is_open(day))
        for day in (first + timedelta(days=number) for number in range((last - first).days + 1))
    }
    for task in _tasks(user, first, last, whose)[:MOST_ITEMS]:
        found[day_of(task.due_at)].tasks.append(task)
    for entry in _follow_ups(user, first, last, whose)[:MOST_ITEMS]:
        if entry.follow_up_on is not None:
            found[entry.follow_up_on].follow_ups.append(entry)
    return list(found.values())


def feed_of(checksum: str) -> CalendarFeed | None:
    """The feed of this address, of somebody who may still sign in."""
    feeds = CalendarFeed.objects.select_related("person")
    return feeds.filter(checksum=checksum, person__is_active=True).first()


def feed_text(person: Person) -> str:
    """A person's tasks and follow-ups as iCalendar; clients by masked name, notes and numbers left out."""
    today = timezone.localdate()
    first, last = today - FEED_BACK, today + FEED_AHEAD
    host = settings.PUBLIC_URL.split("//")[-1].split("/")[0].split(":")[0]
    tasks = _tasks(person, first, last, MINE).prefetch_related("reminders")[:MOST_EVENTS]
    entries = _follow_ups(person, first, last, MINE)[:MOST_EVENTS]
    events = [_task_event(task, host) for task in tasks] + [_entry_event(entry, host) for entry in entries]
    return ics.calendar(person.name, events)


def masked_title(task: Task) -> str:
    """The title without the client's full name, and whom it is for."""
    if task.client is None:
        return task.words
    masked = formats.mask_name(task.client.name)
    return f"{task.words.replace(task.client.name, masked)} ({masked})"


def _tasks(user: Any, first: date, last: date, whose: str) -> QuerySet[Task]:
    begin, end = day_span(first, last)
    rows = listed(user).filter(due_at__gte=begin, due_at__lt=end).exclude(state=Task.State.CANCELLED)
    if whose == MINE:
        rows = rows.filter(assignee_id=user.pk)
    return rows.order_by("due_at", "id")


def _follow_ups(user: Any, first: date, last: date, whose: str) -> QuerySet[Interaction]:
    """Contacts that ask for another one, in sight; one's own, or everybody's."""
    if not user.may("interactions.view"):
        return Interaction.objects.none()
    rows = Interaction.objects.visible_to(user).in_force().filter(
        outcome=Interaction.Outcome.FOLLOW_UP, follow_up_on__range=(first, last), client__isnull=False
    )  # fmt: skip
    if whose == MINE:
        rows = rows.filter(agent_id=user.pk)
    return rows.select_related("client").order_by("follow_up_on", "id")


def _task_event(task: Task, host: str) -> ics.Event:
    rings = task.is_open and not task.all_day
    start: date | datetime = day_of(task.due_at) if task.all_day else task.due_at.astimezone(SHANGHAI)
    return ics.Event(
        uid=f"task-{task.pk}@{host}", stamp=task.updated_at, start=start, summary=masked_title(task),
        url=f"{settings.PUBLIC_URL}{reverse('tasks:detail', args=[task.pk])}",
        alarms=[one.minutes_before for one in task.reminders.all()] if rings else (),
        description=str(task.get_state_display()),
    )  # fmt: skip


def _entry_event(entry: Interaction, host: str) -> ics.Event:
    client = entry.client
    name = formats.mask_name(client.name) if client else ""
    return ics.Event(
        uid=f"follow-up-{entry.pk}@{host}", stamp=entry.recorded_at,
        start=entry.follow_up_on or entry.started_on,
        summary=f"{entry.category} ({name})",
        url=f"{settings.PUBLIC_URL}{reverse('clients:detail', args=[client.client_no])}" if client else "",
    )  # fmt: skip
