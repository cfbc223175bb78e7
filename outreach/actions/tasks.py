"""Giving tasks: one, or one each for many clients at once."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clients.models import Client
from core import audit, sql
from outreach import recurrence
from outreach.actions import trail
from outreach.models import BY_HAND, PlanRun, Task, TaskReminder, TaskStep
from outreach.moments import day_of, due_moment, minutes_between
from staff.actions.notices import notify
from staff.models import Person, Unit

GIVEN = gettext_noop("New task: %(title)s")
GIVEN_MANY = gettext_noop("New tasks for you: %(count)s")
MOST_STEPS, MOST_REMINDERS = 30, 5
LONGEST_BEFORE = 60 * 24 * 366  # minutes


@transaction.atomic
def give_task(
    *,
    actor: audit.Actor,
    title: str,
    due_at: date | datetime,
    client: Client | None = None,
    assignee: Person | None = None,
    unit: Unit | None = None,
    note: str = "",
    kind: str = BY_HAND,
    remind_at: datetime | Sequence[datetime] | None = None,
    why: str = "",
    key: str = "",
    priority: int = Task.Priority.NORMAL,
    repeat: str = "",
    business: str = "",
    steps: Sequence[str] = (),
    plan_run: PlanRun | None = None,
) -> Task:
    """A task. due_at: a day, or a moment. remind_at: one moment or several before it.

    Without assignee and unit it goes to the client's manager, to the queue of the client's branch where
    nobody manages the client, and without a client to the actor. key: given once, however often it is asked
    for. title and why of tasks that rules make (another kind) are English msgids. Raises ValidationError by
    field.
    """
    if key and (known := Task.objects.filter(key=key).first()):
        return known
    assignee, unit = _place(actor, client, assignee, unit)
    moment, all_day = due_moment(due_at)
    task = Task(
        title=" ".join(title.split()), note=note.strip(), kind=kind, why=why, client=client,
        assignee=assignee, unit=unit, due_at=moment, all_day=all_day, priority=priority, key=key,
        plan_run=plan_run, repeat=_rule(repeat), business=business if repeat else "",
        occurs_on=day_of(moment),
        created_by_id=person_id(actor), created_by_name=actor.actor_name,
    )  # fmt: skip
    check_words(task)
    try:
        with transaction.atomic():
            task.save(force_insert=True)
    except IntegrityError:
        if key and (known := Task.objects.filter(key=key).first()):
            return known
        raise
    set_reminders(task, [minutes_between(at, moment) for at in _moments(remind_at)])
    set_steps(task, steps)
    trail.note(actor, "task.given", task, {"kind": kind})
    tell_assignee(actor, task)
    return task


@transaction.atomic
def give_tasks(
    *,
    actor: audit.Actor,
    client_ids: Iterable[int],
    title: str,
    due_at: date | datetime,
    key: str,
    assignee: Person | None = None,
    note: str = "",
    kind: str = BY_HAND,
    why: str = "",
    priority: int = Task.Priority.NORMAL,
    plan_run_of: int = 0,
    plan_id: int | None = None,
    to_manager: bool = True,
) -> list[int]:
    """One task for each of these clients in one statement; the clients (ids) that got one by this call.

    Each goes to the client's manager (with to_manager), else to the branch's queue; or all to `assignee`.
    key: each client's task has it as "<key>:<client id>", so nothing is given twice. plan_run_of,
    plan_id: the run's number and its plan, to whose runs the tasks belong (outreach.actions.plans).
    """
    moment, all_day = due_moment(due_at)
    rows = sql.rows(
        "outreach",
        "task_give",
        {
            "client_ids": sorted(set(client_ids)), "title_text": " ".join(title.split())[:200],
            "note_text": note, "kind": kind, "why_text": why, "assignee": assignee.pk if assignee else None,
            "due_at": moment, "all_day": all_day, "occurs_on": day_of(moment), "priority": priority,
            "key": key, "creator": person_id(actor), "creator_name": actor.actor_name, "run": plan_run_of,
            "plan": plan_id, "with_manager": to_manager,
        },
    )  # fmt: skip
    if rows:
        audit.record(
            actor=actor, deed="tasks.given", subject_type="tasks", subject_id=key,
            detail={"kind": kind, "tasks": len(rows)},
        )  # fmt: skip
        _tell_many(actor, rows, key)
    return sorted(row["client_id"] for row in rows)


@transaction.atomic
def take_back_tasks(*, actor: audit.Actor, key: str, client_ids: Iterable[int]) -> list[int]:
    """Cancels what give_tasks gave under this key and nobody touched since; the clients whose task stays."""
    ids = sorted(set(client_ids))
    cancelled = sql.rows(
        "outreach", "task_take_back", {"keys": [f"{key}:{pk}" for pk in ids], "actor_name": actor.actor_name}
    )
    if cancelled:
        audit.record(
            actor=actor, deed="tasks.taken_back", subject_type="tasks", subject_id=key,
            detail={"tasks": len(cancelled)},
        )  # fmt: skip
    return sorted(set(ids) - {row["client_id"] for row in cancelled})


def check_words(task: Task) -> None:
    """Raises ValidationError by field for words missing or too long, and values that do not exist."""
    told = ("title", "note", "kind", "why", "priority", "business", "key")
    task.clean_fields(exclude={field.name for field in Task._meta.fields} - set(told))


def check_assignee(assignee: Person, client: Client | None) -> None:
    """Raises ValidationError when the person cannot work on a task, or may not see its client."""
    if not assignee.may("tasks.work"):
        raise ValidationError({"assignee": _("This person does not work on tasks.")})
    if client is not None and not Client.objects.visible_to(assignee).filter(pk=client.pk).exists():
        raise ValidationError({"assignee": _("This person may not see the client.")})


def set_reminders(task: Task, minutes: Sequence[int]) -> None:
    """Reminders so many minutes before the task is due, instead of those there; past ones stay silent."""
    wanted = sorted(set(minutes))
    if wanted and not 0 <= wanted[0] <= wanted[-1] <= LONGEST_BEFORE:
        raise ValidationError({"remind_at": _("A reminder comes at most a year before the task is due.")})
    if len(wanted) > MOST_REMINDERS:
        words = _("At most %(most)s reminders.") % {"most": MOST_REMINDERS}
        raise ValidationError({"remind_at": words})
    now = timezone.now()
    rows = [(before, task.due_at - timedelta(minutes=before)) for before in wanted]
    task.reminders.all().delete()
    TaskReminder.objects.bulk_create(
        TaskReminder(task=task, minutes_before=before, at=at, told_at=now if at < now else None)
        for before, at in rows
    )


def set_steps(task: Task, words: Sequence[str]) -> None:
    """The checklist of a new task."""
    lines = [" ".join(line.split())[:200] for line in words if line.strip()]
    if len(lines) > MOST_STEPS:
        raise ValidationError({"steps": _("At most %(most)s lines.") % {"most": MOST_STEPS}})
    TaskStep.objects.bulk_create(
        TaskStep(task=task, position=number, words=line) for number, line in enumerate(lines, start=1)
    )


def tell_assignee(actor: audit.Actor, task: Task) -> None:
    """Tells whoever got it from somebody else; tasks of rules are found in the list."""
    if task.assignee_id and task.assignee_id != person_id(actor) and task.kind == BY_HAND:
        notify(
            people=[task.assignee_id], kind="task.given", text=GIVEN, params=title_param(task),
            url=reverse("tasks:detail", args=[task.pk]), key=f"task-given:{task.pk}:{task.version}",
        )  # fmt: skip


def title_param(task: Task) -> dict[str, str]:
    """The title as notices take it, so that those of rules are read in each reader's language."""
    return {"title" if task.kind == BY_HAND else "title_msgid": task.title}


