"""Reads of conversations that the desk's pages share."""

from typing import Any

from clients.models import Client
from core import crypto
from interactions.models import Channel, Conversation, ConversationQuerySet, Message
from interactions.queries.contacts import candidates


def conversations_of(user: Any) -> ConversationQuerySet:
    """Conversations somebody may see, with what a list shows of them."""
    seen = Conversation.objects.visible_to(user)
    return seen.select_related("client", "contact", "agent", "unit", "category", "line")


def call_of(person: Any) -> Conversation | None:
    """The call that is in the person's hands now."""
    mine = conversations_of(person).filter(agent_id=person.pk, channel=Channel.PHONE, ended_at__isnull=True)
    return mine.exclude(state=Conversation.State.CLOSED).order_by("-opened_at").first()


def messages_of(conversation: Conversation) -> list[tuple[Message, str]]:
    """The messages in order, each with its words."""
    rows = Message.objects.filter(conversation=conversation).select_related("author")
    return [(row, crypto.unseal(row.body, row.context)) for row in rows[:500]]


def may_be(conversation: Conversation, user: Any) -> list[Client]:
    """The clients it may be about, of those the reader may see."""
    if conversation.contact is None:
        return []
    found = candidates(conversation.contact)
    seen = Client.objects.visible_to(user).filter(pk__in=[client.pk for client in found])
    allowed = set(seen.values_list("pk", flat=True))
    return [client for client in found if client.pk in allowed]
