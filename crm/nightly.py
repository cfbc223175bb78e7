"""The nightly run: its steps in order, what each needs, and how a run is asked for, done and resumed.

Every figure it writes is a function of the packages with a trade date up to the as-of date, so a run that is
killed anywhere and started again, or started twice at once, gives the same rows.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

import interactions.recompute
import kpis.recompute
import segmentation.recompute
import trading.queries
import trading.recompute
from core import audit, runs, sql
from core.logs import redacted
from core.models import Run, RunStep
from core.runs import Crew, RunContext
from core.wake import wake
from trading.models import StaleMark

CLIENTS_PER_SHARD = 16_000
LOCK = 20_260_100  # pg advisory lock: one run at a time in this database
HANDS = LOCK + 1  # shared by workers that help with a run's chunks; whoever plans a new run waits for them


@dataclass(frozen=True)
class Step:
    """A step's name, what does it, what it stands on, and the tables that it keeps for the next nights."""

    name: str
    do: Callable[[RunContext, RunStep], None]
    needs: str
    tables: tuple[str, ...]


STEPS = (
    Step(
        "facts",
        trading.recompute.client_months,
        "loaded packages",
        ("trading_recordspan", "trading_clientmonth"),
    ),
    Step(
        "service",
        interactions.recompute.service_months,
        "interactions, facts",
        ("interactions_servicemonth",),
    ),
    Step(
        "lifecycle",
        segmentation.recompute.lifecycle_events,
        "facts, thresholds",
        ("segmentation_lifecycleevent",),
    ),
    Step(
        "scores",
        segmentation.recompute.scores,
        "facts, service, lifecycle, model versions",
        ("segmentation_clientscore", "segmentation_scoreclose"),
    ),
    Step(
        "tiers",
        segmentation.recompute.tiers,
        "scores",
        ("segmentation_scoreclose", "segmentation_tierspan", "segmentation_rescoredtier"),
    ),
    Step(
        "scorecards",
        kpis.recompute.scorecards,
        "lifecycle, tiers, facts, service, scheme, targets",
        (),  # cards are made anew period by period, never all at once
    ),
    Step(
        "standing",
        segmentation.recompute.standing,
        "scores, tiers",
        (
            "clients_clientstanding",
            "segmentation_segmentfigure",
            "segmentation_tierretention",
            "segmentation_tierfigure",
            "segmentation_cellfigure",
            "segmentation_cohortfigure",
        ),
    ),
    Step(
        "worklists",
        segmentation.recompute.worklists,
        "scores, tiers, standing, service plan, contacts",
        (),  # people work on its entries: they are closed and opened, never made from nothing
    ),
    Step(
        "segments",
        segmentation.recompute.segments,
        "facts, scores, tiers, standing, contacts, the rules of saved segments",
        (),  # who came and left is told night by night and stays told
    ),
)

# What a run as of an earlier day than the last one makes anew from nothing.
DERIVED = frozenset(table for step in STEPS for table in step.tables)


class NotPossible(Exception):
    """A run that can't be asked for; the message says why and what to do."""


@transaction.atomic
def request_run(*, as_of: date, actor: audit.Actor) -> Run:
    """Asks for a run as of a date; an unfinished one of the same date is given back instead of a second."""
    _check_date(as_of)
    try:
        with transaction.atomic():
            run = Run.objects.create(as_of=as_of, requested_by=actor.actor_name)
    except IntegrityError:
        return Run.objects.get(as_of=as_of, state__in=[Run.State.WAITING, Run.State.RUNNING])
    RunStep.objects.bulk_create(
        RunStep(run=run, position=position, name=step.name) for position, step in enumerate(STEPS)
    )
    audit.record(
        actor=actor, deed="run.requested", subject_type="run", subject_id=run.pk, detail={"as_of": as_of}
    )
    wake("crm.tasks.nightly_run", run.pk)
    return run


