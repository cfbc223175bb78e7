"""Deeds on appeals: lodge, withdraw, answer; adjustments are proposed by one, decided by another."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clients.models import Client
from core import audit
from core.errors import Conflict, Stale
from core.files import keeping
from core.files.content import File
from kpis.actions.holding import hold
from kpis.actions.sign_off_notices import holders
from kpis.models import Adjustment, AppealFile, CardAppeal, Scorecard
from kpis.models.appeals import REFERENCE, TEXT
from kpis.queries.appeals import answer_by, found_clients, limits, line_words, subjects
from staff.actions.notices import notify
from staff.models import Person

APPEAL, ANSWER, ADOPT = "kpis.appeal", "kpis.appeals_answer", "kpis.adopt"
KIND = "scorecard_appeal"
MOST_FILES, MOST_CLIENTS = 10, 100
LODGED = gettext_noop("%(person)s appeals against the scorecard of %(unit)s, %(period)s.")
ANSWERED = gettext_noop("%(person)s answered the appeal against the scorecard of %(unit)s, %(period)s.")
ADJUSTMENT = gettext_noop(
    "An adjustment of the scorecard of %(unit)s, %(period)s, waits for a second person."
)
DECIDED = gettext_noop("%(person)s decided on the adjustment of the scorecard of %(unit)s, %(period)s.")
State = CardAppeal.State


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a unit holds against its card."""

    line: str
    text: str
    client_nos: Sequence[str] = ()
    uploads: Sequence[File] = ()


@dataclass(frozen=True, kw_only=True)
class Answer:
    """How an appeal is answered; reference: the correction, case or task that puts the source right."""

    text: str
    remedy: str = ""
    reference: str = ""
    subject: str = ""
    amount: Decimal | None = None


@transaction.atomic
def lodge(*, actor: Person, card: Scorecard, wish: Wish) -> CardAppeal:
    """The unit appeals against a line of its current or frozen card, while the term lasts.

    Raises PermissionDenied, ValidationError by field, Conflict when the term is over or one is open already.
    """
    held = hold([card.pk])
    if card.pk not in held.reached(actor, APPEAL):
        raise PermissionDenied
    known = held.periods[card.period]
    if not (held.only.current or held.only.state == Scorecard.State.FINAL) or not known.is_ready:
        raise Conflict(
            _("Appeals go against cards that are ready, in their current revision."), code="not_open"
        )
    today = timezone.localdate()
    if known.appeal_by is not None and today > known.appeal_by:
        raise Conflict(_("The term for an appeal is over."), code="over")
    clients = _checked(actor, wish)
    try:
        with transaction.atomic():
            made = CardAppeal.objects.create(
                card=held.only, line=wish.line, text=wish.text.strip(), lodged_by=actor,
                lodged_at=timezone.now(), answer_by=answer_by(today, card.end),
            )  # fmt: skip
    except IntegrityError as error:
        raise Conflict(_("An appeal against this line is open already."), code="open") from error
    made.clients.set(clients)
    _keep_files(actor, made, wish.uploads)
    _note(actor, "scorecard_appeal.lodged", made)
    _tell(made, LODGED, actor, ANSWER)
    return made


@transaction.atomic
def withdraw(*, actor: Person, appeal: CardAppeal, version: int) -> CardAppeal:
    """The unit takes an appeal back that nobody answered."""
    held = _held(appeal, version)
    if not _reached(actor, APPEAL, held.card):
        raise PermissionDenied
    held.state = State.WITHDRAWN
    held.save()
    _note(actor, "scorecard_appeal.withdrawn", held)
    return held


@transaction.atomic
def decline(*, actor: Person, appeal: CardAppeal, version: int, answer: Answer) -> CardAppeal:
    """The line stands, for the reason that the answer gives."""
    held = _answered(actor, appeal, version, answer)
    held.state = State.DECLINED
    held.save()
    _note(actor, "scorecard_appeal.declined", held)
    _tell_lodger(held, ANSWERED, actor)
    return held


