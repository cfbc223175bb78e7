"""Task plans: written in versions, started for one client or many, cancelled in one go."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client
from core import audit, sql
from core.errors import Conflict, Stale
from outreach.actions.tasks import give_tasks, person_id
from outreach.models import PlanRun, PlanVersion, Task, TaskPlan
from staff.models import Person, Unit
from trading.business_time import Calendar

MOST_STEPS, FARTHEST = 30, 750
Days, Who = PlanVersion.Days, PlanVersion.Who


@dataclass(frozen=True, kw_only=True)
class Step:
    """A task so many days after the start; who: manager, starter or queue."""

    title: str
    after: int = 0
    days: str = Days.CALENDAR
    who: str = Who.MANAGER
    note: str = ""
    priority: int = Task.Priority.NORMAL


@transaction.atomic
def write_plan(*, actor: audit.Actor, name: str, steps: Sequence[Step], unit: Unit | None = None) -> TaskPlan:
    """A new plan with its first version. Raises ValidationError by field."""
    words = " ".join(name.split())
    if not 0 < len(words) <= 80:
        raise ValidationError({"name": _("1 to 80 characters.")})
    try:
        with transaction.atomic():
            plan = TaskPlan.objects.create(name=words, unit=unit)
    except IntegrityError as error:
        raise ValidationError({"name": _("There is a task plan of this name already.")}) from error
    _write(actor, plan, steps, 1)
    _note(actor, "task_plan.written", plan, {"version": 1})
    return plan


@transaction.atomic
def rewrite_plan(*, actor: audit.Actor, plan: TaskPlan, version: int, steps: Sequence[Step]) -> PlanVersion:
    """The next version; what runs already goes on as it began."""
    held = _held(plan, version)
    newest = held.versions.order_by("-number").values_list("number", flat=True)[0]
    written = _write(actor, held, steps, newest + 1)
    _note(actor, "task_plan.written", held, {"version": written.number})
    return written


@transaction.atomic
def retire_plan(*, actor: audit.Actor, plan: TaskPlan, version: int) -> None:
    """It is started no more; what runs goes on."""
    held = _held(plan, version)
    held.retired_at = timezone.now()
    held.save(update_fields=["retired_at"])
    _note(actor, "task_plan.retired", held)


@transaction.atomic
def start_plan(
    *, actor: audit.Actor, plan: TaskPlan, client_ids: Sequence[int], run: int, on: date | None = None
) -> list[int]:
    """Starts the plan for these clients, a statement for the runs and one a step; for whom it began.

    run: the bulk run's number. A client for whom the plan runs already is left out.
    """
    if plan.retired_at is not None:
        raise Conflict(_("This plan is not in use any more."))
    version, day = plan.versions.order_by("-number")[0], on or timezone.localdate()
    begun = sql.rows(
        "outreach",
        "plan_start",
        {
            "plan": plan.pk, "version": version.pk, "client_ids": sorted(set(client_ids)), "run": run,
            "started_on": day, "actor_name": actor.actor_name,
        },
    )  # fmt: skip
    ids = sorted(row["client_id"] for row in begun)
    if ids:
        _give_steps(actor, plan, version, ids, run, day)
        _note(actor, "task_plan.started", plan, {"version": version.number, "clients": len(ids)})
    return ids


@transaction.atomic
def start_for(*, actor: audit.Actor, plan: TaskPlan, client: Client) -> PlanRun:
    """Starts it for one client. Raises Conflict when it runs for the client already."""
    number = -client.pk  # apart from the numbers of bulk runs
    if not start_plan(actor=actor, plan=plan, client_ids=[client.pk], run=number):
        raise Conflict(_("The plan runs for this client already."))
    return PlanRun.objects.get(plan=plan, client=client, over_at=None)


@transaction.atomic
def cancel_runs(*, actor: audit.Actor, runs: Sequence[PlanRun]) -> int:
    """Ends these runs and what is open of their tasks; says how many were running."""
    ids = [run.pk for run in runs]
    held = PlanRun.objects.select_for_update().filter(pk__in=ids, over_at=None).order_by("pk")
    open_ids = list(held.values_list("pk", flat=True))
    PlanRun.objects.filter(pk__in=open_ids).update(over_at=timezone.now(), cancelled_by=actor.actor_name)
    told = {"run_ids": open_ids, "actor_name": actor.actor_name}
    tasks = sql.run("outreach", "plan_cancel_tasks", told)
    for plan_id in sorted({run.plan_id for run in runs if run.pk in set(open_ids)}):
        plan = TaskPlan.objects.get(pk=plan_id)
        _note(actor, "task_plan.cancelled", plan, {"runs": len(open_ids), "tasks": tasks})
    return len(open_ids)


def _give_steps(
    actor: audit.Actor, plan: TaskPlan, version: PlanVersion, ids: list[int], run: int, day: date
) -> None:
    calendar = Calendar.from_day(day)
    starter = Person.objects.filter(pk=person_id(actor)).first()
    for number, step in enumerate(version.steps, start=1):
        give_tasks(
            actor=actor, client_ids=ids, title=step["title"], note=step["note"], priority=step["priority"],
            due_at=_due(day, step, calendar), key=f"plan:{plan.pk}:{timezone.now():%Y%m%d%H%M%S%f}:{number}",
            assignee=starter if step["who"] == Who.STARTER else None, to_manager=step["who"] == Who.MANAGER,
            plan_run_of=run, plan_id=plan.pk, why=plan.name,
        )  # fmt: skip


def _due(day: date, step: dict, calendar: Calendar) -> date:
    """So many days on; of the exchange's days the n-th after the start, and for 0 the next one from it on."""
    if step["days"] == Days.CALENDAR:
        return day + timedelta(days=step["after"])
    while not calendar.is_open(day):
        day += timedelta(days=1)
    for _number in range(step["after"]):
        day += timedelta(days=1)
        while not calendar.is_open(day):
            day += timedelta(days=1)
    return day


def _write(actor: audit.Actor, plan: TaskPlan, steps: Sequence[Step], number: int) -> PlanVersion:
    if not 0 < len(steps) <= MOST_STEPS:
        raise ValidationError({"steps": _("1 to %(most)s steps.") % {"most": MOST_STEPS}})
    for step in steps:
        if not (0 < len(step.title) <= 200 and 0 <= step.after <= FARTHEST and len(step.note) <= 4000):
            raise ValidationError(
                {"steps": _("A step has a title and at most %(most)s days.") % {"most": FARTHEST}}
            )
        if step.days not in Days.values or step.who not in Who.values:
            raise ValidationError({"steps": _("A step's days or who does it cannot be read.")})
    return PlanVersion.objects.create(
        plan=plan, number=number, steps=[asdict(step) for step in steps], author_id=person_id(actor),
        written_at=timezone.now(),
    )  # fmt: skip


def _held(plan: TaskPlan, version: int) -> TaskPlan:
    held = TaskPlan.objects.select_for_update(of=("self",)).get(pk=plan.pk)
    if held.version != version:
        raise Stale(_("Somebody else changed this plan in the meantime. Look at it again."))
    held.version += 1
    held.save(update_fields=["version"])
    return held


def _note(actor: audit.Actor, deed: str, plan: TaskPlan, detail: dict | None = None) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="task plan", subject_id=plan.pk, detail=detail,
        unit_code=plan.unit.code if plan.unit else "",
    )  # fmt: skip
