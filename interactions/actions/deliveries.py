"""Deeds that let a message go out. Each leaves a row in its transaction, which actions.sending sends.

Three ways: a reply in a conversation, a message that begins one, and one nobody waits for an answer to.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client, Consent
from core import audit, crypto
from core.errors import Conflict, Stale
from core.files.content import File, kind_of
from core.files.keeping import keep
from core.wake import wake
from interactions.actions.arrival import keep_event
from interactions.actions.bearing import bear, text_of
from interactions.actions.routing import hand_to
from interactions.channels import Envelope
from interactions.channels.known import WAYS
from interactions.channels.mail import message_id
from interactions.models import Assignment, Contact, Conversation, Delivery, Draft, Line, Message
from interactions.queries.contacts import address_of, recipient
from staff.models import Person

State = Conversation.State
MOST_FILES = 10


@transaction.atomic
def reply(
    *, actor: Person, conversation: Conversation, text: str, uploads: Sequence[File] = (),
    seen: int | None = None,
) -> Delivery:  # fmt: skip
    """Answers in the conversation one has in hand.

    seen: the newest message the writer saw; Stale when the client has written since. Raises Conflict, and
    ValidationError by field.
    """
    held = _in_hand(actor, conversation)
    _same_as_seen(held, seen)
    if held.contact is None:
        raise ValidationError({"text": _("Nobody knows where this would go; there is no address.")})
    _fits(held.line, text, uploads)
    key = uuid4()
    message = _said(held.line, actor, key, text, uploads, thread=held.thread)
    Draft.objects.filter(conversation=held, person=actor).delete()
    return _delivery(
        actor, held.line, key, held.client, held.contact, address_of(held.contact), text,
        subject=_answering(held.subject), message=message, exempt=Delivery.Exempt.ANSWER,
    )  # fmt: skip


@transaction.atomic
def write(
    *, actor: Person, client: Client, line: Line, text: str, subject: str = "", purpose: str = "service",
    uploads: Sequence[File] = (),
) -> Delivery:  # fmt: skip
    """Begins a conversation with a client. Raises ValidationError by field; Conflict when another has it."""
    _fits(line, text, uploads, subject)
    address = _address(line, client)
    key = uuid4()
    thread = message_id(str(key), line.settings) if line.adapter == Line.Adapter.EMAIL else ""
    message = _said(line, actor, key, text, uploads, thread=thread, address=address, subject=subject)
    held = Conversation.objects.select_for_update(of=("self",)).get(pk=message.conversation_id)
    _take_up(held, actor, client)
    return _delivery(
        actor, line, key, client, held.contact, address, text, subject=subject, message=message,
        purpose=purpose,
    )  # fmt: skip


@transaction.atomic
def order(
    *, actor: audit.Actor, line: Line, client: Client, text: str, subject: str = "", purpose: str = "service",
    exempt: str = "", due_at: datetime | None = None, key: UUID | None = None, contact: Contact | None = None,
) -> Delivery:  # fmt: skip
    """A message to a client outside of any conversation; it enters the log when it is sent.

    contact: where it goes, when not to the client's own address. The same `key` again returns what was
    ordered with it. Raises ValidationError by field.
    """
    told_before = Delivery.objects.filter(key=key).first() if key else None
    if told_before is not None:
        return told_before
    _fits(line, text, (), subject)
    if exempt not in ("", *Delivery.Exempt.values) or exempt == Delivery.Exempt.ANSWER:
        raise ValidationError({"exempt": _("Choose one of: %(choices)s.") % {"choices": _exempt_words()}})
    address = address_of(contact) if contact else _address(line, client)
    return _delivery(
        actor, line, key or uuid4(), client, contact, address, text, subject=subject,
        purpose=purpose, exempt=exempt, due_at=due_at,
    )  # fmt: skip


def _exempt_words() -> str:
    return ", ".join(word for word in Delivery.Exempt.values if word != Delivery.Exempt.ANSWER)


def _in_hand(actor: Person, conversation: Conversation) -> Conversation:
    rows = Conversation.objects.select_for_update(of=("self",)).select_related("line", "contact", "client")
    held = rows.get(pk=conversation.pk)
    if held.state == State.CLOSED or held.agent_id != actor.pk:
        raise Conflict(_("Take the conversation first; only whoever has it in hand can answer."))
    return held


def _same_as_seen(held: Conversation, seen: int | None) -> None:
    newer = Message.objects.filter(conversation=held, direction="in", pk__gt=seen or 0)
    if seen is not None and newer.exists():
        raise Stale(_("The client has written in the meantime; read that first. Your text is kept."))


def _fits(line: Line, text: str, uploads: Sequence[File], subject: str | None = None) -> None:
    faults: dict[str, str] = {}
    if not line.active or WAYS[line.adapter].carrier is None:
        faults["line"] = _("Nothing can be sent by this line.")
    if not text.strip():
        faults["text"] = _("Write what is to be sent.")
    if subject is not None and line.adapter == Line.Adapter.EMAIL and not subject.strip():
        faults["subject"] = _("An email needs a subject.")
    if uploads and line.adapter != Line.Adapter.EMAIL:
        faults["files"] = _("Files can be sent by email only.")
    if len(uploads) > MOST_FILES:
        faults["files"] = _("At most %(most)s files go with one message.") % {"most": MOST_FILES}
    if faults:
        raise ValidationError(faults)
    for upload in uploads:
        kind_of(upload)


def _address(line: Line, client: Client) -> str:
    address = recipient(WAYS[line.adapter].contact, client)
    if not address:
        raise ValidationError({"line": _("The client's record has no address for this line.")})
    return address


def _said(
    line: Line, actor: Person, key: UUID, text: str, uploads: Sequence[File], *, thread: str,
    address: str = "", subject: str = "",
) -> Message:  # fmt: skip
    """Tells the conversation what we write, as an event of our own, so that its facts follow from events."""
    payload = {"text": text, "subject": subject, "files": [keep(upload) for upload in uploads]}
    envelope = Envelope(
        event_id=f"reply:{key}", kind="message", occurred_at=timezone.now(), external_user_id=address,
        direction="out", agent=actor.username, thread=thread, payload=payload,
    )  # fmt: skip
    event_pk = keep_event(line, envelope)
    assert event_pk is not None  # the key is new
    bear(line=line, event_pk=event_pk, envelope=envelope)
    return Message.objects.select_related("conversation").get(event_id=f"{line.code}:{envelope.event_id}")


def _take_up(held: Conversation, actor: Person, client: Client) -> None:
    """Whoever wrote has it; a conversation in other hands stays there."""
    if held.agent_id not in (None, actor.pk) and held.state != State.CLOSED:
        who = held.agent.name if held.agent else ""
        raise Conflict(_("%(who)s is in conversation with this client; write there.") % {"who": who})
    if held.client_id is None:
        held.client, held.tier = client, getattr(getattr(client, "standing", None), "tier", "") or ""
        held.save(update_fields=["client", "tier"])
    if held.agent_id != actor.pk or held.state != State.ACTIVE:
        hand_to(conversation=held, person=actor, how=Assignment.How.TAKEN, given_by=actor.actor_name)


def _delivery(
    actor: audit.Actor, line: Line, key: UUID, client: Client | None, contact: Contact | None, address: str,
    text: str, *, subject: str = "", message: Message | None = None, purpose: str = Consent.Purpose.SERVICE,
    exempt: str = "", due_at: datetime | None = None,
) -> Delivery:  # fmt: skip
    if purpose not in Consent.Purpose.values:
        choices = ", ".join(Consent.Purpose.values)
        raise ValidationError({"purpose": _("Choose one of: %(choices)s.") % {"choices": choices}})
    ordered = Delivery(
        key=key, line=line, message=message, client=client, contact=contact, purpose=purpose, exempt=exempt,
        due_at=due_at or timezone.now(), requested_by=actor.actor_name,
    )  # fmt: skip
    ordered.recipient = crypto.seal(address, ordered.context("recipient"))
    ordered.subject = crypto.seal(" ".join(subject.split())[:200], ordered.context("subject"))
    ordered.body = crypto.seal(_worded(line, text, purpose), ordered.context("body"))
    ordered.save(force_insert=True)
    _note(actor, ordered)
    wake("interactions.tasks.send_deliveries")
    return ordered


def _worded(line: Line, text: str, purpose: str) -> str:
    """The text as it goes out; an SMS that is no service says how to be left alone."""
    words = text_of({"text": text.strip()})
    if line.adapter == Line.Adapter.SMS and purpose != Consent.Purpose.SERVICE and "退订" not in words:
        return f"{words} 拒收请回复T退订"
    return words


def _answering(subject: str) -> str:
    return subject if subject.lower().startswith(("re:", "回复")) or not subject else f"Re: {subject}"


def _note(actor: audit.Actor, ordered: Delivery) -> None:
    place = ordered.client.branch if ordered.client else ordered.line.unit
    audit.record(
        actor=actor, deed="delivery.ordered", subject_type="delivery", subject_id=ordered.pk,
        unit_code=place.code, client_id=ordered.client_id,
        detail={"line": ordered.line.code, "purpose": ordered.purpose, "exempt": ordered.exempt},
    )  # fmt: skip
