"""Which months of a shard a run redoes, and for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min, QuerySet

from core.runs import RunContext, Work
from segmentation.dates import month_end, month_of, months_between
from trading.models import DirtyClient


@dataclass(frozen=True)
class Redo:
    """A month to redo: for everyone, or only for these clients."""

    month: date
    everyone: bool
    client_ids: list[int]

    @property
    def close(self) -> date:
        return month_end(self.month)

    def params(self, work: Work) -> dict[str, Any]:
        return {**work, "month": self.month, "everyone": self.everyone, "client_ids": self.client_ids}


def months_to_redo(ctx: RunContext, work: Work) -> Iterator[Redo]:
    """The shard's months from the first that anything changed in to the as-of date's, oldest first."""
    dirty = list(_dirty(work).values_list("client_id", "from_month"))
    for month in months_between(first_redone(ctx, work), ctx.as_of):
        everyone = month >= month_of(ctx.all_from)
        client_ids = [] if everyone else sorted(client for client, since in dirty if since <= month)
        yield Redo(month, everyone, client_ids)


def dirty_clients(work: Work, month: date) -> list[int]:
    """The shard's clients that are redone from this month on or from an earlier one."""
    return sorted(_dirty(work).filter(from_month__lte=month).values_list("client_id", flat=True))


def _dirty(work: Work) -> QuerySet[DirtyClient]:
    return DirtyClient.objects.filter(client_id__gte=work["lo"], client_id__lte=work["hi"])


def first_redone(ctx: RunContext, work: Work | None = None) -> date:
    """The first month redone for anybody, in one shard or in all of them."""
    dirty = DirtyClient.objects.all() if work is None else _dirty(work)
    earliest = dirty.aggregate(month=Min("from_month"))["month"] or ctx.all_from
    return max(month_of(min(earliest, ctx.all_from)), ctx.first_month)
