"""Reads of conversations that the desk's pages share."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from typing import Any

from django.db.models import F, Window
from django.db.models.functions import RowNumber
from django.utils import timezone

from clients.models import Client
from core import crypto
from interactions.models import (
    Assignment,
    Attachment,
    CannedReply,
    Channel,
    ContactLink,
    Conversation,
    ConversationQuerySet,
    Delivery,
    DeliveryQuerySet,
    Draft,
    Line,
    Message,
    Presence,
    Verification,
)
from interactions.queries.contacts import candidates
from interactions.queries.reasons import reason_words
from interactions.queries.replies import filled, replies_for
from staff.models import Person, Unit

MOST_MESSAGES = 200
MOST_COLLEAGUES = 100


def conversations_of(user: Any) -> ConversationQuerySet:
    """Conversations somebody may see, with what a list shows of them."""
    seen = Conversation.objects.visible_to(user)
    return seen.select_related("client", "contact", "agent", "unit", "category", "line")


def call_of(person: Any) -> Conversation | None:
    """The call that is in the person's hands now."""
    mine = conversations_of(person).filter(agent_id=person.pk, channel=Channel.PHONE, ended_at__isnull=True)
    return mine.exclude(state=Conversation.State.CLOSED).order_by("-opened_at").first()


@dataclass(frozen=True)
class Said:
    """One message as a page shows it: its words, what became of it when it is ours, and its files."""

    message: Message
    words: str
    delivery: Delivery | None
    files: list[Attachment]

    @property
    def why(self) -> str:
        return reason_words(self.delivery) if self.delivery else ""


def newest_in(said: Sequence[Said]) -> int:
    """The newest word of the client among these; 0 when there is none."""
    return max((one.message.pk for one in said if one.message.direction == "in"), default=0)


def said_in(conversation: Conversation) -> list[Said]:
    """The last messages, in order."""
    rows = Message.objects.filter(conversation=conversation).select_related("author", "delivery")
    newest = rows.prefetch_related("attachments").order_by("-at", "-id")[:MOST_MESSAGES]
    return [_as_said(row) for row in reversed(newest)]


def said_in_each(conversations: Collection[Conversation]) -> dict[int, list[Said]]:
    """The last messages of each of these, in order, by the conversation's id; two queries for all of them."""
    place = Window(RowNumber(), partition_by=F("conversation_id"), order_by=[F("at").desc(), F("id").desc()])
    rows = Message.objects.filter(conversation__in=conversations).annotate(place=place)
    rows = rows.filter(place__lte=MOST_MESSAGES).select_related("author", "delivery")
    found: dict[int, list[Said]] = {talk.pk: [] for talk in conversations}
    for row in rows.prefetch_related("attachments").order_by("at", "id"):
        found[row.conversation_id].append(_as_said(row))
    return found


def _as_said(row: Message) -> Said:
    files = list(row.attachments.all())
    return Said(row, crypto.unseal(row.body, row.context), getattr(row, "delivery", None), files)


def draft_of(person: Person, conversation: Conversation) -> str:
    """What the person typed here and did not send."""
    draft = Draft.objects.filter(conversation=conversation, person=person).first()
    return crypto.unseal(draft.body, draft.context) if draft else ""


def last_check(conversation: Conversation) -> Verification | None:
    """The newest check of who speaks."""
    return conversation.verifications.select_related("checked_by").first()


def last_assignment(conversation: Conversation) -> Assignment | None:
    """By what it came to whoever has it."""
    return conversation.assignments.select_related("person").order_by("-from_at", "-id").first()


def links_of(conversation: Conversation, user: Any) -> list[ContactLink]:
    """Whom people took this contact for, of the clients the reader may see."""
    links = ContactLink.objects.visible_to(user).filter(contact_id=conversation.contact_id)
    return list(links.filter(ended_at__isnull=True).select_related("client").order_by("client__client_no"))


def colleagues(user: Person) -> list[Person]:
    """To whom something can be passed on: whoever was at the desk since yesterday, those there now first."""
    since = timezone.now() - timedelta(days=1)
    there = Presence.objects.filter(seen_at__gte=since, person__is_active=True).exclude(person=user)
    rows = there.select_related("person").order_by("state", "person__username")[:MOST_COLLEAGUES]
    return [row.person for row in rows]


def queues() -> list[Unit]:
    """The units a conversation can wait in: those of the lines."""
    return list(Unit.objects.filter(pk__in=Line.objects.filter(active=True).values("unit")).order_by("code"))


def replies_in(conversation: Conversation, person: Person) -> list[tuple[CannedReply, str]]:
    """Canned replies for this conversation, with their words filled in."""
    fill = partial(
        filled, client_name=conversation.client.name if conversation.client else "",
        agent_name=person.name, unit_name=conversation.unit.name, today=timezone.localdate(),
        conversation=conversation.pk,
    )  # fmt: skip
    return [(reply, fill(reply)) for reply in replies_for(person, conversation.channel)]


def may_be(conversation: Conversation, user: Any) -> list[Client]:
    """The clients it may be about, of those the reader may see."""
    if conversation.contact is None:
        return []
    found = candidates(conversation.contact)
    seen = Client.objects.visible_to(user).filter(pk__in=[client.pk for client in found])
    allowed = set(seen.values_list("pk", flat=True))
    return [client for client in found if client.pk in allowed]


def deliveries_of(user: Any) -> DeliveryQuerySet:
    """What went out or waits to, as far as somebody may see it, with what a list shows."""
    return Delivery.objects.visible_to(user).select_related("client", "line", "message")


def lines_out() -> Any:
    """Lines by which something can be sent to a client who did not ask."""
    outwards = (Line.Adapter.EMAIL, Line.Adapter.SMS, Line.Adapter.WECOM, Line.Adapter.WECHAT,
                Line.Adapter.CHAT)  # fmt: skip
    return Line.objects.filter(active=True, adapter__in=outwards).order_by("code")
