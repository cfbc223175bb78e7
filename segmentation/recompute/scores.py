"""The step `scores`: raw values and scores of every close to be redone, and of the night (S1-S8, S13)."""

from datetime import date
from typing import Any

from core import sql
from core.models import RunStep
from core.runs import RunContext, Work, run_chunks, shard_work
from segmentation.dates import is_month_end, month_of, window_params
from segmentation.models import ModelVersion
from segmentation.recompute.stages import empty_stages, open_stages
from segmentation.recompute.windows import months_to_redo

MANY = 1000
"""From so many clients of a shard on, their months are read as one range instead of one by one."""


def scores(ctx: RunContext, step: RunStep) -> None:
    """Writes ScoreClose and ClientScore shard by shard; the tier's columns are the next step's."""
    run_chunks(step, shard_work(ctx), lambda work: _shard(ctx, work), ctx.crew)


def _shard(ctx: RunContext, work: Work) -> int:
    open_stages()
    redone = list(months_to_redo(ctx, work))
    _forget_windows(ctx, work)
    written = 0
    for redo in redone:
        if redo.close <= ctx.as_of:
            written += _close(ctx, redo.params(work), redo.close)
    if not is_month_end(ctx.as_of):
        written += _night(ctx, {**work, "everyone": True, "client_ids": []})
    return written


def _close(ctx: RunContext, params: dict[str, Any], close: date) -> int:
    params = _stage(ctx, params, close)
    written = sql.run("segmentation", "close_delete", params)
    return written + sql.run("segmentation", "close_upsert", params)


def _night(ctx: RunContext, params: dict[str, Any]) -> int:
    params = _stage(ctx, params, ctx.as_of)
    written = sql.run("segmentation", "current_delete", params)
    written += sql.run("segmentation", "current_update", params)
    return written + sql.run("segmentation", "current_insert", params)


def _stage(ctx: RunContext, params: dict[str, Any], as_of: date) -> dict[str, Any]:
    """Fills the score stage for a date by the version that serves it; returns the parameters used."""
    version = ModelVersion.objects.serving(as_of)
    rules = (version or ModelVersion.objects.first_version()).rules
    params = {
        **params,
        **window_params(as_of),
        **rules.raw_params(),
        **rules.score_params(),
        "model_version": version.pk if version else None,
    }
    empty_stages(everyone=params["everyone"])
    are_kept = params["everyone"] and month_of(as_of) == month_of(ctx.as_of)
    if are_kept:
        _keep_windows(params)
    else:
        sql.run("segmentation", "window_stage", params)
    sql.run("segmentation", "raw_stage", params | {"windows_kept": are_kept})
    sql.run("segmentation", "score_stage", params)
    return params


def _forget_windows(ctx: RunContext, work: Work) -> None:
    """Drops kept sums that this run does not share with the nights before it."""
    month = month_of(ctx.as_of)
    params = {**work, "month": month, "everyone": month_of(ctx.all_from) < month}
    sql.run("segmentation", "window_delete", params)


def _keep_windows(params: dict[str, Any]) -> None:
    """Sums up the earlier months for those whose sums are not kept; the others' stand."""
    outdated = [row["client_id"] for row in sql.rows("segmentation", "window_outdated", params)]
    if outdated:
        many = len(outdated) > MANY
        told = params | {"everyone": many, "client_ids": outdated}
        empty_stages(everyone=many)
        sql.run("segmentation", "window_stage", told)
        sql.run("segmentation", "window_keep", told)
        empty_stages(everyone=True)
