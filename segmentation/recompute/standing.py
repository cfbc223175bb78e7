"""The step `standing`: where every client stands, for the apps below, and how well tiers are kept (S11)."""

from datetime import date

from core import sql
from core.models import RunStep
from core.runs import RunContext, Work, run_chunks, shard_work
from segmentation.dates import add_months, last_close, month_end, months_between, window_params
from segmentation.models import ModelVersion
from segmentation.recompute.windows import first_redone


def standing(ctx: RunContext, step: RunStep) -> None:
    """Writes ClientStanding by shards, and TierRetention for the night and every close that was redone."""
    works = [*shard_work(ctx), *({"retention": day.isoformat()} for day in _redone_dates(ctx))]
    run_chunks(step, works, lambda work: _do(ctx, work), threads=ctx.threads)


def _redone_dates(ctx: RunContext) -> list[date]:
    closes = [month_end(month) for month in months_between(first_redone(ctx), ctx.as_of)]
    return sorted({ctx.as_of, *(close for close in closes if close <= ctx.as_of)})


def _do(ctx: RunContext, work: Work) -> int:
    if "retention" in work:
        return _retention(ctx, date.fromisoformat(work["retention"]))
    rules = (ModelVersion.objects.serving(ctx.as_of) or ModelVersion.objects.first_version()).rules
    params = {**work, **rules.score_params(), **window_params(ctx.as_of)}
    written = sql.run("segmentation", "standing_held", params)
    return written + sql.run("segmentation", "standing_other", params)


def _retention(ctx: RunContext, as_of: date) -> int:
    params = {"as_of": as_of, "base_on": base_close(as_of, ctx.first_month), "night": ctx.as_of}
    written = sql.run("segmentation", "retention_delete", params)
    return written + sql.run("segmentation", "retention", params)


def base_close(as_of: date, first_month: date) -> date:
    """The last close at or before the same day a year earlier, else the oldest close."""
    return max(last_close(add_months(as_of, -12)), month_end(first_month))
