"""What becomes known of a message after it left: receipts, failures, and addresses that do not exist."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.utils import timezone

from core import live
from interactions.models import Contact, Conversation, Delivery, Line

State = Delivery.State
# A later word never takes back a stronger one.
STRENGTH = {State.SENT: 1, State.DELIVERED: 2, State.READ: 3, State.FAILED: 4, State.BOUNCED: 4}
TELLS = {State.DELIVERED, State.READ, State.FAILED, State.BOUNCED}


class Unknown(Exception):
    """A receipt of something that was never sent, or whose sending is not noted yet."""


def take_receipt(*, line: Line, told: Mapping[str, Any], at: datetime) -> None:
    """Notes a receipt, in the caller's transaction; in whatever order they come. Raises Unknown.

    told: `ref` as the gateway named the message (or `key`), `state`, and of a bounce perhaps `code`.
    """
    ref, state = str(told.get("ref") or "")[:200], str(told.get("state") or "")
    rows = Delivery.objects.select_for_update(of=("self",)).select_related("contact", "message__conversation")
    held = rows.filter(Q(gateway_ref=ref) & ~Q(gateway_ref=""), line=line).first()
    if held is None or state not in TELLS:
        raise Unknown
    if STRENGTH.get(State(state), 0) <= STRENGTH.get(State(held.state), 0):
        return
    held.receipt_at = at
    if state in (State.FAILED, State.BOUNCED):
        fail(delivery=held, state=state, fault=str(told.get("code") or "")[:300])
        if state == State.BOUNCED:
            _mark_bounced(held, str(told.get("code") or ""))
    held.state = State(state)
    held.save(update_fields=["state", "receipt_at", "fault"])
    _tell(held)


def fail(*, delivery: Delivery, state: str, fault: str) -> None:
    """Sets how it ended (the caller saves); whoever answered is called back to the conversation."""
    delivery.state, delivery.fault = State(state), fault[:300]
    talk = delivery.message.conversation if delivery.message else None
    if talk is None:
        return
    held = Conversation.objects.select_for_update(of=("self",)).get(pk=talk.pk)
    if held.state == Conversation.State.CLOSED:
        held.state, held.agent = Conversation.State.WAITING, None
    held.waiting_since = held.waiting_since or timezone.now()
    held.version += 1
    held.save(update_fields=["state", "agent", "waiting_since", "version"])
    live.tell("desk", "queue")


def _mark_bounced(held: Delivery, code: str) -> None:
    """An address that does not exist gets no more mail, until somebody writes from there; a full box may."""
    if held.contact is not None and (not code or code.startswith("5.1")):
        Contact.objects.filter(pk=held.contact.pk).update(bounced_at=timezone.now())


def _tell(held: Delivery) -> None:
    talk = held.message.conversation if held.message else None
    if talk is not None and talk.agent_id:
        live.tell(f"person:{talk.agent_id}", "conversation", conversation=talk.pk)
