"""The step `lifecycle`: who became effective, was lost, came back or died (kpis.md, L1-L12)."""

from typing import Any

from core import sql
from core.models import RunStep
from core.runs import RunContext, Work, run_chunks, shard_work
from segmentation.dates import add_months
from segmentation.models import Threshold
from segmentation.recompute.stages import empty_stages, open_stages
from segmentation.recompute.windows import Redo, months_to_redo


def lifecycle_events(ctx: RunContext, step: RunStep) -> None:
    """Redoes the events of the run's months, shard by shard, given those of the months before."""
    run_chunks(step, shard_work(ctx), lambda work: _shard(ctx, work), ctx.crew)


def _shard(ctx: RunContext, work: Work) -> int:
    open_stages()
    return sum(_month(ctx, work, redo) for redo in months_to_redo(ctx, work))


def _month(ctx: RunContext, work: Work, redo: Redo) -> int:
    """Entries come first, so that an exit on the entry's date finds the client held; SOFT is last (L4)."""
    params = redo.params(work) | _month_params(ctx, redo)
    is_closed = redo.close <= ctx.as_of
    empty_stages(everyone=redo.everyone)
    if is_closed:
        sql.run("segmentation", "entry_stage", params)
    sql.run("segmentation", "exit_stage", params)
    if is_closed:
        sql.run("segmentation", "soft_stage", params)
    written = sql.run("segmentation", "event_delete", params)
    return written + sql.run("segmentation", "event_upsert", params)


def _month_params(ctx: RunContext, redo: Redo) -> dict[str, Any]:
    limits = Threshold.objects.in_force(redo.close)
    return {
        "as_of": ctx.as_of,
        "month_end": redo.close,
        "year": [add_months(redo.month, -back) for back in range(11, -1, -1)],
        "last_day": min(redo.close, ctx.as_of),
        "is_first": redo.month == ctx.first_month,
        "effective_assets": limits.effective_assets,
        "effective_commission": limits.effective_commission,
        "reactivated_assets": limits.reactivated_assets,
        "soft_assets": limits.soft_assets,
        "soft_peak_share": limits.soft_peak_share,
        "soft_outflow_share": limits.soft_outflow_share,
    }
