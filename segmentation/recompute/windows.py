"""Which months of a shard a run redoes, and for whom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Min

from core.runs import RunContext, Work
from segmentation.dates import month_end, month_of, months_between
from trading.models import DirtyClient


@dataclass(frozen=True)
class Redo:
    """A month to redo: for everyone, or only for the clients in DirtyClient with from_month up to it."""

    month: date
    everyone: bool

    @property
    def close(self) -> date:
        return month_end(self.month)

    def params(self, work: Work) -> dict[str, Any]:
        return {**work, "month": self.month, "everyone": self.everyone}


def months_to_redo(ctx: RunContext, work: Work) -> Iterator[Redo]:
    """The shard's months from the first that anything changed in to the as-of date's, oldest first."""
    for month in months_between(first_redone(ctx, work), ctx.as_of):
        yield Redo(month, everyone=month >= month_of(ctx.all_from))


def first_redone(ctx: RunContext, work: Work | None = None) -> date:
    """The first month redone for anybody, in one shard or in all of them."""
    dirty = DirtyClient.objects.all()
    if work is not None:
        dirty = dirty.filter(client_id__gte=work["lo"], client_id__lte=work["hi"])
    earliest = dirty.aggregate(month=Min("from_month"))["month"] or ctx.all_from
    return max(month_of(min(earliest, ctx.all_from)), ctx.first_month)
