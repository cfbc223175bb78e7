"""What an event brings about: its contact, its conversation, its message, and where the desk stands then."""

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from core import crypto, live, sql
from interactions.actions.amending import amend_call, amend_rating
from interactions.actions.files import attach
from interactions.actions.leaving import leave_by_word, wants_out
from interactions.actions.media import named_in, note_wanted
from interactions.actions.receipts import take_receipt
from interactions.actions.routing import hand_to, let_go, route
from interactions.channels import Envelope
from interactions.channels.known import WAYS, Way
from interactions.models import Assignment, ChannelEvent, Contact, Conversation, Line, Message
from interactions.queries.contacts import address_index, candidates, normal_address
from interactions.queries.facts import Told, facts, unanswered_since
from staff.queries import person_called

State = Conversation.State
LONGEST_TEXT = 8000


def bear(*, line: Line, event_pk: int, envelope: Envelope) -> None:
    """In the caller's transaction; the conversation's row is locked until that ends."""
    way = WAYS[line.adapter]
    if envelope.kind == "receipt":
        take_receipt(line=line, told=envelope.payload, at=envelope.occurred_at)
        return _applied(event_pk)
    contact = _meet(way, envelope)
    if _says_nothing(line, contact, event_pk, envelope):
        return _applied(event_pk)
    conversation = _conversation(line, way, envelope, contact)
    asked = conversation.state == State.WAITING and conversation.waiting_since is not None
    _applied(event_pk, conversation)
    if envelope.kind == "message":
        _say(line, conversation, envelope)
    told = _retell(conversation, way)
    _stand(conversation, way, envelope, told)
    if envelope.kind == "rating" and conversation.state == State.CLOSED:
        amend_rating(held=conversation)
    conversation.version += 1
    conversation.save()
    _hand_on(conversation, asked=asked)


def _applied(event_pk: int, conversation: Conversation | None = None) -> None:
    state = ChannelEvent.State.APPLIED
    ChannelEvent.objects.filter(pk=event_pk).update(state=state, conversation=conversation, fault="")


def _says_nothing(line: Line, contact: Contact | None, event_pk: int, envelope: Envelope) -> bool:
    """The word for unsubscribing is done with at once; a machine's mail begins no conversation."""
    if envelope.kind != "message" or envelope.direction != "in" or contact is None:
        return False
    if wants_out(line, text_of(envelope.payload)):
        leave_by_word(line=line, contact=contact, event_pk=event_pk)
        return True
    talks = Conversation.objects.filter(line=line, thread=envelope.thread)
    return _automatic(envelope) and not talks.exists()


def _automatic(envelope: Envelope) -> bool:
    return bool(envelope.payload.get("automatic"))


def _meet(way: Way, envelope: Envelope) -> Contact | None:
    """The contact of the event's address; its row is locked, so that one conversation opens at a time."""
    address = normal_address(way.contact, envelope.external_user_id)
    index = address_index(way.contact, address)
    if index is None:
        return None
    key, at = uuid4(), envelope.occurred_at
    sealed = crypto.seal(address, Contact(key=key).context)
    told = {"key": key, "kind": way.contact, "address": sealed, "address_index": index, "at": at}
    (contact,) = Contact.objects.raw(sql.statement("interactions", "contact_meet"), told)
    if contact.bounced_at and envelope.direction == "in":
        contact.bounced_at = None  # whoever writes from there is there
        contact.save(update_fields=["bounced_at"])
    return contact


def _conversation(line: Line, way: Way, envelope: Envelope, contact: Contact | None) -> Conversation:
    """The conversation of the event, locked."""
    thread = (
        envelope.thread or _running(line, contact) or f"{contact.pk if contact else 0}:{envelope.event_id}"
    )
    held = Conversation.objects.select_for_update(of=("self",)).filter(line=line, thread=thread)
    found = held.first()
    if found is None:  # or begun at this moment by a neighbour
        Conversation.objects.bulk_create([_new(line, way, envelope, thread)], ignore_conflicts=True)
        found = held.get()
    found.line = line
    if contact is not None and found.contact_id is None:
        found.contact = contact
        _recognise(found, contact)
    return found


def _running(line: Line, contact: Contact | None) -> str:
    """The thread of the contact's open conversation on a line whose channel knows no conversations."""
    own = Conversation.objects.open().filter(line=line, contact=contact).order_by("-opened_at")
    return own.values_list("thread", flat=True).first() or "" if contact else ""


