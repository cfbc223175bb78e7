"""Deeds at the desk: take a conversation, say who it is, end it with its entry in the log."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import Client
from core import audit, live
from core.errors import Conflict
from interactions.actions.amending import talked
from interactions.actions.checklist import kept_steps
from interactions.actions.log import (
    Entry,
    as_told,
    correct_interaction,
    log_interaction,
)
from interactions.actions.routing import hand_to, route
from interactions.actions.surveys import ask_after
from interactions.models import Assignment, ContactLink, Conversation, Interaction, Presence
from interactions.queries.contacts import candidates
from interactions.queries.routing import CALLS
from staff.models import Person

State = Conversation.State
SETTLES = timedelta(seconds=60)  # an answer told late may still come in
UNSORTED = "unsorted"
MOST_NAMED = 200  # conversations named at once


@dataclass(frozen=True, kw_only=True)
class Wrap:
    """What the agent writes down at the end; minutes left out are taken from the call.

    steps: of the checklist beside it, `{"script": version, "ticked": [keys], "reason": why one is left out}`.
    """

    category: str
    summary: str
    outcome: str = Interaction.Outcome.RESOLVED
    follow_up_on: date | None = None
    minutes: Decimal | None = None
    subject: str = ""
    confidentiality: str = Interaction.Confidentiality.NORMAL
    steps: Mapping[str, Any] = field(default_factory=dict)


@transaction.atomic
def take(*, actor: Person, conversation: Conversation) -> Conversation:
    """Whoever comes first has it; the second is told who. Raises Conflict."""
    held = _locked(conversation)
    if held.state != State.WAITING:
        who = held.agent.name if held.agent else ""
        raise Conflict(_("%(who)s has it already.") % {"who": who} if who else _("It is closed already."))
    hand_to(conversation=held, person=actor, how=Assignment.How.TAKEN, given_by=actor.actor_name)
    _note(actor, "conversation.taken", held)
    live.tell("desk", "queue")
    return held


@transaction.atomic
def name_client(*, actor: Person, conversation: Conversation, client: Client) -> Conversation:
    """Says which client it is about; whoever speaks from there is known from now on.

    The entry of a conversation closed without a client is superseded by the same one of the client; an entry
    that has a client is corrected in the log instead (Conflict).
    """
    held = _locked(conversation)
    _name(actor, held, client)
    _remember(actor, held, client)
    _note(actor, "conversation.client_named", held)
    for other in _without_client(held, client):
        _name(actor, _locked(other), client)
    return held


@transaction.atomic
def wrap_up(*, actor: Person, conversation: Conversation, wrap: Wrap) -> Interaction:
    """Ends the conversation with its entry in the log. Raises Conflict, and ValidationError by field.

    What the checklist demands has to be ticked, or the reason told why it was left out.
    """
    held = _locked(conversation)
    if held.state == State.CLOSED or held.agent_id != actor.pk:
        raise Conflict(_("Only whoever has it in hand can end it."))
    now = timezone.now()
    held.wrapped_at, held.steps = now, kept_steps(held=held, category=wrap.category, told=wrap.steps)
    entry = _entry(held, wrap, _own_minutes(held, wrap, now), now)
    written = _close(held, actor, entry, agent=actor)
    ask_after(conversation=held)
    return written


@transaction.atomic
def close_unserved(*, conversation: Conversation) -> bool:
    """Writes down a call that nobody answered; says whether it still was one."""
    held = _locked(conversation)
    if held.state != State.WAITING or held.channel not in CALLS or held.ended_at is None:
        return False
    wrap = Wrap(category=UNSORTED, summary=_("Hung up before somebody answered."), outcome="not_reached")
    _close(held, audit.SYSTEM, _entry(held, wrap, Decimal(0), held.ended_at), agent=None)
    return True


def close_what_nobody_answered() -> int:
    """The sweeper's: calls that ended a minute ago without an answer; returns how many."""
    ended = Conversation.objects.filter(
        state=State.WAITING, channel__in=CALLS, ended_at__lt=timezone.now() - SETTLES
    )
    return sum(close_unserved(conversation=one) for one in ended.order_by("ended_at")[:500])


def offer_what_waits() -> int:
    """The sweeper's: asks the rules again for what waits, those that hold only after a while included."""
    moved = 0
    waiting = Conversation.objects.filter(Q(ended_at__isnull=True), state=State.WAITING)
    for one in waiting.order_by("-priority", "waiting_since", "id")[:100]:
        with transaction.atomic():
            mine = Conversation.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=one.pk)
            held = mine.select_related("line", "client").first()
            if held is not None and held.state == State.WAITING:
                route(conversation=held)
                moved += held.state != State.WAITING
    return moved


