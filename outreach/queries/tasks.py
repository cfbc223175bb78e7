"""Reads of tasks that pages, panels and API share."""

import math
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client
from core import formats
from core.keyset import capped_count
from core.registry import EVERYTHING, Found, Place, TimelineChoices, TimelineFilter, TimelineItem
from outreach.models import Task, TaskPlan
from outreach.moments import day_of, day_span
from staff.models import Person
from staff.reach import members

COUNTED_TO = 1000
KIND = "task"
PANEL_ROWS, HOME_ROWS, PALETTE_ROWS = 8, 8, 5


def listed(user: Any) -> QuerySet[Task]:
    """The tasks somebody may see, with what a list shows of them."""
    return Task.objects.visible_to(user).select_related("client", "assignee", "unit")


def mine(user: Any) -> QuerySet[Task]:
    """The open tasks of a person, those out of sight for now left out."""
    awake = Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=timezone.now())
    return listed(user).open().filter(awake, assignee_id=user.pk)  # type: ignore[attr-defined]


def waiting(user: Any) -> QuerySet[Task]:
    """Open tasks in the queues that the person sees."""
    return listed(user).open().filter(assignee__isnull=True)  # type: ignore[attr-defined]


def due_today(tasks: QuerySet[Task], now: datetime | None = None) -> QuerySet[Task]:
    """Those whose moment comes before this day in Shanghai ends, overdue ones left out."""
    now = now or timezone.now()
    return tasks.filter(due_at__gte=now, due_at__lt=day_span(day_of(now), day_of(now))[1])


def overdue(tasks: QuerySet[Task], now: datetime | None = None) -> QuerySet[Task]:
    return tasks.filter(due_at__lt=now or timezone.now())


def count_overdue(user: Any) -> tuple[int, bool]:
    return capped_count(overdue(mine(user)), COUNTED_TO)


def count_waiting(user: Any) -> tuple[int, bool]:
    return capped_count(waiting(user), COUNTED_TO)


def of_client(client: Client, user: Any) -> list[Task]:
    """The client's next open tasks, the soonest first, with how many lines of their checklist are ticked."""
    tasks = listed(user).filter(client_id__in=client.record_ids, state=Task.State.OPEN)
    counted = tasks.annotate(
        lines=Count("steps"), ticked=Count("steps", filter=Q(steps__done_at__isnull=False))
    )
    return list(counted.order_by("due_at", "id")[: PANEL_ROWS + 1])


def people_for(user: Any, client: Client | None) -> QuerySet[Person]:
    """Whom a task can be given to: people of one's units, of the client's branch, and its manager."""
    scope = user.scope_for("tasks.view")
    near = Q(members(scope)) if scope.firm or scope.unit_ids else Q(pk=user.pk)
    if client is not None:
        near |= Q(employee_no=client.manager_no) & ~Q(employee_no="")
    return Person.objects.filter(near | Q(pk=user.pk), is_active=True).distinct().order_by("name", "pk")


def find_tasks(reader: Any, typed: str) -> list[Found]:
    """For the search box: open tasks whose title holds what was typed; one's next ones without a text."""
    words = typed.strip()
    found: Any = listed(reader)
    tasks = found.open().filter(title__icontains=words) if words else mine(reader)
    return [
        Found(
            url=reverse("tasks:detail", args=[task.pk]),
            icon="list-checks",
            name=task.words,
            hint=f"{due_words(task)} · {task.client.client_no}" if task.client else due_words(task),
        )
        for task in tasks.order_by("due_at", "id")[:PALETTE_ROWS]
    ]


def due_words(task: Task) -> str:
    return formats.day(task.due_at) if task.all_day else formats.moment(task.due_at)


def timeline(
    client_id: int, reader: Any, below: Place, limit: int, wanted: TimelineFilter = EVERYTHING
) -> list[TimelineItem]:
    """Tasks of the client that were done, at the moment they were."""
    if not wanted.wants(KIND, personal=True) or wanted.channel or not reader.may("tasks.view"):
        return []
    done = Task.objects.filter(client_id=client_id, state=Task.State.DONE, done_at__lte=below.at)
    number = below.number_below(KIND)
    if number != math.inf:
        done = done.exclude(done_at=below.at, pk__gte=number)
    if wanted.who:
        done = done.filter(done_by=wanted.who)
    if wanted.since:
        done = done.filter(done_at__gte=day_span(wanted.since, wanted.since)[0])
    return [_item(task) for task in done.order_by("-done_at", "-id")[:limit]]


def timeline_choices(client_ids: Sequence[int], reader: Any) -> TimelineChoices:
    if not reader.may("tasks.view"):
        return TimelineChoices()
    done = Task.objects.filter(client_id__in=client_ids, state=Task.State.DONE)
    people = Person.objects.filter(username__in=done.values("done_by")).values_list("username", "name")
    return TimelineChoices(kinds=[(KIND, _("Tasks"))], people=list(people))


def _item(task: Task) -> TimelineItem:
    at = task.done_at or task.created_at
    return TimelineItem(
        at, KIND, "check-check", _("Task done"), task.words, who=task.done_by, source=KIND, number=task.pk
    )


def later_by(now: datetime) -> list[tuple[str, str, datetime]]:
    """What snoozing offers: key, words, until when."""
    today = day_of(now)
    nine = timedelta(hours=9)
    tomorrow = day_span(today + timedelta(days=1), today)[0] + nine
    monday = day_span(today + timedelta(days=7 - today.weekday()), today)[0] + nine
    return [
        ("hour", _("For an hour"), now + timedelta(hours=1)),
        ("tomorrow", _("Until tomorrow, 9:00"), tomorrow),
        ("monday", _("Until Monday, 9:00"), monday),
    ]


def plans_for(user: Any) -> QuerySet[TaskPlan]:
    """The plans that can be started."""
    return TaskPlan.objects.visible_to(user).filter(retired_at=None)


def with_progress(runs: QuerySet) -> QuerySet:
    """Plan runs with how many of their tasks are done (done_count) of those not cancelled (task_count)."""
    return runs.annotate(
        task_count=Count("tasks", filter=~Q(tasks__state=Task.State.CANCELLED)),
        done_count=Count("tasks", filter=Q(tasks__state=Task.State.DONE)),
        plan_name=F("plan__name"),
    )
