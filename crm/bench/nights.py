"""The nightly run under the clock."""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from core.audit import SystemActor
from core.models import Run, RunStep
from core.runs import RunContext, begin_step, end_step
from crm import nightly
from crm.bench.clock import bare_scan
from crm.bench.fill import LAST_DAY, Say, first_day
from segmentation import actions as segmentation
from trading import recompute as trading
from trading.models import StaleMark

BENCH = SystemActor("bench")


def settle(say: Say) -> None:
    """Makes every derived figure as of the day before, from the filled months, as if nights had run."""
    as_of = LAST_DAY - timedelta(days=1)
    run = Run.objects.create(as_of=as_of, requested_by="bench", state=Run.State.RUNNING)
    ctx = RunContext(
        run=run,
        as_of=as_of,
        all_from=first_day(),
        first_month=first_day(),
        shards=tuple((lo, hi) for lo, hi in nightly.shards()),
        threads=settings.RECOMPUTE_THREADS,
    )
    trading.record_spans(ctx)
    steps = [step for step in nightly.STEPS if step.name != "facts"]
    _steps(run, ctx, steps[:2], say)
    segmentation.publish_breakpoints(as_of=as_of, proposer=BENCH, approver=SystemActor("bench approver"))
    StaleMark.objects.all().delete()
    _steps(run, ctx, steps[2:], say)
    Run.objects.filter(pk=run.pk).update(state=Run.State.DONE, finished_at=timezone.now())


def _steps(run: Run, ctx: RunContext, steps: list[nightly.Step], say: Say) -> None:
    done = run.steps.count()
    for position, step in enumerate(steps, start=done):
        row = RunStep.objects.create(run=run, position=position, name=step.name)
        begin_step(row)
        step.do(ctx, row)
        end_step(row)
        row.refresh_from_db()
        say(f"  settling {step.name}: {row.rows:,} rows, {row.seconds:.1f} s of work")


def measure(say: Say) -> None:
    """One night as of LAST_DAY, step by step, and its ratio to the bare scan."""
    yardstick = bare_scan()
    say(f"yardstick: bare serial GROUP BY client_id over the client-months {yardstick:.1f} s")
    run = nightly.request_run(as_of=LAST_DAY, actor=BENCH)
    started = timezone.now()
    run = nightly.execute(run.pk)
    spent = (timezone.now() - started).total_seconds()
    for step in run.steps.order_by("position"):
        wall = (
            (step.finished_at - step.started_at).total_seconds()
            if step.finished_at and step.started_at
            else 0
        )
        say(f"  {step.name:<12} {step.rows:>12,} rows  {wall:6.1f} s")
    say(f"nightly as of {LAST_DAY}: {spent:.1f} s, {spent / yardstick:.2f} x the yardstick")