@transaction.atomic
def set_presence(*, actor: Person, state: str, capacity: int | None = None) -> Presence:
    """Whether the person takes contacts now. Raises ValidationError."""
    if state not in Presence.State.values or not 0 <= (3 if capacity is None else capacity) <= 20:
        raise ValidationError({"state": _("Choose a state, and 0 to 20 conversations at once.")})
    now = timezone.now()
    presence, _made = Presence.objects.select_for_update().get_or_create(
        person=actor, defaults={"since": now, "seen_at": now}
    )
    presence.since = presence.since if presence.state == state else now
    presence.state, presence.seen_at = state, now
    presence.capacity = presence.capacity if capacity is None else capacity
    presence.save()
    live.tell("wall", "wall")
    return presence


def seen(*, actor: Person) -> None:
    """A sign of life of the person's desk."""
    Presence.objects.filter(person=actor).update(seen_at=timezone.now())


@transaction.atomic
def end_link(*, actor: audit.Actor, link: ContactLink) -> None:
    """That this contact is the client holds no more; what was written down stays."""
    ended = ContactLink.objects.filter(pk=link.pk, ended_at__isnull=True)
    if not ended.update(ended_at=timezone.now(), ended_by=actor.actor_name):
        raise Conflict(_("It was taken back already."))
    audit.record(
        actor=actor, deed="contact.unlinked", subject_type="contact", subject_id=link.contact_id,
        unit_code=link.client.branch.code, client_id=link.client_id,
    )  # fmt: skip


def _name(actor: Person, held: Conversation, client: Client) -> None:
    if held.entry is not None and held.state == State.CLOSED:
        if held.client_id is not None:
            raise Conflict(_("It is closed already."))
        told = as_told(held.entry)
        held.entry = correct_interaction(actor=actor, original=held.entry, entry=told, client=client)
    held.client = client
    held.tier = getattr(getattr(client, "standing", None), "tier", "") or ""
    held.save(update_fields=["client", "tier", "entry"])


def _without_client(held: Conversation, client: Client) -> list[Conversation]:
    """What else this contact said before anybody knew who it is."""
    if held.contact is None or [one.pk for one in candidates(held.contact)] != [client.pk]:
        return []
    nameless = Conversation.objects.filter(contact=held.contact, client__isnull=True).exclude(pk=held.pk)
    return list(nameless.order_by("pk")[:MOST_NAMED])


def _remember(actor: audit.Actor, held: Conversation, client: Client) -> None:
    """That this contact is, or speaks for, the client."""
    if held.contact is not None:
        ContactLink.objects.get_or_create(
            contact=held.contact, client=client, ended_at=None, defaults={"linked_by": actor.actor_name}
        )


def _locked(conversation: Conversation) -> Conversation:
    rows = Conversation.objects.select_for_update(of=("self",))
    return rows.select_related("client__branch", "client__standing", "unit", "agent", "entry").get(
        pk=conversation.pk
    )


def _entry(held: Conversation, wrap: Wrap, minutes: Decimal, now: datetime) -> Entry:
    """A call whose end was not told yet ended now; messages ended with the last one."""
    written = max(filter(None, (held.opened_at, held.last_in_at, held.last_out_at)))
    ended = held.ended_at or (now if held.channel in CALLS else written)
    return Entry(
        channel=held.channel, direction=held.direction, category=wrap.category, summary=wrap.summary,
        started_at=held.opened_at, ended_at=ended, minutes=minutes,
        messages=held.messages_in + held.messages_out, subject=wrap.subject,
        outcome=wrap.outcome, follow_up_on=wrap.follow_up_on,
        satisfaction=held.satisfaction, conversation=f"{held.line.code}:{held.thread}"[:80],
        confidentiality=wrap.confidentiality, steps=held.steps,
    )  # fmt: skip


def _own_minutes(held: Conversation, wrap: Wrap, now: datetime) -> Decimal:
    """What was told; of a call the time from its answer to its end."""
    if wrap.minutes is not None:
        return wrap.minutes
    return talked(held, held.ended_at or now) if held.channel in CALLS else Decimal(0)


def _close(held: Conversation, actor: audit.Actor, entry: Entry, *, agent: Person | None) -> Interaction:
    """Writes the entry (in place of an earlier one of a conversation that was taken up again) and closes."""
    held.entry = log_interaction(
        actor=actor, client=held.client, entry=entry, agent=agent, supersedes=held.entry,
        contact=held.contact, unit=held.unit,
    )  # fmt: skip
    held.category = held.entry.category
    held.state, held.waiting_since, held.snoozed_until = State.CLOSED, None, None
    held.version += 1
    held.save()
    Assignment.objects.filter(conversation=held, to_at__isnull=True).update(to_at=timezone.now())
    live.tell("wall", "wall")
    return held.entry


def _note(actor: audit.Actor, deed: str, held: Conversation, **detail: Any) -> None:
    place = held.client.branch if held.client else held.unit
    audit.record(
        actor=actor, deed=deed, subject_type="conversation", subject_id=held.pk, unit_code=place.code,
        client_id=held.client_id, detail=detail,
    )  # fmt: skip
