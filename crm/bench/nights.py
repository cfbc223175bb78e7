"""The nightly run under the clock."""

from datetime import date, timedelta

from django.conf import settings
from django.db import connection
from django.utils import timezone

from core import sql
from core.audit import SystemActor
from core.models import Run, RunStep
from core.runs import Crew, RunContext, begin_step, end_step
from crm import nightly
from crm.bench.clock import bare_scan, seconds
from crm.bench.day import last_day
from crm.bench.fill import FILLED_TO, Say, first_day
from crm.bench.memory import watched
from segmentation.actions import publishing as segmentation
from trading.models import StaleMark
from trading.recompute.spans import mark_moved_units

BENCH = SystemActor("bench")
CARDS = "scorecards"  # the target counts the time from stale facts to these


def settle(say: Say) -> None:
    """Makes the derived figures that the nights under the clock stand on.

    Opening stock is taken in the first month, then the steps do the last closed and the running month, as
    every night does; the closes in between are left out, a night does not read them. Breakpoints come from
    the raw values of the last close, so the scores are made twice.
    """
    as_of = FILLED_TO
    run = Run.objects.create(as_of=as_of, requested_by="bench", state=Run.State.RUNNING)
    opening = _context(run, first_day(), as_of=first_day() + timedelta(days=30))
    running = _context(run, as_of.replace(day=1), as_of=as_of)
    recent = _context(run, (as_of.replace(day=1) - timedelta(days=1)).replace(day=1), as_of=as_of)
    _record_spans(recent)
    _steps(run, running, ["facts"], say)
    _steps(run, opening, ["lifecycle"], say)
    _steps(run, recent, ["service", "lifecycle", "scores", "tiers", "standing"], say)
    _end(run)
    last_close = as_of.replace(day=1) - timedelta(days=1)
    segmentation.publish_breakpoints(as_of=last_close, proposer=BENCH, approver=SystemActor("bench approver"))
    StaleMark.objects.all().delete()
    _steps(run, recent, ["scores", "tiers", "standing", "scorecards"], say)
    _end(run)
    _as_after_a_day()


def _context(run: Run, all_from: date, *, as_of: date) -> RunContext:
    return RunContext(
        run=run,
        as_of=as_of,
        all_from=all_from,
        first_month=first_day(),
        shards=tuple((lo, hi) for lo, hi in nightly.shards()),
        crew=Crew(threads=settings.RECOMPUTE_THREADS),
    )


def _end(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(state=Run.State.DONE, finished_at=timezone.now())


def _record_spans(ctx: RunContext) -> None:
    """What the step `facts` would write beside the client-months, which are filled already."""
    mark_moved_units(ctx.as_of)
    for lo, hi in ctx.shards:
        sql.run("trading", "record_span", {"lo": lo, "hi": hi, "as_of": ctx.as_of, "is_all": True, "ids": []})


def _steps(run: Run, ctx: RunContext, names: list[str], say: Say) -> None:
    work = {step.name: step.do for step in nightly.STEPS}
    for position, name in enumerate(names, start=run.steps.count()):
        row = RunStep.objects.create(run=run, position=position, name=name)
        began = timezone.now()
        begin_step(row)
        work[name](ctx, row)
        end_step(row)
        row.refresh_from_db()
        say(f"  settling {name}: {row.rows:,} rows, {(timezone.now() - began).total_seconds():.1f} s")


def one_step(name: str, as_of: date) -> tuple[RunStep, float]:
    """A step of the night alone, as of that day, and its seconds; nothing of it stays in the ledger."""
    run = Run.objects.create(as_of=as_of, requested_by="bench", state=Run.State.RUNNING)
    row = RunStep.objects.create(run=run, position=0, name=name)
    try:
        do = next(step.do for step in nightly.STEPS if step.name == name)
        spent = seconds(lambda: do(_context(run, as_of.replace(day=1), as_of=as_of), row))
        row.refresh_from_db()
    finally:
        run.delete()
    return row, spent


def _as_after_a_day() -> None:
    """Between two nights the database has cleaned up after the first; here they may be minutes apart."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def _wall(step: RunStep) -> float:
    """Seconds from the step's first chunk to its end."""
    began, ended = step.started_at, step.finished_at
    return (ended - began).total_seconds() if began and ended else 0


def measure(say: Say) -> None:
    """The night of the last loaded day, step by step, and its ratio to the bare scan."""
    as_of = last_day()
    _as_after_a_day()
    yardstick = bare_scan()
    say(f"yardstick: bare serial GROUP BY client_id over the client-months {yardstick:.1f} s")
    run = nightly.request_run(as_of=as_of, actor=BENCH)
    started = timezone.now()
    with watched() as memory:
        run = nightly.execute(run.pk)
    spent = (timezone.now() - started).total_seconds()
    for step in run.steps.order_by("position"):
        log = step.wal_bytes / 1_000_000
        say(f"  {step.name:<12} {step.rows:>12,} rows  {_wall(step):6.1f} s  {log:7.0f} MB of log")
    to_cards = sum(_wall(step) for step in run.steps.filter(position__lte=run.steps.get(name=CARDS).position))
    say(f"facts to cards: {to_cards:.1f} s, {to_cards / yardstick:.2f} x the yardstick")
    say(f"nightly as of {as_of}: {spent:.1f} s, {spent / yardstick:.2f} x the yardstick")
    say(f"memory of the night: {memory}")
