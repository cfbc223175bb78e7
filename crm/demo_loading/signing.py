"""Scorecards of the demo on their way: older periods signed, the newest one confirmed by two branches."""

from collections.abc import Iterable
from datetime import date

from django.db import transaction

from clients.models import FIRST_DAY
from kpis import actions
from kpis.models import Scorecard, SignOff, Terms
from kpis.queries.readiness import all_periods
from kpis.rules import Period
from kpis.rules.periods import MONTH, period_of
from staff.models import Person

ANSWERING = {"wang.haifeng": "1001", "zhao.yawen": "1002"}
STANDS_IN, SIGNS = "luo.tianyu", "zhu.simin"
REASON = "该单位尚未任命负责人，由总部代为确认。"
MONTHS = 4
"""So many months before the demo's last day the firm began to sign."""


@transaction.atomic
def make_sign_offs(until: date) -> None:
    """Unless that was done before."""
    wanted = [*ANSWERING, STANDS_IN, SIGNS]
    people = {one.username: one for one in Person.objects.filter(username__in=wanted)}
    if SignOff.objects.exists() or len(people) < len(wanted):
        return
    began = period_of(until, MONTH).shifted(-MONTHS).start
    Terms.objects.filter(effective_on=FIRST_DAY).update(is_required=False)
    Terms.objects.get_or_create(effective_on=began, defaults={"set_by": people[STANDS_IN]})
    ready = [one.period for one in all_periods().values() if one.is_required and one.is_ready]
    newest = max(ready, default=None)
    for period in sorted(ready):
        _confirm(period, people)
        if period != newest:
            _sign(period, people)


def _confirm(period: Period, people: dict[str, Person]) -> None:
    """Each branch manager the own branch and its managers."""
    for username, code in ANSWERING.items():
        actions.confirm_many(actor=people[username], ids=_ids(period, unit__code=code))


def _sign(period: Period, people: dict[str, Person]) -> None:
    """Headquarters confirms what nobody answers for, and signs all."""
    everything = _ids(period)
    actions.confirm_many(actor=people[STANDS_IN], ids=everything, reason=REASON)
    actions.sign_many(actor=people[SIGNS], ids=everything)


def _ids(period: Period, **narrowed: str) -> Iterable[int]:
    cards = Scorecard.objects.filter(period=period.name, current=True, **narrowed)
    return list(cards.values_list("pk", flat=True))