@transaction.atomic
def accept(*, actor: Person, appeal: CardAppeal, version: int, answer: Answer) -> CardAppeal:
    """The line is wrong: the source is put right, or an adjustment waits for a second person.

    The card itself is never edited; its next revision follows the source or takes the adjustment in.
    """
    held = _answered(actor, appeal, version, answer)
    faults = _remedy_faults(held.card, answer)
    if faults:
        raise ValidationError(faults)
    held.state, held.remedy, held.reference = State.ACCEPTED, answer.remedy, answer.reference.strip()
    held.save()
    if answer.remedy == CardAppeal.Remedy.ADJUSTMENT and answer.amount is not None:
        _propose(actor, held, answer.subject, answer.amount)
    _note(actor, "scorecard_appeal.accepted", held)
    _tell_lodger(held, ANSWERED, actor)
    return held


@transaction.atomic
def decide_adjustment(*, actor: Person, adjustment: Adjustment, approved: bool) -> Adjustment:
    """The second person's word; the next night makes the revision that takes an approved one in.

    Raises PermissionDenied, and Conflict for whoever proposed it or when it is decided.
    """
    held = (
        Adjustment.objects.select_for_update(of=("self",))
        .select_related("appeal__card__unit")
        .get(pk=adjustment.pk)
    )
    if not _reached(actor, ADOPT, held.appeal.card):
        raise PermissionDenied
    if held.state != Adjustment.State.PROPOSED:
        raise Conflict(_("This has been decided already."), code="decided")
    if held.proposed_by_id == actor.pk:
        raise Conflict(_("Whoever proposed it cannot approve it; a second person has to."), code="four_eyes")
    held.state = Adjustment.State.APPROVED if approved else Adjustment.State.DECLINED
    held.decided_by, held.decided_at = actor, timezone.now()
    held.save()
    _note(actor, f"scorecard_adjustment.{held.state}", held.appeal, subject=held.subject, amount=held.amount)
    _tell_lodger(held.appeal, DECIDED, actor)
    return held


def _propose(actor: Person, appeal: CardAppeal, subject: str, amount: Decimal) -> None:
    card = appeal.card
    Adjustment.objects.create(
        appeal=appeal, period=card.period, unit_type=card.unit_type, unit_code=card.unit_code,
        subject=subject, amount=amount, proposed_by=actor, proposed_at=timezone.now(),
    )  # fmt: skip
    _tell(appeal, ADJUSTMENT, actor, ADOPT)


def _checked(actor: Person, wish: Wish) -> list[Client]:
    """The named clients. Raises ValidationError by field."""
    faults: dict[str, str] = {}
    numbers = sorted({number.strip() for number in wish.client_nos if number.strip()})
    clients = found_clients(numbers, actor)
    if wish.line not in line_words():
        faults["line"] = _("An indicator or a count of the card.")
    if not 1 <= len(wish.text.strip()) <= TEXT:
        faults["text"] = _("Write 1 to %(most)s characters.") % {"most": TEXT}
    if len(numbers) > MOST_CLIENTS or len(clients) < len(numbers):
        faults["clients"] = _("Up to %(most)s clients in your sight, by their numbers.") % {
            "most": MOST_CLIENTS
        }
    if len(wish.uploads) > MOST_FILES:
        faults["attachments"] = _("1 to %(most)s files at a time.") % {"most": MOST_FILES}
    if faults:
        raise ValidationError(faults)
    return clients


def _remedy_faults(card: Scorecard, answer: Answer) -> dict[str, str]:
    if answer.remedy == CardAppeal.Remedy.CORRECTION:
        named = 1 <= len(answer.reference.strip()) <= REFERENCE
        return (
            {} if named else {"reference": _("Name the correction, case or task that puts the source right.")}
        )
    if answer.remedy != CardAppeal.Remedy.ADJUSTMENT:
        return {"remedy": _("A correction in the source, or an adjustment.")}
    if answer.subject not in subjects(card):
        return {"subject": _("Choose what is adjusted.")}
    return _amount_faults(card, answer)


