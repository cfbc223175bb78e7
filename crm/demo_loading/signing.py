"""Scorecards of the demo on their way: older periods signed, the newest one confirmed by two branches."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db import transaction
from django.utils import timezone

from clients.models import FIRST_DAY
from kpis import actions
from kpis.models import Adjustment, CardAppeal, Scorecard, SignOff, Terms
from kpis.queries.readiness import all_periods
from kpis.rules import Period
from kpis.rules.periods import MONTH, period_of
from staff.models import Person

ANSWERING = {"wang.haifeng": "1001", "zhao.yawen": "1002"}
STANDS_IN, SIGNS = "luo.tianyu", "zhu.simin"
REASON = "该单位尚未任命负责人，由总部代为确认。"
MONTHS = 4
"""So many months before the demo's last day the firm began to sign."""


@dataclass(frozen=True)
class Told:
    """An appeal of the demo; answered ones have an answer, those with an amount wait for a second person."""

    username: str
    line: str
    text: str
    state: str = CardAppeal.State.LODGED
    answer: str = ""
    amount: int = 0


TOLD = (
    Told("wang.haifeng", "lost", "两位客户并非流失：月末已将资产转回，托管数据包晚到一天，请核对。"),
    Told(
        "wang.haifeng", "upgraded", "一位客户的级别应为黄金级。", CardAppeal.State.DECLINED,
        "级别按期末得分确定，该客户得分低于升级线，维持原数。",
    ),
    Told(
        "zhao.yawen", "new", "一位新客户已于期内完成回访，登记晚了两天，未计入新增。",
        CardAppeal.State.ACCEPTED,
        "属实：回访录音在期内。源数据已关账，按新增 1 户调整。", 1,
    ),
)  # fmt: skip


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
        for told in TOLD if period == newest else ():
            _appeal(told, period, people)


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


def _appeal(told: Told, period: Period, people: dict[str, Person]) -> None:
    """As it stands some days after the branch manager lodged it."""
    unit, now = ANSWERING[told.username], timezone.now()
    card = Scorecard.objects.filter(
        period=period.name, unit_type="branch", unit_code=unit, current=True
    ).first()
    if card is None:
        return
    answered = told.state != CardAppeal.State.LODGED
    made = CardAppeal.objects.create(
        card=card, line=told.line, text=told.text, lodged_by=people[told.username],
        lodged_at=now - timedelta(days=4), answer_by=timezone.localdate() + timedelta(days=6),
        state=told.state,
        answered_by=people[STANDS_IN] if answered else None, answered_at=now if answered else None,
        answer=told.answer, remedy=CardAppeal.Remedy.ADJUSTMENT if told.amount else "",
    )  # fmt: skip
    if told.amount:
        Adjustment.objects.create(
            appeal=made, period=period.name, unit_type=card.unit_type, unit_code=card.unit_code,
            subject=told.line, amount=told.amount, proposed_by=people[STANDS_IN], proposed_at=now,
        )  # fmt: skip
