"""Rewards of the demo: pools of the signed months, of which the newest waits for a second person."""

from decimal import Decimal

from kpis import actions
from kpis.models import RewardRun, Scorecard, UnitType
from kpis.queries.rewards import standing
from kpis.rules import Period, parse_period
from kpis.rules.periods import MONTH
from staff.models import Person

MANAGES, APPROVES = "luo.tianyu", "yin.suhua"
POOL = Decimal("120000.00")
REASON = "月度绩效奖金池，按年度预算的十二分之一。"


def make_rewards() -> None:
    """Unless that was done before, or nothing is signed."""
    people = {one.username: one for one in Person.objects.filter(username__in=[MANAGES, APPROVES])}
    if RewardRun.objects.exists() or len(people) < 2:
        return
    months = _signed_months()
    for period in months:
        run = actions.propose_rewards(
            actor=people[MANAGES], period=period, unit_type=UnitType.BRANCH, pool=POOL, reason=REASON
        )
        if period != months[-1]:
            actions.approve_rewards(actor=people[APPROVES], run=run)


def _signed_months() -> list[Period]:
    """Months with all branches' cards signed, some with a score that is paid; oldest first."""
    names = Scorecard.objects.filter(
        period_type=MONTH, unit_type=UnitType.BRANCH, sign_off__isnull=False, total__gte=60
    )
    found = sorted(parse_period(name) for name in names.values_list("period", flat=True).distinct())
    return [period for period in found if not standing(period, UnitType.BRANCH).unsigned]
