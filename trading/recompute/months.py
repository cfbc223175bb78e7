"""Client-months: of everyone from the run's first stale month on, before it only of the clients to redo.

When all that is new since the last run are later days, the rows of its month are carried on by what these
days bring instead of being made anew; only the clients to redo are made anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from core import sql
from core.models import RunStep
from core.runs import RunContext, Work, run_chunks, shard_work
from trading.models import DirtyClient
from trading.queries import loaded_days, snapshot_days
from trading.recompute.marks import carried_from

APP = "trading"
ONE_DAY = timedelta(days=1)


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
    work = Facts(ctx, months, days, carried_from(ctx.as_of))
    run_chunks(step, shard_work(ctx), lambda shard: _shard(work, shard), ctx.crew)


@dataclass(frozen=True)
class Facts:
    """What every shard must know. carried_from: the last run's day, whose rows are only added to."""

    ctx: RunContext
    months: list[date]
    days: Days
    carried_from: date | None

    def is_anew(self, month: date) -> bool:
        """Whether the month is made anew for everyone."""
        if self.carried_from is not None:
            return month > self.carried_from
        return self.ctx.full or month >= self.ctx.all_from

    def is_carried(self, month: date) -> bool:
        """Whether the month's rows are as of the last run's day and new days are to be added."""
        day = self.carried_from
        return day is not None and month <= day < min(next_month(month) - ONE_DAY, self.ctx.as_of)


def next_month(month: date) -> date:
    """First day of the month after."""
    return (month + timedelta(days=31)).replace(day=1)


def _shard(facts: Facts, shard: Work) -> int:
    """A range of clients: spans first, then their months, oldest first."""
    sql.allow_nested_loops(False)
    dirty = _dirty_clients(shard)
    params = {**shard, "as_of": facts.ctx.as_of}
    is_all = facts.ctx.full and facts.carried_from is None
    written = sql.run(APP, "record_span", {**params, "is_all": is_all, "ids": list(dirty)})
    for month in facts.months:
        told = {**params, **_month(facts, month)}
        if facts.is_anew(month):
            written += _make(told, is_all=True)
        elif facts.is_carried(month):
            written += _carry(facts, told, dirty)
        else:
            written += _make(told, ids=[client_id for client_id, since in dirty.items() if since <= month])
    return written


def _make(told: dict[str, Any], *, is_all: bool = False, ids: Sequence[int] = ()) -> int:
    """Makes a month's rows anew, of all clients or of some."""
    if not (is_all or ids):
        return 0
    return sql.run(APP, "client_month", {**told, "is_all": is_all, "ids": list(ids)})


def _carry(facts: Facts, told: dict[str, Any], dirty: Iterable[int]) -> int:
    """Adds the days after the last run; clients to redo, or that moved within the month, are made anew."""
    moved = (row["client_id"] for row in sql.rows(APP, "moved_clients", told))
    others = sorted({*dirty, *moved})
    written = _make(told, ids=others)
    loaded = [day for day in told["loaded"] if day > facts.carried_from]
    params = {**told, "previous": facts.carried_from, "loaded": loaded, "others": others}
    with sql.key_ranges():
        (row,) = sql.rows(APP, "client_month_forward", params)
    return written + int(row["rows"])


def _month(facts: Facts, month: date) -> dict[str, Any]:
    following = next_month(month)
    return {
        "first_month": facts.ctx.first_month,
        "month": month,
        "next_month": following,
        "loaded": facts.days.of_month(month),
        "snapshot": facts.days.snapshot(min(following - ONE_DAY, facts.ctx.as_of)),
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
