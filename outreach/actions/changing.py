"""Deeds on tasks: change, move, snooze, give to another, end, reopen, take back."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict
from outreach import recurrence
from outreach.actions import series, trail
from outreach.actions.tasks import check_assignee, check_words, person_id, set_reminders, tell_assignee
from outreach.models import PlanRun, Task, TaskChange, TaskReminder
from outreach.moments import due_moment, on_day
from staff.models import Person, Unit

State = Task.State
LONGEST_SNOOZE = timedelta(days=366)


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the form of a task says. due_at: a day or a moment; reminders: minutes before it."""

    title: str
    note: str = ""
    due_at: date | datetime
    priority: int = Task.Priority.NORMAL
    repeat: str = ""
    business: str = ""
    reminders: Sequence[int] = ()


@transaction.atomic
def change_task(*, actor: audit.Actor, task: Task, version: int, told: Told) -> Task:
    """What a task says. Raises Stale when somebody was faster, Conflict when it is over, ValidationError."""
    held = _open(trail.held(task, version))
    moment, all_day = due_moment(told.due_at)
    values: dict[str, Any] = {
        "title": " ".join(told.title.split()), "note": told.note.strip(), "priority": told.priority,
        "repeat": _rule(told.repeat), "business": told.business if told.repeat else "", "all_day": all_day,
        "due_at": moment,
    }  # fmt: skip
    moves = moment != held.due_at
    if moves:
        values |= {"overdue_told_at": None, "snoozed_until": None}
    trail.change(held, actor, "changed", **values)
    check_words(held)
    if moves or set(told.reminders) != _reminders(held):
        set_reminders(held, told.reminders)
    return held


@transaction.atomic
def move(*, actor: audit.Actor, task: Task, day: date, version: int | None = None) -> TaskChange | None:
    """To another day, at the same clock time; its reminders move along."""
    held = _open(trail.held(task, version))
    return _put_off(held, actor, on_day(held.due_at, day))


@transaction.atomic
def finish(*, actor: audit.Actor, task: Task, version: int | None = None) -> TaskChange:
    """It is done. Of a repeated one the next is made, of a plan's last one the plan is over."""
    held = _open(trail.held(task, version))
    done = _end(held, actor, State.DONE, "done")
    series.go_on(held)
    return done


@transaction.atomic
def cancel(*, actor: audit.Actor, task: Task, version: int | None = None) -> TaskChange:
    """It need not be done; a series ends with it."""
    return _end(_open(trail.held(task, version)), actor, State.CANCELLED, "cancelled")


@transaction.atomic
def reopen(*, actor: audit.Actor, task: Task, version: int | None = None) -> TaskChange | None:
    """It has to be done after all."""
    held = trail.held(task, version)
    if held.is_open:
        raise Conflict(_("The task is open already."))
    _reopen_plan(held)
    return trail.change(held, actor, "reopened", state=State.OPEN, done_at=None, done_by="")


@transaction.atomic
def snooze(
    *, actor: audit.Actor, task: Task, until: datetime, version: int | None = None
) -> TaskChange | None:
    """Out of sight until then; it stays due when it is due."""
    now = timezone.now()
    if not now < until <= now + LONGEST_SNOOZE:
        raise ValidationError({"until": _("Snooze until a moment of the next year.")})
    return trail.change(_open(trail.held(task, version)), actor, "snoozed", snoozed_until=until)


@transaction.atomic
def assign(
    *, actor: audit.Actor, task: Task, assignee: Person | None, unit: Unit | None = None,
    version: int | None = None,
) -> TaskChange | None:  # fmt: skip
    """To another person, or with a unit and without assignee into its queue.

    Everybody may take what waits in a queue and pass on what is theirs; the rest is for those with
    tasks.assign (PermissionDenied).
    """
    held = _open(trail.held(task, version))
    _check_may_assign(actor, held, assignee)
    if assignee is not None:
        check_assignee(assignee, held.client)
    place = unit or held.unit
    if assignee is None and place is None:
        raise ValidationError({"assignee": _("Say who should do it.")})
    changed = trail.change(
        held,
        actor,
        "assigned",
        assignee_id=assignee.pk if assignee else None,
        unit_id=place.pk if place else None,
    )
    if changed:
        held.assignee = assignee
        tell_assignee(actor, held)
    return changed