def _amount_faults(card: Scorecard, answer: Answer) -> dict[str, str]:
    amount, bounds = answer.amount, limits(card, answer.subject)
    if amount is None or amount == 0:
        return {"amount": _("An amount that is not 0.")}
    if bounds is None:
        return {}
    least, most = bounds
    if amount != int(amount) or not least <= amount <= most:
        return {"amount": _("A whole number from %(least)s to %(most)s.") % {"least": least, "most": most}}
    return {}


def _keep_files(actor: Person, appeal: CardAppeal, uploads: Sequence[File]) -> None:
    if uploads:
        keeping.check(uploads)
        kept = [keeping.keep(one) for one in uploads]
        made = keeping.enter(AppealFile, kept=kept, added_by=actor.actor_name, appeal=appeal)
        keeping.pass_unscanned(made)


def _held(appeal: CardAppeal, version: int) -> CardAppeal:
    """The open appeal, locked, its version counted on. Raises Stale or Conflict when it is another by now."""
    held = CardAppeal.objects.select_for_update(of=("self",)).select_related("card__unit").get(pk=appeal.pk)
    if held.version != version:
        raise Stale(_("Somebody decided on it in the meantime. Look at it again."))
    if held.state != State.LODGED:
        raise Conflict(_("The appeal is answered already."), code="answered")
    held.version += 1
    return held


def _answered(actor: Person, appeal: CardAppeal, version: int, answer: Answer) -> CardAppeal:
    """The appeal with its answer, still to be saved. Raises what `accept` and `decline` raise."""
    held = _held(appeal, version)
    if not _reached(actor, ANSWER, held.card):
        raise PermissionDenied
    if held.lodged_by_id == actor.pk:
        raise Conflict(_("Somebody other than who lodged it answers an appeal."), code="four_eyes")
    if not 1 <= len(answer.text.strip()) <= TEXT:
        raise ValidationError({"answer": _("Write 1 to %(most)s characters.") % {"most": TEXT}})
    held.answered_by, held.answered_at, held.answer = actor, timezone.now(), answer.text.strip()
    return held


def _reached(actor: Person, right: str, card: Scorecard) -> bool:
    return bool(actor.may(right)) and _lies_in(actor, right, card)


def _lies_in(person: Person, right: str, card: Scorecard) -> bool:
    scope = person.scope_for(right)
    return scope.firm or card.unit_id in scope.unit_ids | scope.branch_ids


def _tell(appeal: CardAppeal, text: str, actor: Person, right: str) -> None:
    """Those who may act on it where the card's unit is, except who did it."""
    people = [one.pk for one in holders(right) if one.pk != actor.pk and _lies_in(one, right, appeal.card)]
    _notify(appeal, text, actor, people)


def _tell_lodger(appeal: CardAppeal, text: str, actor: Person) -> None:
    _notify(appeal, text, actor, [appeal.lodged_by_id])


def _notify(appeal: CardAppeal, text: str, actor: Person, people: Sequence[int]) -> None:
    card = appeal.card
    notify(
        people=people, kind=KIND, text=text, url=reverse("kpis:appeal", args=[appeal.pk]),
        params={"person": actor.name, "unit": card.unit_code or card.unit_type, "period": card.period},
    )  # fmt: skip


def _note(actor: Person, deed: str, appeal: CardAppeal, **detail: object) -> None:
    card = appeal.card
    told = {"unit": card.unit_label, "period": card.period, "revision": card.revision, "line": appeal.line}
    audit.record(
        actor=actor, deed=deed, subject_type="scorecard appeal", subject_id=appeal.pk,
        unit_code=card.unit.code if card.unit else "",
        detail=told | {name: str(value) for name, value in detail.items()},
    )  # fmt: skip
