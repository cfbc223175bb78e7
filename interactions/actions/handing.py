"""Deeds that pass a conversation on: give it to somebody, to another queue, or to oneself for later."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client
from core import audit, live
from core.errors import Conflict
from interactions.actions.routing import hand_to, route
from interactions.models import Assignment, Conversation
from interactions.queries.routing import CALLS
from staff.models import Person, Unit

State, How = Conversation.State, Assignment.How
LONGEST_SNOOZE_DAYS = 30


@transaction.atomic
def transfer(
    *, actor: Person, conversation: Conversation, to: Person | None = None, unit: Unit | None = None,
    reason: str,
) -> Conversation:  # fmt: skip
    """Passes on what one has in hand: to a person, or into a unit's queue, where the rules are asked again.

    Raises Conflict, and ValidationError by field.
    """
    held = _of_mine(actor, conversation)
    _told_why(reason)
    if (to is None) == (unit is None):
        raise ValidationError({"to": _("Name the person or the unit it goes to.")})
    if to is not None:
        _hand(held, actor, to, How.TRANSFERRED, reason)
    elif unit is not None:
        _into_queue(held, unit)
    _note(actor, "conversation.transferred", held, reason)
    live.tell("desk", "queue")
    return held


@transaction.atomic
def give(*, actor: Person, conversation: Conversation, to: Person, reason: str = "") -> Conversation:
    """Whoever leads gives it to somebody, out of the queue or out of other hands. Raises Conflict."""
    held = _locked(conversation)
    if held.state == State.CLOSED:
        raise Conflict(_("It is closed already."))
    _hand(held, actor, to, How.GIVEN, reason)
    _note(actor, "conversation.given", held, reason)
    live.tell("desk", "queue")
    return held


@transaction.atomic
def snooze(*, actor: Person, conversation: Conversation, until: datetime) -> Conversation:
    """Puts it aside until then; it comes back at that time, or when the client writes. Raises by field."""
    held = _of_mine(actor, conversation)
    days = (until - timezone.now()).total_seconds() / 86400
    if not 0 < days <= LONGEST_SNOOZE_DAYS:
        raise ValidationError({"until": _("Choose a time within the next 30 days.")})
    if held.channel in CALLS:
        raise Conflict(_("A call cannot be put aside; wrap it up with a follow-up day."))
    held.state, held.snoozed_until = State.SNOOZED, until
    held.version += 1
    held.save(update_fields=["state", "snoozed_until", "version"])
    _note(actor, "conversation.snoozed", held, "")
    return held


def wake_snoozed() -> int:
    """The sweeper's: what was put aside until now is in hand again; returns how many."""
    due = Conversation.objects.filter(state=State.SNOOZED, snoozed_until__lte=timezone.now())
    return sum(_wake(one) for one in due.order_by("snoozed_until")[:500])


@transaction.atomic
def _wake(conversation: Conversation) -> bool:
    held = _locked(conversation)
    if held.state != State.SNOOZED:
        return False
    held.state, held.snoozed_until = State.ACTIVE, None
    held.save(update_fields=["state", "snoozed_until"])
    live.tell(f"person:{held.agent_id}", "queue")
    return True


def _hand(held: Conversation, actor: Person, to: Person, how: str, reason: str) -> None:
    if not _may_have(held, to):
        raise ValidationError({"to": _("This person may not see the client of the conversation.")})
    if to.pk == held.agent_id:
        raise Conflict(_("%(who)s has it already.") % {"who": to.name})
    state = State.WRAP_UP if held.state == State.WRAP_UP else State.ACTIVE
    hand_to(
        conversation=held, person=to, how=how, reason=reason[:300], given_by=actor.actor_name, state=state
    )


def _may_have(held: Conversation, to: Person) -> bool:
    """Whoever sees the client; something of nobody known may go to anybody of the desk."""
    if not to.may("desk.work"):
        return False
    return held.client_id is None or Client.objects.visible_to(to).filter(pk=held.client_id).exists()


def _into_queue(held: Conversation, unit: Unit) -> None:
    if held.channel in CALLS:
        raise Conflict(_("A call is passed on at the telephone."))
    now = timezone.now()
    Assignment.objects.filter(conversation=held, to_at__isnull=True).update(to_at=now)
    held.unit, held.agent, held.state, held.snoozed_until = unit, None, State.WAITING, None
    held.waiting_since = held.waiting_since or now
    held.version += 1
    held.save(update_fields=["unit", "agent", "state", "snoozed_until", "waiting_since", "version"])
    route(conversation=held)


def _of_mine(actor: Person, conversation: Conversation) -> Conversation:
    held = _locked(conversation)
    if held.state == State.CLOSED or held.agent_id != actor.pk:
        raise Conflict(_("Only whoever has it in hand can pass it on."))
    return held


def _locked(conversation: Conversation) -> Conversation:
    rows = Conversation.objects.select_for_update(of=("self",))
    return rows.select_related("client__branch", "unit", "line", "agent").get(pk=conversation.pk)


def _told_why(reason: str) -> None:
    if not reason.strip():
        raise ValidationError({"reason": _("Say in a few words why.")})


def _note(actor: Person, deed: str, held: Conversation, reason: str) -> None:
    place = held.client.branch if held.client else held.unit
    audit.record(
        actor=actor, deed=deed, subject_type="conversation", subject_id=held.pk, unit_code=place.code,
        client_id=held.client_id, detail={"to": held.agent.username if held.agent else "", "reason": reason},
    )  # fmt: skip