@transaction.atomic
def take_back(*, actor: audit.Actor, change: TaskChange) -> Task:
    """Undoes the last deed on a task. Raises Conflict when something followed."""
    held = trail.held(change.task)
    if held.version != change.version:
        raise Conflict(_("Something else happened to this task since; it cannot be taken back."))
    if "state" in change.before:
        _take_back_end(held, change)
    values = {name: _read(name, value) for name, value in change.before.items()}
    if "due_at" in values:
        _shift_reminders(held, values["due_at"])
    trail.change(held, actor, "taken_back", **values)
    return held


def _read(name: str, value: Any) -> Any:
    """A kept value as the field has it."""
    field: Any = Task._meta.get_field(name)
    return field.to_python(value)


def _take_back_end(held: Task, change: TaskChange) -> None:
    """Before a task is open again: the next of its series goes, its plan goes on."""
    if change.before["state"] == State.OPEN:
        series.take_back_next(held)
        _reopen_plan(held)


def _open(task: Task) -> Task:
    if not task.is_open:
        raise Conflict(_("The task is over; reopen it first."))
    return task


def _end(held: Task, actor: audit.Actor, state: str, deed: str) -> TaskChange:
    ended = trail.change(
        held, actor, deed, state=state, done_at=timezone.now(), done_by=actor.actor_name, snoozed_until=None
    )
    if held.plan_run_id and not Task.objects.open().filter(plan_run_id=held.plan_run_id).exists():
        PlanRun.objects.filter(pk=held.plan_run_id, over_at=None).update(over_at=timezone.now())
    assert ended is not None  # the state differs
    return ended


def _reopen_plan(held: Task) -> None:
    """Its plan goes on, unless it was cancelled or was started once more for the client since."""
    run = held.plan_run
    if run is None or run.over_at is None:
        return
    newer = PlanRun.objects.filter(plan_id=run.plan_id, client_id=run.client_id, over_at=None)
    if run.cancelled_by or newer.exists():
        raise Conflict(_("Its plan is over; start the plan anew."))
    PlanRun.objects.filter(pk=run.pk).update(over_at=None)


def _put_off(held: Task, actor: audit.Actor, moment: datetime) -> TaskChange | None:
    _shift_reminders(held, moment)
    return trail.change(held, actor, "moved", due_at=moment, overdue_told_at=None, snoozed_until=None)


def _shift_reminders(held: Task, moment: datetime) -> None:
    """Reminders keep their distance; those that lie ahead again are told again."""
    gap, now = moment - held.due_at, timezone.now()
    held.reminders.update(at=F("at") + gap)
    TaskReminder.objects.filter(task=held, at__gt=now).update(told_at=None)
    TaskReminder.objects.filter(task=held, at__lte=now, told_at=None).update(told_at=now)


def _reminders(task: Task) -> set[int]:
    return set(task.reminders.values_list("minutes_before", flat=True))


def _check_may_assign(actor: audit.Actor, held: Task, assignee: Person | None) -> None:
    if actor.actor_kind == "system" or actor.may("tasks.assign"):  # type: ignore[attr-defined]
        return
    own, waits = held.assignee_id == person_id(actor), held.assignee_id is None
    takes = assignee is not None and assignee.pk == person_id(actor)
    if not (own or (waits and takes)):
        raise PermissionDenied


def _rule(text: str) -> str:
    try:
        return str(recurrence.parse(text)) if text else ""
    except recurrence.NotARule as error:
        raise ValidationError({"repeat": str(error)}) from error
