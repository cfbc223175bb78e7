"""The step `scores`: raw values and scores of every close to be redone, and of the night (S1-S8, S13)."""

from datetime import date
from typing import Any

from core import sql
from core.models import RunStep
from core.runs import RunContext, Work, run_chunks, shard_work
from segmentation.dates import is_month_end, window_params
from segmentation.models import ModelVersion
from segmentation.recompute.stages import empty_stages, open_stages
from segmentation.recompute.windows import months_to_redo


def scores(ctx: RunContext, step: RunStep) -> None:
    """Writes ScoreClose and ClientScore shard by shard; the tier's columns are the next step's."""
    run_chunks(step, shard_work(ctx), lambda work: _shard(ctx, work), threads=ctx.threads)


def _shard(ctx: RunContext, work: Work) -> int:
    open_stages()
    written = 0
    for redo in months_to_redo(ctx, work):
        if redo.close <= ctx.as_of:
            written += _close(redo.params(work), redo.close)
    if not is_month_end(ctx.as_of):
        written += _night(ctx, work)
    return written


def _close(params: dict[str, Any], close: date) -> int:
    params = params | _stage(params, close)
    written = sql.run("segmentation", "close_delete", params)
    return written + sql.run("segmentation", "close_upsert", params)


def _night(ctx: RunContext, work: Work) -> int:
    params = _stage({**work, "everyone": True}, ctx.as_of)
    written = sql.run("segmentation", "current_delete", params)
    return written + sql.run("segmentation", "current_upsert", params)


def _stage(params: dict[str, Any], as_of: date) -> dict[str, Any]:
    """Fills the score stage for a date by the version that serves it; returns the parameters used."""
    version = ModelVersion.objects.serving(as_of)
    rules = version or ModelVersion.objects.first_version()
    params = {
        **params, **window_params(as_of), **rules.rules.raw_params(), **rules.rules.score_params(),
        "model_version": version.pk if version else None,
    }  # fmt: skip
    empty_stages(everyone=params["everyone"])
    sql.run("segmentation", "window_stage", params)
    sql.run("segmentation", "raw_stage", params)
    sql.run("segmentation", "score_stage", params)
    return params
