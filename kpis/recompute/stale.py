"""Which periods a run makes anew (K14)."""

from datetime import date

from django.db.models import Min

from core.runs import RunContext
from kpis.models import PeriodBuild
from kpis.recompute.setup import Setup
from kpis.rules import Period
from kpis.rules.periods import periods_between
from trading.models import DirtyClient


def first_stale_month(ctx: RunContext) -> date:
    """The earliest month that the run redid for anybody, not before the first loaded one."""
    earliest = DirtyClient.objects.aggregate(month=Min("from_month"))["month"]
    return max(ctx.first_month, min(ctx.all_from, earliest or ctx.all_from))


def stale_periods(ctx: RunContext, setup: Setup) -> list[Period]:
    """Periods to make, oldest first: running ones, and of the closed ones those with anything new in them.

    That covers K14's last closed month, quarter and year: where no month, unit, target or version behind a
    closed period changed since its cards were made, making them again would give the same rows.
    """
    stale_from = first_stale_month(ctx)
    builds = {build.period: build for build in PeriodBuild.objects.all()}

    def is_stale(period: Period) -> bool:
        build = builds.get(period.name)
        return (
            period.end >= stale_from
            or build is None
            or build.as_of < period.end
            or build.settings != setup.settings(period)
        )

    return [period for period in periods_between(ctx.first_month, ctx.as_of) if is_stale(period)]
