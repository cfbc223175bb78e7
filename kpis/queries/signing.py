"""What the pages of the sign-off show: a period's progress, one card's way to being frozen."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from kpis.models import CardAppeal, Scorecard, SignOff, Stage, Terms
from kpis.queries import stages
from kpis.queries.cards import all_revisions
from kpis.queries.frozen import sign_off_of
from kpis.queries.readiness import Readiness, readiness


@dataclass(frozen=True)
class Standing:
    """One revision of a card with what may be done about it by a reader."""

    card: Scorecard
    stage: str  # '' for a revision that is neither current nor signed
    readiness: Readiness
    frozen: SignOff | None  # the newest of the unit and period
    may_confirm: bool
    needs_reason: bool
    may_take_back: bool
    may_sign: bool
    may_appeal: bool

    @property
    def may_act(self) -> bool:
        return self.may_confirm or self.may_take_back or self.may_sign


def standing(card: Scorecard, user: Any) -> Standing:
    """Where the card is on its way, and which deeds this reader may do now (kpis.actions.signing)."""
    known = readiness(card.period_value)
    frozen, given = sign_off_of(card), getattr(card, "confirmation", None)
    stage = _stage(card, known)
    own, firm = _reaches(user, "kpis.confirm", card), _reaches(user, "kpis.sign", card)
    answers = own or (firm and not card.unit_code)
    begins, waits = stage in (Stage.WAITING, Stage.REVISED), stage in (Stage.CONFIRMED, Stage.ADOPTING)
    other = given is not None and given.confirmed_by_id != user.pk
    signer = _reaches(user, "kpis.adopt", card) if frozen else firm
    return Standing(
        card=card, stage=stage, readiness=known, frozen=frozen,
        may_confirm=begins and (firm or (answers and not frozen)),
        needs_reason=frozen is not None or not answers,
        may_take_back=waits and (firm or not other),
        may_sign=waits and other and signer and not has_open_appeal(card),
        may_appeal=_reaches(user, "kpis.appeal", card) and _is_open_to_appeals(stage, known),
    )  # fmt: skip


def in_sight(user: Any, pk: int) -> Scorecard | None:
    """Any revision of a card in sight, with its confirmation and sign-off."""
    people = ("confirmation__confirmed_by", "sign_off__signed_by", "sign_off__confirmed_by")
    rows = Scorecard.objects.visible_to(user).select_related("scheme", "unit", *people)
    return rows.prefetch_related("lines").filter(pk=pk).first()


def revisions(card: Scorecard, user: Any) -> QuerySet[Scorecard]:
    """All revisions of the card's unit and period, newest first."""
    found = all_revisions(user).filter(period=card.period, unit_type=card.unit_type, unit_code=card.unit_code)
    return found.select_related("sign_off__signed_by").order_by("-revision")


def sign_offs(user: Any) -> QuerySet[SignOff]:
    """Sign-offs of the units in sight."""
    cards = Scorecard.objects.visible_to(user)
    return SignOff.objects.filter(card__in=cards).select_related(
        "card__scheme", "card__unit", "confirmed_by", "signed_by", "replaces__card"
    )


def terms_told() -> QuerySet[Terms]:
    """All terms, the latest first."""
    return Terms.objects.select_related("set_by").order_by("-effective_on")


def overdue(known: Readiness, today: date) -> dict[str, bool]:
    """Which deadlines of a ready period are over."""
    ends = {"confirm": known.confirm_by, "sign": known.sign_by, "appeal": known.appeal_by}
    return {name: end is not None and today > end for name, end in ends.items()}


def _stage(card: Scorecard, known: Readiness) -> str:
    if not card.current and card.state != Scorecard.State.FINAL:
        return ""
    rows: Any = stages.staged(Scorecard.objects.filter(pk=card.pk), {card.period: known})
    return str(rows.values_list("stage", flat=True).get())


def appeals_of(card: Scorecard) -> QuerySet[CardAppeal]:
    """Appeals against any revision of the card's unit and period, newest first."""
    found = CardAppeal.objects.filter(
        card__period=card.period, card__unit_type=card.unit_type, card__unit_code=card.unit_code
    )
    return found.select_related("lodged_by").order_by("-pk")


def has_open_appeal(card: Scorecard) -> bool:
    return CardAppeal.objects.filter(card=card, state=CardAppeal.State.LODGED).exists()


def _is_open_to_appeals(stage: str, known: Readiness) -> bool:
    over = known.appeal_by is not None and timezone.localdate() > known.appeal_by
    return bool(stage) and known.is_ready and not over


def _reaches(user: Any, right: str, card: Scorecard) -> bool:
    rows: Any = Scorecard.objects.filter(pk=card.pk)
    return bool(user.may(right) and rows.in_scope(user.scope_for(right)).exists())
