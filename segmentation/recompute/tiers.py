"""The step `tiers`: the ladder with hysteresis at closes and on the night, and its spans (S1-S3, S8)."""

from datetime import date
from typing import Any

from core import sql
from core.models import RunStep
from core.runs import RunContext, Work, run_chunks, shard_work
from segmentation.dates import earlier_closes, is_month_end, month_of, previous_close, quarter_start
from segmentation.models import ModelVersion
from segmentation.recompute.stages import empty_stages, open_stages
from segmentation.recompute.windows import dirty_clients, months_to_redo


def tiers(ctx: RunContext, step: RunStep) -> None:
    """Tiers of the rows that `scores` wrote, closes oldest first; then the spans of who changed."""
    run_chunks(step, shard_work(ctx), lambda work: _shard(ctx, work), ctx.crew)


def _shard(ctx: RunContext, work: Work) -> int:
    open_stages()
    redone = [redo for redo in months_to_redo(ctx, work) if redo.close <= ctx.as_of]
    written = 0
    for redo in redone:
        empty_stages(everyone=redo.everyone)
        written += sql.run("segmentation", "close_tier", redo.params(work) | _ladder(redo.close))
    if is_month_end(ctx.as_of):
        params = {**work, "as_of": ctx.as_of}
        written += sql.run("segmentation", "current_delete_at_close", params)
        written += sql.run("segmentation", "current_from_close", params)
    else:
        written += sql.run("segmentation", "night_tier", {**work, **_ladder(ctx.as_of)})
    written += _spans(ctx, work, [redo.close for redo in redone if redo.everyone])
    return written + _rescored(ctx, work)


def _ladder(as_of: date) -> dict[str, Any]:
    """The rules of the version serving a date, and the closes before it that hysteresis looks at."""
    rules = (ModelVersion.objects.serving(as_of) or ModelVersion.objects.first_version()).rules
    most = max(tier.closes_before_down for tier in rules.tiers)
    closes = earlier_closes(as_of, max(most, 1))
    return rules.tier_params() | {"as_of": as_of, "previous_close": closes[0], "earlier_closes": closes}


def _spans(ctx: RunContext, work: Work, closes: list[date]) -> int:
    """Spans of those who changed, after `closes` were redone for everyone; older spans stand as they are."""
    params = {
        **work,
        "everyone": len(closes) > 1,
        "close": closes[0] if len(closes) == 1 else None,
        "since": month_of(ctx.all_from),
        "client_ids": dirty_clients(work, month_of(ctx.as_of)),
    }
    empty_stages(everyone=True)
    written = sql.run("segmentation", "span_shift", {**work, "month": month_of(ctx.as_of)})
    sql.run("segmentation", "span_client", params)
    sql.run("segmentation", "span_stage", params)
    return written + sum(sql.run("segmentation", f"span_{deed}", params) for deed in ("delete", "upsert"))


def _rescored(ctx: RunContext, work: Work) -> int:
    """Scores the closes that open a period under the version that came into force within the period."""
    written = 0
    for version in ModelVersion.objects.later_ones(ctx.as_of):
        assert version.serves_from is not None
        everyone = month_of(ctx.all_from) <= month_of(version.serves_from)
        for close in opening_closes(version.serves_from):
            written += _rescore(work, close, version, everyone)
    return written


def opening_closes(serves_from: date) -> list[date]:
    """The closes before the month, the quarter and the year that a day falls into."""
    month = month_of(serves_from)
    starts = {month, quarter_start(month), month.replace(month=1)}
    return sorted(previous_close(start) for start in starts)


def _rescore(work: Work, close: date, version: ModelVersion, everyone: bool) -> int:
    rules = version.rules
    client_ids = [] if everyone else dirty_clients(work, month_of(close))
    params = {
        **work, **rules.score_params(), **_ladder(close), **rules.tier_params(),
        "everyone": everyone, "client_ids": client_ids, "model_version": version.pk,
    }  # fmt: skip
    empty_stages(everyone=everyone)
    sql.run("segmentation", "raw_from_close", params)
    sql.run("segmentation", "score_stage", params)
    return sql.run("segmentation", "rescored_tier", params)
