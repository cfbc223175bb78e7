"""Deeds on rewards: a pool is proposed with every unit's share, and booked by a second person."""

from collections.abc import Mapping
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from core import audit
from core.errors import Conflict
from kpis.models import RewardEntry, RewardRun, Scorecard
from kpis.models.rewards import APPROVE, MANAGE
from kpis.queries.rewards import Line, balances, lines, standing, standing_entries
from kpis.queries.schemes import serving_on
from kpis.rules import Period, parse_period
from kpis.rules.rewards import RewardRule
from staff.actions.notices import notify
from staff.models import Person

NOTICE = "reward"
LONGEST, MOST = 300, Decimal(10) ** 12
APPROVED = gettext_noop("%(person)s approved the rewards of %(period)s.")
DECLINED = gettext_noop("%(person)s declined the rewards of %(period)s.")
State = RewardRun.State


@transaction.atomic
def propose_rewards(
    *, actor: Person, period: Period, unit_type: str, pool: Decimal, reason: str,
    given: Mapping[str, Decimal] | None = None,
) -> RewardRun:  # fmt: skip
    """Shares a pool among the frozen cards, as the scheme of the period says; it waits for a second person.

    Where the period is booked already it proposes what differs. given: bases by unit code, where the scheme
    asks for them. Raises ValidationError by field and Conflict.
    """
    _demand(actor, MANAGE)
    rule = _rule(period, unit_type)
    _check(pool, reason)
    found = lines(period, unit_type, rule, pool, given or {})
    if sum(line.amount for line in found) != pool:
        words = _("No unit has a coefficient and a base above 0: nobody can share the pool.")
        raise Conflict(words, code="no_share")
    before = standing_entries(period, unit_type)
    if not any(_differs(line, before.get(line.unit_code)) for line in found):
        raise Conflict(_("Everything is booked so already."), code="no_change")
    try:
        with transaction.atomic():
            run = RewardRun.objects.create(
                period=period.name, unit_type=unit_type, pool=pool, reason=reason.strip(),
                scheme=serving_on(period.start), lines=[line.to_json() for line in found], proposed_by=actor,
                proposed_at=timezone.now(),
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(_("A proposal for this period waits already."), code="waits_already") from error
    _note(actor, "rewards.proposed", run)
    return run


@transaction.atomic
def approve_rewards(*, actor: Person, run: RewardRun) -> RewardRun:
    """Books it: for each unit that differs a reversal of what it had, and the new amount.

    Raises Conflict for the proposer (the database holds it) and when cards or bookings changed since.
    """
    _demand(actor, APPROVE)
    held = _held(run)
    if held.proposed_by_id == actor.pk:
        raise Conflict(_("A second person approves what one proposed."), code="four_eyes")
    told = [Line.from_json(kept) for kept in held.lines]
    _check_unchanged(held, told)
    held.state = State.APPROVED
    _decide(held, actor, "")
    _book(held, told)
    _note(actor, "rewards.approved", held)
    _tell(held, APPROVED, actor)
    return held


@transaction.atomic
def decline_rewards(*, actor: Person, run: RewardRun, why: str) -> RewardRun:
    """It is not booked; the proposer may take it back by the same deed."""
    held = _held(run)
    _demand(actor, MANAGE if held.proposed_by_id == actor.pk else APPROVE)
    if not 1 <= len(why.strip()) <= LONGEST:
        raise ValidationError({"why": _("Write 1 to %(most)s characters.") % {"most": LONGEST}})
    held.state = State.DECLINED
    _decide(held, actor, why.strip())
    _note(actor, "rewards.declined", held)
    _tell(held, DECLINED, actor)
    return held


def _rule(period: Period, unit_type: str) -> RewardRule:
    now = standing(period, unit_type)
    if now.rule is None:
        raise Conflict(_("The scheme of this period does not reward this kind of unit."), code="not_rewarded")
    if now.unsigned or not now.frozen:
        names = ", ".join(card.unit_name for card in now.unsigned[:5]) or period.name
        words = _("Rewards need signed cards; not signed yet: %(names)s.")
        raise Conflict(words % {"names": names}, code="unsigned")
    return now.rule


def _check(pool: Decimal, reason: str) -> None:
    faults = {}
    if not 0 < pool < MOST or pool != round(pool, 2):
        faults["pool"] = _("An amount above 0 with at most 2 decimal places.")
    if not 1 <= len(reason.strip()) <= LONGEST:
        faults["reason"] = _("Write 1 to %(most)s characters.") % {"most": LONGEST}
    if faults:
        raise ValidationError(faults)


def _check_unchanged(held: RewardRun, told: list[Line]) -> None:
    """What was seen is what is booked: the same frozen cards, the same bookings so far."""
    period = parse_period(held.period)
    now = Scorecard.objects.filter(
        period=held.period, unit_type=held.unit_type, sign_off__isnull=False, sign_off__replaced_by=None
    )
    booked = balances(period, held.unit_type)
    same_cards = set(now.values_list("pk", flat=True)) == {line.card for line in told}
    if not same_cards or any(booked.get(line.unit_code, 0) != line.was for line in told):
        raise Conflict(
            _("Cards or bookings changed since it was proposed; propose it anew."), code="outdated"
        )


def _book(held: RewardRun, told: list[Line]) -> None:
    before = standing_entries(parse_period(held.period), held.unit_type)
    cards = Scorecard.objects.in_bulk([line.card for line in told])
    booked = [line for line in told if _differs(line, before.get(line.unit_code))]
    reversed_now = [before[line.unit_code] for line in booked if line.unit_code in before]
    RewardEntry.objects.bulk_create(_reversal(held, entry) for entry in reversed_now)
    RewardEntry.objects.bulk_create(_entry(held, line, cards[line.card]) for line in booked)


def _differs(line: Line, before: RewardEntry | None) -> bool:
    """A unit whose amount stays keeps its booking, unless its card is another."""
    return before is None or before.amount != line.amount or before.card_id != line.card


def _reversal(held: RewardRun, entry: RewardEntry) -> RewardEntry:
    same = ("card", "period", "unit_type", "unit_code", "unit_name", "unit", "score", "coefficient", "base")
    values = {name: getattr(entry, name) for name in same}
    return RewardEntry(run=held, amount=-entry.amount, reverses=entry, **values)


def _entry(held: RewardRun, line: Line, card: Scorecard) -> RewardEntry:
    return RewardEntry(
        run=held, card=card, period=held.period, unit_type=held.unit_type, unit_code=line.unit_code,
        unit_name=line.unit_name, unit_id=card.unit_id, score=line.score, coefficient=line.coefficient,
        base=line.base, amount=line.amount,
    )  # fmt: skip


def _demand(actor: Person, right: str) -> None:
    """Pools are the firm's: the right has to be held for all of it."""
    if not (actor.may(right) and actor.scope_for(right).firm):
        raise PermissionDenied


def _held(run: RewardRun) -> RewardRun:
    held = RewardRun.objects.select_for_update().get(pk=run.pk)
    if held.state != State.PROPOSED:
        raise Conflict(_("This has been decided already."), code="decided")
    return held


def _decide(held: RewardRun, actor: Person, answer: str) -> None:
    held.decided_by, held.decided_at, held.answer = actor, timezone.now(), answer
    held.save()


def _tell(held: RewardRun, text: str, actor: Person) -> None:
    if held.proposed_by_id == actor.pk:
        return
    url = f"{reverse('kpis:rewards')}?period={held.period}&type={held.unit_type}"
    notify(
        people=[held.proposed_by_id], kind=NOTICE, text=text,
        params={"person": actor.name, "period": held.period}, url=url,
    )  # fmt: skip


def _note(actor: Person, deed: str, held: RewardRun) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="reward_run", subject_id=held.pk,
        detail={"period": held.period, "unit_type": held.unit_type, "pool": held.pool, "reason": held.reason,
                "answer": held.answer},
    )  # fmt: skip
