"""Client-months: of everyone from the run's first stale month on, before it only of the clients to redo."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import connection

from core import sql
from core.models import RunStep
from core.runs import RunContext, Work, run_chunks, shard_work
from trading.models import DirtyClient
from trading.queries import loaded_days, snapshot_days

APP = "trading"


@dataclass(frozen=True)
class Days:
    """The loaded trade dates and those with a holdings snapshot, up to the as-of date, oldest first."""

    loaded: list[date]
    snapshots: list[date]

    def of_month(self, month: date) -> list[date]:
        return [day for day in self.loaded if month <= day < next_month(month)]

    def snapshot(self, by: date) -> date | None:
        """The newest snapshot on or before a day (F8)."""
        return max((day for day in self.snapshots if day <= by), default=None)


def client_months(ctx: RunContext, step: RunStep) -> None:
    """Writes RecordSpan and ClientMonth as of ctx.as_of, shard by shard; unchanged rows stay untouched."""
    days = Days(loaded_days(ctx.as_of), snapshot_days(ctx.as_of))
    months = [*_early_months(ctx.first_month), *_loaded_months(ctx)]
    run_chunks(step, shard_work(ctx), lambda work: _shard(ctx, work, months, days), threads=ctx.threads)


def next_month(month: date) -> date:
    """First day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def _shard(ctx: RunContext, work: Work, months: list[date], days: Days) -> int:
    """A range of clients: spans first, then their months, oldest first."""
    _without_nested_loops()
    dirty = _dirty_clients(work)
    params = {**work, "as_of": ctx.as_of}
    written = sql.run(APP, "record_span", {**params, "is_all": ctx.full, "ids": list(dirty)})
    for month in months:
        everyone = ctx.full or month >= ctx.all_from
        ids = (
            [] if everyone else [client_id for client_id, from_month in dirty.items() if from_month <= month]
        )
        if everyone or ids:
            written += sql.run(
                APP, "client_month", {**params, "is_all": everyone, "ids": ids, **_month(ctx, month, days)}
            )
    return written


def _month(ctx: RunContext, month: date, days: Days) -> dict[str, object]:
    following = next_month(month)
    last = min(following - timedelta(days=1), ctx.as_of)
    return {
        "first_month": ctx.first_month,
        "month": month,
        "next_month": following,
        "loaded": days.of_month(month),
        "snapshot": days.snapshot(last),
    }


def _early_months(first_month: date) -> list[date]:
    """Months before the first loaded one that flows or trades are dated in: rows without days (F9, F23)."""
    return [row["month"] for row in sql.rows(APP, "early_months", {"first_month": first_month})]


def _loaded_months(ctx: RunContext) -> Iterator[date]:
    month = ctx.first_month
    while month <= ctx.as_of:
        yield month
        month = next_month(month)


def _dirty_clients(work: Work) -> dict[int, date]:
    """The shard's clients to redo, each with its first month."""
    rows = DirtyClient.objects.filter(client_id__gte=work["lo"], client_id__lte=work["hi"])
    return dict(rows.values_list("client_id", "from_month"))


def _without_nested_loops() -> None:
    """A month's new partition has no statistics yet, and the planner would take its rows for a handful."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL enable_nestloop = off")