def person_id(actor: audit.Actor) -> int | None:
    return actor.actor_id if actor.actor_kind == "person" else None


def _place(
    actor: audit.Actor, client: Client | None, assignee: Person | None, unit: Unit | None
) -> tuple[Person | None, Unit | None]:
    """Who gets it, and whose team's it is."""
    if assignee is None and unit is None:
        assignee = (
            _manager(client) if client is not None else Person.objects.filter(pk=person_id(actor)).first()
        )
    elif assignee is not None:
        check_assignee(assignee, client)
    if unit is None and client is not None:
        unit = client.branch
    if unit is None and assignee is not None:
        unit = next((held.unit for held in assignee.access.memberships), None)
    if assignee is None and unit is None:
        raise ValidationError({"assignee": _("Say who should do it.")})
    return assignee, unit


def _manager(client: Client) -> Person | None:
    """The client's manager, where that is somebody who signs in."""
    number = client.manager_no
    return Person.objects.filter(employee_no=number, is_active=True).first() if number else None


def _rule(text: str) -> str:
    if not text:
        return ""
    try:
        return str(recurrence.parse(text))
    except recurrence.NotARule as error:
        raise ValidationError({"repeat": str(error)}) from error


def _moments(remind_at: datetime | Sequence[datetime] | None) -> Sequence[datetime]:
    if remind_at is None:
        return ()
    return [remind_at] if isinstance(remind_at, datetime) else remind_at


def _tell_many(actor: audit.Actor, rows: Sequence[dict[str, Any]], key: str) -> None:
    """One notice for each person, whatever the number of tasks."""
    counts = Counter(row["assignee_id"] for row in rows)
    for assignee, count in sorted((who, many) for who, many in counts.items() if who):
        if assignee != person_id(actor):
            notify(
                people=[assignee], kind="task.given", text=GIVEN_MANY, params={"count": count},
                url=f"{reverse('tasks:list')}?whose=mine", key=f"tasks-given:{key}:{rows[0]['id']}",
            )  # fmt: skip