def _new(line: Line, way: Way, envelope: Envelope, thread: str) -> Conversation:
    return Conversation(
        line=line, channel=way.channel, thread=thread, direction=envelope.direction, unit_id=line.unit_id,
        opened_at=envelope.occurred_at, subject=str(envelope.payload.get("subject") or "")[:200],
    )  # fmt: skip


def _recognise(conversation: Conversation, contact: Contact) -> None:
    """The one client it can be; where there are none or several, a person says who it is."""
    found = candidates(contact)
    if len(found) != 1 or conversation.client_id is not None:
        return
    conversation.client = found[0]
    conversation.tier = getattr(getattr(found[0], "standing", None), "tier", "") or ""


def _say(line: Line, conversation: Conversation, envelope: Envelope) -> None:
    """The message, once; its words sealed, its files beside it."""
    ours = envelope.direction == "out"
    message = Message(
        conversation=conversation, event_id=f"{line.code}:{envelope.event_id}", direction=envelope.direction,
        at=envelope.occurred_at, author=person_called(envelope.agent) if ours else None,
    )  # fmt: skip
    message.body = crypto.seal(text_of(envelope.payload), message.context)
    Message.objects.bulk_create([message], ignore_conflicts=True)
    kept, named = envelope.payload.get("files"), named_in(envelope.payload)
    if kept or named:
        said = Message.objects.get(conversation=conversation, event_id=message.event_id)
        who = envelope.agent or "channel"
        attach(conversation=conversation, message=said, kept=kept or (), added_by=who)
        note_wanted(message=said, named=named, added_by=who)


def text_of(payload: Mapping[str, Any]) -> str:
    """What was written, as long as it may be."""
    return str(payload.get("text") or "")[:LONGEST_TEXT]


def _retell(conversation: Conversation, way: Way) -> list[Told]:
    """Sets what events tell from all of them anew, and returns them."""
    rows = ChannelEvent.objects.filter(conversation=conversation)
    told = [
        Told(kind, at, event_id, direction, agent, tuple(sorted(numbers.items())))
        for kind, at, event_id, direction, agent, numbers in rows.values_list(
            "kind", "occurred_at", "event_id", "direction", "agent_id", "told"
        )
    ]
    for name, value in facts(told, calls=way.calls).items():
        setattr(conversation, name, value)
    return told


def _stand(conversation: Conversation, way: Way, envelope: Envelope, told: list[Told]) -> None:
    """Where the desk stands with it after this event, as far as the event decides."""
    if way.calls:
        _stand_of_call(conversation)
    elif envelope.kind == "message" and envelope.direction == "out":
        closed = conversation.state == State.CLOSED
        conversation.waiting_since = None if closed else unanswered_since(told)
    elif envelope.kind == "message" and not _automatic(envelope):
        conversation.waiting_since = unanswered_since(told)
        if conversation.state == State.CLOSED:
            conversation.state, conversation.agent = State.WAITING, None
        elif conversation.state == State.SNOOZED:
            conversation.state, conversation.snoozed_until = State.ACTIVE, None


def _stand_of_call(conversation: Conversation) -> None:
    if conversation.answered_by_id is None:
        conversation.waiting_since = conversation.queued_at or conversation.opened_at
        if conversation.ended_at and conversation.answered_at is None:
            let_go(conversation)
    elif conversation.state == State.CLOSED:
        amend_call(held=conversation)
    elif conversation.ended_at and conversation.state != State.CLOSED and conversation.agent_id:
        conversation.state = State.WRAP_UP


def _hand_on(conversation: Conversation, *, asked: bool) -> None:
    """To whoever answered the call, else by the rules; and open pages hear of it.

    asked: it was waiting before, so the rules were asked when it came; the sweeper asks them again.
    """
    in_hand = conversation.agent_id == conversation.answered_by_id or conversation.wrapped_at is not None
    taker = None if in_hand else conversation.answered_by
    if taker is not None:
        state = State.WRAP_UP if conversation.ended_at else State.ACTIVE
        hand_to(conversation=conversation, person=taker, how=Assignment.How.ANSWERED, state=state)
    elif conversation.state == State.WAITING and not conversation.ended_at and not asked:
        route(conversation=conversation)
    live.tell("desk", "queue")
    live.tell("wall", "wall")
    if conversation.agent_id:
        live.tell(f"person:{conversation.agent_id}", "conversation", conversation=conversation.pk)
