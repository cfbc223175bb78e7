"""The nightly step that makes the scorecards: running periods and every stale one, a period at a time.

A period is one pass over its clients, range by range (sql/way_stage.sql); the counts of all its units come
from the few thousand ways clients went, the arithmetic is kpis.rules. One chunk, and one transaction, is one
period, or the profit by tier of one month.
"""

from datetime import date

from core.models import RunStep
from core.runs import RunContext, Work, await_chunks, run_chunks
from kpis.recompute.months import make_month, months_of
from kpis.recompute.period import alike, forget_later, make_period, make_periods
from kpis.recompute.setup import Setup
from kpis.recompute.stale import first_stale_month, stale_periods
from kpis.rules import Period, parse_period
from trading.queries import first_month

__all__ = ["recompute_period", "scorecards"]


def scorecards(ctx: RunContext, step: RunStep) -> None:
    """Makes the cards of every period of the run; resumes where a killed run stopped.

    Months' chunks stand first, so that the periods', which add them up, wait only at their end.
    """
    setup = Setup.load(ctx.as_of, ctx.first_month)
    if not (ctx.crew.is_hand or step.chunks.exists()):
        forget_later(ctx.as_of)

    def do(work: Work) -> int:
        if "month" in work:
            return make_month(date.fromisoformat(work["month"]))
        periods = [parse_period(name) for name in work["periods"]]
        return make_periods(setup, periods, ctx.shards, ready=lambda: await_chunks(step, months, do))

    months = [{"month": month.isoformat()} for month in months_of(first_stale_month(ctx), ctx.as_of)]
    groups = alike(setup, stale_periods(ctx, setup))
    works = [{"periods": [period.name for period in group]} for group in groups]
    run_chunks(step, [*months, *works], do, ctx.crew)


def recompute_period(period: Period, as_of: date) -> int:
    """Makes one period's cards anew from what the last run left; returns the rows written."""
    setup = Setup.load(as_of, first_month(as_of))
    for month in period.months:
        if setup.first_month <= month <= as_of:
            make_month(month)
    return make_period(setup, period)
