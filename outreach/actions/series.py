"""Repeated tasks: the next one is made when the last is done or due, and only once."""

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone

from core import audit
from outreach import recurrence
from outreach.actions import trail
from outreach.models import Task, TaskReminder, TaskStep
from outreach.moments import on_day
from trading.business_time import Calendar

COPIED = ("title", "note", "kind", "why", "client_id", "assignee_id", "unit_id", "all_day", "priority")
SERIES = ("repeat", "business", "series", "created_by_id", "created_by_name")
AT_ONCE = 200


def go_on(task: Task) -> Task | None:
    """Makes the task that follows this one; None when there is none, or it stands already."""
    if not task.repeat:
        return None
    found = _following(task)
    if found is None:
        return None
    occurs_on, due_on = found
    copied = {name: getattr(task, name) for name in COPIED + SERIES}
    made = Task(**copied, occurs_on=occurs_on, due_at=on_day(task.due_at, due_on))
    if not _only_once(made):
        return None
    _copy_what_hangs_on_it(task, made)
    trail.note(audit.SYSTEM, "task.given", made, {"kind": made.kind, "after": task.pk})
    return made


@transaction.atomic
def go_on_with_due(now: datetime | None = None) -> int:
    """The next tasks of those repeated ones that have come due; locked ones are in other hands."""
    due = Task.objects.open().filter(due_at__lte=now or timezone.now()).exclude(repeat="")
    later = Task.objects.filter(series=OuterRef("series"), occurs_on__gt=OuterRef("occurs_on"))
    newest = due.filter(~Exists(later))
    rows = newest.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "id")[:AT_ONCE]
    return sum(go_on(task) is not None for task in rows)


def take_back_next(task: Task) -> None:
    """Removes the task made after this one, unless somebody touched it or it has a next one itself."""
    later = Task.objects.filter(series=task.series, occurs_on__gt=task.occurs_on)
    if later.count() == 1:
        later.filter(version=1, state=Task.State.OPEN, comments=None).delete()


def _following(task: Task) -> tuple[date, date] | None:
    rule = recurrence.parse(task.repeat)
    begun = Task.objects.filter(series=task.series).earliest("occurs_on").occurs_on
    if not task.business:
        return recurrence.following(rule, begun, task.occurs_on)
    opens = Calendar.from_day(task.occurs_on).is_open
    return recurrence.following(rule, begun, task.occurs_on, task.business, opens)


def _only_once(made: Task) -> bool:
    """Writes it unless the series has it; the unique series and day decides between two who come at once."""
    try:
        with transaction.atomic():
            made.save(force_insert=True)
    except IntegrityError:
        return False
    return True


def _copy_what_hangs_on_it(task: Task, made: Task) -> None:
    TaskStep.objects.bulk_create(
        TaskStep(task=made, position=step.position, words=step.words) for step in task.steps.all()
    )
    gap = made.due_at - task.due_at
    TaskReminder.objects.bulk_create(
        TaskReminder(task=made, minutes_before=one.minutes_before, at=one.at + gap)
        for one in task.reminders.all()
    )
