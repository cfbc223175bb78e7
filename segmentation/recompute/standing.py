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
    """Writes ClientStanding by shards, and the figures of the night and of every close that was redone.

    Figures read nothing that the shards write, and each fills a table of its own; the longest come first.
    """
    works = [*_figures(ctx), *shard_work(ctx)]
    run_chunks(step, works, lambda work: _do(ctx, work), ctx.crew)


def _figures(ctx: RunContext) -> list[Work]:
    return [
        {"day": day.isoformat(), "figure": name} for day in _redone_dates(ctx) for name in _figures_of(day)
    ]


def _redone_dates(ctx: RunContext) -> list[date]:
    closes = [month_end(month) for month in months_between(first_redone(ctx), ctx.as_of)]
    return sorted({ctx.as_of, *(close for close in closes if close <= ctx.as_of)})


def _figures_of(day: date) -> tuple[str, ...]:
    return FIGURES if day == quarter_end(day) else FIGURES[:-1]


def _do(ctx: RunContext, work: Work) -> int:
    if "figure" in work:
        return _figure(ctx, date.fromisoformat(work["day"]), work["figure"])
    rules = (ModelVersion.objects.serving(ctx.as_of) or ModelVersion.objects.first_version()).rules
    params = {**work, **rules.score_params(), **window_params(ctx.as_of)}
    names = ("standing_update", "standing_insert", "standing_other")
    return sum(sql.run("segmentation", name, params) for name in names)


def _figure(ctx: RunContext, as_of: date, name: str) -> int:
    """How many of a tier are kept (S11), or one of the sums that pages read."""
    rules = (ModelVersion.objects.serving(as_of) or ModelVersion.objects.first_version()).rules
    params = {
        **rules.class_params(), "as_of": as_of, "night": ctx.as_of, "is_close": is_month_end(as_of),
        "base_on": base_close(as_of, ctx.first_month), "band": BAND, "last_band": 100 // BAND - 1,
        "cohorts_from": quarter_start(add_months(as_of, -12 * CohortFigure.COHORT_YEARS)),
    }  # fmt: skip
    sql.allow_nested_loops(False)
    return sum(sql.run("segmentation", f"{name}{part}", params) for part in ("_delete", ""))


def base_close(as_of: date, first_month: date) -> date:
    """The last close at or before the same day a year earlier, else the oldest close."""
    return max(last_close(add_months(as_of, -12)), month_end(first_month))
