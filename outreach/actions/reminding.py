"""Reminders, overdue notices, and the end of snoozing: found by the clock, told once.

Each piece of work locks its rows (SKIP LOCKED), tells and marks them in one transaction: two workers share
the work, and one that dies leaves it to the other. The notice's key would stop a second telling anyway.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_noop

from core import formats
from outreach.actions.tasks import title_param
from outreach.models import Task, TaskReminder
from staff.actions.notices import notify
from staff.models import Membership
from staff.roles import RIGHTS

AT_ONCE = 200
REMINDED = gettext_noop("Due %(when)s: %(title)s")
OVERDUE = gettext_noop("Overdue since %(when)s: %(title)s")
BACK = gettext_noop("Snoozed until now: %(title)s")
LEADS = [role for role, rights in RIGHTS.items() if "tasks.assign" in rights]


def tell_all_due() -> int:
    """Everything that is due by now; says how many rows were dealt with."""
    return sum(_until_none_is_left(work) for work in (remind, tell_overdue, wake_snoozed))


@transaction.atomic
def remind(now: datetime | None = None) -> int:
    """Reminders whose moment has come. A snoozed task waits; one that is over needs none."""
    now = now or timezone.now()
    due = TaskReminder.objects.filter(told_at=None, at__lte=now).exclude(
        task__state=Task.State.OPEN, task__snoozed_until__gt=now
    )
    locked = due.select_for_update(skip_locked=True, of=("self",)).select_related("task")
    rows = list(locked.order_by("at", "id")[:AT_ONCE])
    for row in rows:
        if row.task.is_open:
            _tell(row.task, "task.due", REMINDED, f"task-reminder:{row.pk}:{row.at:%Y%m%dT%H%M}")
    TaskReminder.objects.filter(pk__in=[row.pk for row in rows]).update(told_at=now)
    return len(rows)


@transaction.atomic
def tell_overdue(now: datetime | None = None) -> int:
    """Open tasks whose moment is over, once for each moment they were due."""
    now = now or timezone.now()
    due = Task.objects.open().filter(overdue_told_at=None, due_at__lt=now)
    rows = _locked(due)
    for task in rows:
        _tell(task, "task.overdue", OVERDUE, f"task-overdue:{task.pk}:{task.due_at:%Y%m%dT%H%M}")
    Task.objects.filter(pk__in=[task.pk for task in rows]).update(overdue_told_at=now)
    return len(rows)


@transaction.atomic
def wake_snoozed(now: datetime | None = None) -> int:
    """Tasks that were out of sight until now."""
    now = now or timezone.now()
    rows = _locked(Task.objects.open().filter(snoozed_until__lte=now))
    for task in rows:
        _tell(task, "task.due", BACK, f"task-back:{task.pk}:{task.snoozed_until:%Y%m%dT%H%M}")
    Task.objects.filter(pk__in=[task.pk for task in rows]).update(snoozed_until=None)
    return len(rows)


def _locked(due: Any) -> list[Task]:
    rows = due.select_for_update(skip_locked=True, of=("self",))
    return list(rows.order_by("due_at", "id")[:AT_ONCE])


def _tell(task: Task, kind: str, text: str, key: str) -> None:
    when = formats.day(task.due_at) if task.all_day else formats.moment(task.due_at)
    notify(
        people=_concerned(task), kind=kind, text=text, params={"when": when, **title_param(task)},
        url=reverse("tasks:detail", args=[task.pk]), key=key,
    )  # fmt: skip


def _concerned(task: Task) -> list[int]:
    """Whoever does it; of a queue those who give its tasks to others."""
    if task.assignee_id:
        return [task.assignee_id]
    held = Membership.objects.in_force(timezone.localdate())
    return list(held.filter(Q(unit_id=task.unit_id), role__in=LEADS).values_list("person_id", flat=True))


def _until_none_is_left(work: Callable[[], int]) -> int:
    """Calls the work until it finds fewer rows than it takes at once."""
    total = found = work()
    while found >= AT_ONCE:
        found = work()
        total += found
    return total