def _check_date(as_of: date) -> None:
    first, last = trading.queries.loaded_range()
    if first is None or last is None:
        raise NotPossible(_("No feed package is loaded yet; load one with feed_load first."))
    if as_of < first:
        raise NotPossible(
            _("The first loaded trade date is %(first)s; choose that or a later day.") % {"first": first}
        )
    newest = max(last, timezone.localdate())
    if as_of > newest:
        raise NotPossible(
            _("%(as_of)s lies in the future; choose %(newest)s or earlier.")
            % {"as_of": as_of, "newest": newest}
        )


@transaction.atomic
def skip_to(run: Run, name: str) -> None:
    """Takes the steps before `name` as done: their rows of the last finished run of this date still stand.

    Raises NotPossible when the last finished run has another date, or when facts changed since.
    """
    previous = runs.last_finished()
    if previous is None or previous.as_of != run.as_of:
        raise NotPossible(_("The last finished run has another date; start without --from-step."))
    if trading.queries.has_marks(run.as_of):
        raise NotPossible(_("Facts changed since the last run; start without --from-step."))
    position = next(number for number, step in enumerate(STEPS) if step.name == name)
    run.steps.filter(position__lt=position).update(state=Run.State.DONE)


def stop_after(run: Run, name: str) -> None:
    """The steps after `name` are left out of a run that has not begun; what they make stays as it was.

    Such a run serves no mark: the next one does all it did again, and the steps left out with it.
    """
    position = next(number for number, step in enumerate(STEPS) if step.name == name)
    run.steps.filter(position__gt=position).delete()


def told_steps() -> QuerySet[Any]:
    """Steps in order, each with the number of `sessions` that worked on it: threads and workers."""
    sessions = Count("chunks__done_by", distinct=True, filter=~Q(chunks__done_by=""))
    return RunStep.objects.annotate(sessions=sessions).order_by("position")


def summary(run: Run) -> dict[str, Any]:
    """The run and its steps, as the API and the command tell them."""
    return {
        "id": run.pk,
        "as_of": run.as_of.isoformat(),
        "state": run.state,
        "steps": [
            {
                "name": step.name,
                "state": step.state,
                "rows": step.rows,
                "seconds": round(step.seconds, 3),
                "wal_bytes": step.wal_bytes,
                "sessions": step.sessions,
                "progress": progress(step),
            }
            for step in told_steps().filter(run=run)
        ],
    }


def progress(step: RunStep) -> int:
    """Percent of the step that is done."""
    if step.state == Run.State.DONE:
        return 100
    return int(100 * step.done / step.total) if step.total else 0


def execute(run_id: int, *, calls_workers: bool = False) -> Run:
    """Does what is left of a run; returns at once when another process is at work on one.

    Sessions beside each other are threads of this process, or, with `calls_workers`, this one and workers
    that it calls for each step.
    """
    with _single_flight() as alone:
        run = Run.objects.get(pk=run_id)
        if alone and run.state in {Run.State.WAITING, Run.State.RUNNING}:
            _do(run, Crew(call=_call_workers) if calls_workers else Crew(threads=settings.RECOMPUTE_THREADS))
            run.refresh_from_db()
    return run


def _call_workers(step: RunStep) -> None:
    for _number in range(settings.RECOMPUTE_THREADS - 1):
        wake("crm.tasks.lend_hand", step.pk)


