"""The nightly step that makes the scorecards: running periods and every stale one, a period at a time.

A period is one pass over its clients, range by range (sql/way_stage.sql); the counts of all its units come
from the few thousand ways clients went, the arithmetic is kpis.rules. One chunk, and one transaction, is one
period, or the profit by tier of one month.
"""

from datetime import date

from django.db import transaction

from core.models import RunChunk, RunStep
from core.runs import RunContext, Work, run_chunks
from kpis.recompute.months import make_month, months_of
from kpis.recompute.period import forget_later, make_period
from kpis.recompute.setup import Setup
from kpis.recompute.stale import first_stale_month, stale_periods
from kpis.rules import Period, parse_period
from trading.queries import first_month

__all__ = ["recompute_period", "scorecards"]


def scorecards(ctx: RunContext, step: RunStep) -> None:
    """Makes the cards of every period of the run; resumes where a killed run stopped.

    Months come first and are all in before the periods begin, which add them up.
    """
    setup = Setup.load(ctx.as_of, ctx.first_month)
    if not (ctx.crew.is_hand or step.chunks.exists()):
        forget_later(ctx.as_of)

    def do(work: Work) -> int:
        if "month" in work:
            return make_month(date.fromisoformat(work["month"]))
        return make_period(setup, parse_period(work["period"]), ctx.shards)

    months = months_of(first_stale_month(ctx), ctx.as_of)
    if run_chunks(step, [{"month": month.isoformat()} for month in months], do, ctx.crew):
        _add_chunks(step, [{"period": period.name} for period in stale_periods(ctx, setup)])
        run_chunks(step, [], do, ctx.crew)


@transaction.atomic
def _add_chunks(step: RunStep, works: list[Work]) -> None:
    """Adds the periods' chunks behind those of the months, once."""
    there = step.chunks.count()
    if step.chunks.filter(work__has_key="period").exists():
        return
    RunChunk.objects.bulk_create(
        RunChunk(step=step, position=there + number, work=work) for number, work in enumerate(works)
    )
    RunStep.objects.filter(pk=step.pk).update(total=there + len(works))


def recompute_period(period: Period, as_of: date) -> int:
    """Makes one period's cards anew from what the last run left; returns the rows written."""
    setup = Setup.load(as_of, first_month(as_of))
    for month in period.months:
        if setup.first_month <= month <= as_of:
            make_month(month)
    return make_period(setup, period)
