"""The step `standing`: where every client stands, for the apps below, and the figures of whole segments."""

from datetime import date

from core import sql
from core.models import RunStep
from core.runs import RunContext, Work, run_chunks, shard_work
from segmentation.dates import (
    add_months,
    is_month_end,
    last_close,
    month_end,
    months_between,
    quarter_end,
    quarter_start,
    window_params,
)
from segmentation.models import BAND, CohortFigure, ModelVersion
from segmentation.recompute.windows import first_redone

FIGURES = ("retention", "segment_figure", "tier_figure", "cell_figure", "cohort_figure")


def standing(ctx: RunContext, step: RunStep) -> None:
    """Writes ClientStanding by shards, and the segments of the night and of every close that was redone."""
    works = [*shard_work(ctx), *({"day": day.isoformat()} for day in _redone_dates(ctx))]
    run_chunks(step, works, lambda work: _do(ctx, work), ctx.crew)


def _redone_dates(ctx: RunContext) -> list[date]:
    closes = [month_end(month) for month in months_between(first_redone(ctx), ctx.as_of)]
    return sorted({ctx.as_of, *(close for close in closes if close <= ctx.as_of)})


def _do(ctx: RunContext, work: Work) -> int:
    if "day" in work:
        return _segments(ctx, date.fromisoformat(work["day"]))
    rules = (ModelVersion.objects.serving(ctx.as_of) or ModelVersion.objects.first_version()).rules
    params = {**work, **rules.score_params(), **window_params(ctx.as_of)}
    names = ("standing_update", "standing_insert", "standing_other")
    return sum(sql.run("segmentation", name, params) for name in names)


def _segments(ctx: RunContext, as_of: date) -> int:
    """How many of a tier are kept (S11), and the sums that pages read: segments, tiers, cells, cohorts."""
    rules = (ModelVersion.objects.serving(as_of) or ModelVersion.objects.first_version()).rules
    params = {
        **rules.class_params(), "as_of": as_of, "night": ctx.as_of, "is_close": is_month_end(as_of),
        "base_on": base_close(as_of, ctx.first_month), "band": BAND, "last_band": 100 // BAND - 1,
        "cohorts_from": quarter_start(add_months(as_of, -12 * CohortFigure.COHORT_YEARS)),
    }  # fmt: skip
    sql.allow_nested_loops(False)
    names = FIGURES if as_of == quarter_end(as_of) else FIGURES[:-1]
    return sum(sql.run("segmentation", f"{name}{part}", params) for name in names for part in ("_delete", ""))


def base_close(as_of: date, first_month: date) -> date:
    """The last close at or before the same day a year earlier, else the oldest close."""
    return max(last_close(add_months(as_of, -12)), month_end(first_month))
