"""The nightly step `service`: what serving each client cost, by month and unit of record."""

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.db.models import Min

from core import sql
from core.models import RunStep
from core.runs import RunContext, Work, run_chunks, shard_work
from trading.models import DirtyClient
from trading.queries import snapshot_days

SHANGHAI = ZoneInfo("Asia/Shanghai")


def service_months(ctx: RunContext, step: RunStep) -> None:
    """Rebuilds ServiceMonth in the run's window, shard by shard; unchanged rows stay untouched."""
    run_chunks(step, shard_work(ctx), lambda work: _shard(ctx, work), ctx.crew)


def _shard(ctx: RunContext, work: Work) -> int:
    params = {
        **work, "as_of": ctx.as_of, "all_from": ctx.all_from, "first_month": ctx.first_month,
        "snapshots": snapshot_days(ctx.as_of), "since": _since(ctx, work),
    }  # fmt: skip
    sql.run("interactions", "service_month_clear", params)
    sql.run("interactions", "service_month_stage", params)
    written = sql.run("interactions", "service_month_delete", params)
    written += sql.run("interactions", "service_month_upsert", params)
    sql.run("interactions", "service_month_clear", params)
    return written


def _since(ctx: RunContext, work: Work) -> datetime:
    """The first moment, in Shanghai, of the earliest month that is made anew for any client of the shard."""
    dirty = DirtyClient.objects.filter(client_id__gte=work["lo"], client_id__lte=work["hi"])
    earliest = dirty.aggregate(month=Min("from_month"))["month"]
    return datetime.combine(min(earliest or ctx.all_from, ctx.all_from), time.min, SHANGHAI)