def lend_hand(step_id: int) -> None:
    """Takes free chunks of a step that another worker leads, until none is free."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock_shared(%s)", [HANDS])
        try:
            row = RunStep.objects.select_related("run").filter(pk=step_id, state=Run.State.RUNNING).first()
            if row is not None and row.run.state == Run.State.RUNNING:
                step = next(step for step in STEPS if step.name == row.name)
                step.do(_told(row.run, row.run.plan or {}, Crew(is_hand=True)), row)
        finally:
            cursor.execute("SELECT pg_advisory_unlock_shared(%s)", [HANDS])


def _do(run: Run, crew: Crew) -> None:
    try:
        ctx = _context(run, crew)
        _do_steps(run, ctx)
        _finish(run)
    except Exception as error:
        Run.objects.filter(pk=run.pk).update(
            state=Run.State.FAILED,
            error=redacted(f"{type(error).__name__}: {error}")[:2000],
            finished_at=timezone.now(),
        )
        RunStep.objects.filter(run=run, state=Run.State.RUNNING).update(state=Run.State.FAILED)
        raise


def _do_steps(run: Run, ctx: RunContext) -> None:
    known = {step.name: step for step in STEPS}
    for row in run.steps.order_by("position"):
        if row.state != Run.State.DONE:
            step = known[row.name]
            runs.begin_step(row)
            step.do(ctx, row)
            if ctx.fills_a_month:
                sql.renew_statistics(step.tables)
            runs.end_step(row)


@transaction.atomic
def _finish(run: Run) -> None:
    if run.steps.count() == len(STEPS):
        trading.recompute.forget_dirty()
    else:
        month = date.fromisoformat((run.plan or {})["all_from"])
        StaleMark.objects.create(client=None, month=month, told_on=run.as_of)
    Run.objects.filter(pk=run.pk).update(state=Run.State.DONE, finished_at=timezone.now())


def _context(run: Run, crew: Crew) -> RunContext:
    """The run's frozen plan; made at its first start, together with the list of clients to redo."""
    plan = run.plan or _make_plan(run)
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING, attempts=run.attempts + 1)
    return _told(run, plan, crew)


def _told(run: Run, plan: dict[str, Any], crew: Crew) -> RunContext:
    return RunContext(
        run=run,
        as_of=run.as_of,
        all_from=date.fromisoformat(plan["all_from"]),
        first_month=date.fromisoformat(plan["first_month"]),
        shards=tuple((lo, hi) for lo, hi in plan["shards"]),
        crew=crew,
    )


@transaction.atomic
def _make_plan(run: Run) -> dict[str, Any]:
    _wait_for_hands()
    previous = runs.last_finished()
    first_month = trading.queries.first_month(run.as_of)
    _give_up_others(run)
    all_from = trading.recompute.take_marks(run.as_of)
    if previous is None or _knows_too_much(run, previous):
        _clear_derived()
        all_from = first_month
    else:
        # the last run's month was unfinished, or is closed now
        all_from = max(first_month, min(all_from or run.as_of, previous.as_of.replace(day=1)))
    plan = {
        "all_from": all_from.isoformat(),
        "first_month": first_month.isoformat(),
        "previous_as_of": previous.as_of.isoformat() if previous else None,
        "shards": shards(),
    }
    run.plan, run.started_at = plan, timezone.now()
    run.save(update_fields=["plan", "started_at"])
    return plan


def _wait_for_hands() -> None:
    """A worker may still be at a chunk of a run whose leading process died; it would write over this run."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL lock_timeout = '15min'")
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [HANDS])
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")


def _give_up_others(run: Run) -> None:
    """A run that was killed and not taken up again would write an older state over this one."""
    killed = Run.objects.filter(state=Run.State.RUNNING).exclude(pk=run.pk)
    killed.update(state=Run.State.FAILED, error=f"given up for run {run.pk}", finished_at=timezone.now())


def _knows_too_much(run: Run, previous: Run) -> bool:
    """Whether the tables hold anything of packages later than this run may read (F5)."""
    later = Run.objects.filter(plan__isnull=False, as_of__gt=run.as_of, pk__gt=previous.pk)
    return run.as_of < previous.as_of or later.exclude(pk=run.pk).exists()


def _clear_derived() -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"TRUNCATE {', '.join(DERIVED)}")


def shards() -> list[list[int]]:
    """Client-id ranges of about equal numbers of clients, by quantiles of the ids."""
    bounds = sql.rows("crm", "shard_bounds", {"per_shard": CLIENTS_PER_SHARD})
    return [[row["lo"], row["hi"]] for row in bounds]


@contextmanager
def _single_flight() -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        alone = cursor.fetchone()[0]
    try:
        yield alone
    finally:
        if alone:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
