"""The nightly step `service`: what serving each client cost, by month and unit of record."""

from core import sql
from core.models import RunStep
from core.runs import RunContext, Work, run_chunks, shard_work
from trading.queries import snapshot_days


def service_months(ctx: RunContext, step: RunStep) -> None:
    """Rebuilds ServiceMonth in the run's window, shard by shard; unchanged rows stay untouched."""
    run_chunks(step, shard_work(ctx), lambda work: _shard(ctx, work), threads=ctx.threads)


def _shard(ctx: RunContext, work: Work) -> int:
    params = {
        **work, "as_of": ctx.as_of, "all_from": ctx.all_from, "first_month": ctx.first_month,
        "snapshots": snapshot_days(ctx.as_of),
    }  # fmt: skip
    sql.run("interactions", "service_month_clear", params)
    sql.run("interactions", "service_month_stage", params)
    written = sql.run("interactions", "service_month_delete", params)
    written += sql.run("interactions", "service_month_upsert", params)
    sql.run("interactions", "service_month_clear", params)
    return written
