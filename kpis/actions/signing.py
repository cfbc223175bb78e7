"""Deeds that freeze cards: the unit confirms, another signs; later revisions are adopted the same way."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict
from kpis.actions.holding import Held, hold
from kpis.models import Confirmation, Scorecard, SignOff
from kpis.models.signing import REASON
from kpis.queries.signed_words import meaning
from staff.models import Person

CONFIRM, SIGN, ADOPT = "kpis.confirm", "kpis.sign", "kpis.adopt"


def confirm(*, actor: Person, card: Scorecard, reason: str = "") -> Confirmation:
    """The unit answers for the current revision of its card; it waits to be signed.

    Whoever may sign can answer in the unit's place, and proposes by the same deed that a later revision
    takes the place of a frozen one; both need a reason. Raises PermissionDenied, ValidationError, Conflict.
    """
    _raise(confirm_many(actor=actor, ids=[card.pk], reason=reason))
    return Confirmation.objects.get(card=card)


@transaction.atomic
def confirm_many(*, actor: Person, ids: Iterable[int], reason: str = "") -> dict[int, Exception]:
    """Confirms these cards; gives back why the others stay, by id (of what `confirm` raises)."""
    held, words = hold(ids), reason.strip()
    faults: dict[int, Exception] = {}
    for card in held.cards:
        fault = _not_to_confirm(actor, held, card, words)
        if fault is not None:
            faults[card.pk] = fault
    chosen, now = [card for card in held.cards if card.pk not in faults], timezone.now()
    Confirmation.objects.bulk_create(
        Confirmation(card=card, confirmed_by=actor, confirmed_at=now, reason=words) for card in chosen
    )
    _note(actor, "scorecard.confirmed", chosen, reason=words)
    return faults


@transaction.atomic
def take_back(*, actor: Person, card: Scorecard) -> None:
    """Ends a confirmation that nobody signed yet: who gave it may, and who may sign."""
    held = hold([card.pk])
    given = held.confirmations.get(card.pk)
    own = given is not None and given.confirmed_by_id == actor.pk
    if not (own or held.reached(actor, SIGN) or held.reached(actor, CONFIRM)):
        raise PermissionDenied
    if given is None or held.only.state == Scorecard.State.FINAL:
        raise Conflict(_("There is no confirmation that could be taken back."), code="not_confirmed")
    if not (own or held.reached(actor, SIGN)):
        raise PermissionDenied
    given.delete()
    _note(actor, "scorecard.confirmation_withdrawn", held.cards)


def sign(*, actor: Person, card: Scorecard) -> SignOff:
    """Freezes a confirmed card with its inputs and the meaning of its numbers; somebody else confirmed it.

    Where an earlier revision is frozen this one takes its place, which needs the right to adopt. Raises
    PermissionDenied and Conflict.
    """
    _raise(sign_many(actor=actor, ids=[card.pk]))
    return SignOff.objects.get(card=card)


@transaction.atomic
def sign_many(*, actor: Person, ids: Iterable[int]) -> dict[int, Exception]:
    """Signs these cards; gives back why the others stay, by id (of what `sign` raises)."""
    held = hold(ids)
    faults: dict[int, Exception] = {}
    for card in held.cards:
        fault = _not_to_sign(actor, held, card)
        if fault is not None:
            faults[card.pk] = fault
    chosen, now = [card for card in held.cards if card.pk not in faults], timezone.now()
    made = SignOff.objects.bulk_create(_sign_off(actor, held, card, now) for card in chosen)
    Scorecard.objects.filter(pk__in=[card.pk for card in chosen]).update(state=Scorecard.State.FINAL)
    first = [one.card for one in made if one.replaces is None]
    _note(actor, "scorecard.signed", first)
    _note(actor, "scorecard.adopted", [one.card for one in made if one.replaces is not None])
    return faults


def _not_to_confirm(actor: Person, held: Held, card: Scorecard, reason: str) -> Exception | None:
    """Why the actor cannot confirm this card now."""
    frozen, for_the_firm = held.frozen(card), card.pk in held.reached(actor, SIGN)
    own = card.pk in held.reached(actor, CONFIRM) or (for_the_firm and not card.unit_code)
    if not (for_the_firm or own):
        return PermissionDenied()
    if card.state == Scorecard.State.FINAL:
        return held.fault(card)
    if frozen is not None and not for_the_firm:
        return PermissionDenied()
    needs_reason = frozen is not None or not own
    if len(reason) > REASON or (needs_reason and not reason):
        return ValidationError({"reason": _("Say why, in up to %(most)s characters.") % {"most": REASON}})
    if card.pk in held.confirmations:
        return Conflict(_("This card is confirmed already."), code="confirmed")
    return held.fault(card)


def _not_to_sign(actor: Person, held: Held, card: Scorecard) -> Exception | None:
    """Why the actor cannot sign this card now."""
    if card.pk not in held.reached(actor, ADOPT if held.frozen(card) else SIGN):
        return PermissionDenied()
    fault = held.fault(card)
    if fault is not None:
        return fault
    given = held.confirmations.get(card.pk)
    if given is None:
        return Conflict(_("Nobody has confirmed this card yet."), code="not_confirmed")
    if card.pk in held.appealed:
        return Conflict(_("An appeal against this card is open; it is answered first."), code="appealed")
    if given.confirmed_by_id == actor.pk:
        return Conflict(_("A card is signed by someone other than who confirmed it."), code="four_eyes")
    return None


def _sign_off(actor: Person, held: Held, card: Scorecard, now: Any) -> SignOff:
    given, before = held.confirmations[card.pk], held.frozen(card)
    return SignOff(
        card=card, definition=meaning(card), confirmed_by_id=given.confirmed_by_id,
        confirmed_at=given.confirmed_at, signed_by=actor, signed_at=now, replaces=before,
        reason=given.reason if before else "",
    )  # fmt: skip


def _raise(faults: dict[int, Exception]) -> None:
    for fault in faults.values():
        raise fault


def _note(actor: Person, deed: str, cards: list[Scorecard], **detail: str) -> None:
    said = {name: value for name, value in detail.items() if value}
    audit.record_many(
        actor=actor,
        deed=deed,
        subjects=[
            audit.Subject(
                "scorecard", card.pk, card.unit.code if card.unit else "",
                detail={"unit": card.unit_label, "period": card.period, "revision": card.revision} | said,
            )
            for card in cards
        ],
    )  # fmt: skip
