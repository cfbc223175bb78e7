"""Which periods a run makes anew: K14's, those whose months were redone, and those whose settings changed."""

from datetime import date

from django.db.models import Min

from core.runs import RunContext
from kpis.models import PeriodBuild
from kpis.recompute.setup import Setup
from kpis.rules import Period
from kpis.rules.periods import nightly_periods, periods_between
from trading.models import DirtyClient


def first_stale_month(ctx: RunContext) -> date:
    """The earliest month that the run redid for anybody, not before the first loaded one."""
    earliest = DirtyClient.objects.aggregate(month=Min("from_month"))["month"]
    return max(ctx.first_month, min(ctx.all_from, earliest or ctx.all_from))


def stale_periods(ctx: RunContext, setup: Setup) -> list[Period]:
    """Periods to make, oldest first."""
    stale_from = first_stale_month(ctx)
    nightly = set(nightly_periods(ctx.as_of))
    settings = dict(PeriodBuild.objects.values_list("period", "settings"))
    return [
        period
        for period in periods_between(ctx.first_month, ctx.as_of)
        if period in nightly
        or period.end >= stale_from
        or settings.get(period.name) != setup.settings(period)
    ]
