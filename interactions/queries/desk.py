"""Reads of conversations that the desk's pages share."""

from typing import Any

from clients.models import Client
from core import crypto
from interactions.models import Conversation, ConversationQuerySet, Message
from interactions.queries.contacts import candidates


def conversations_of(user: Any) -> ConversationQuerySet:
    """Conversations somebody may see, with what a list shows of them."""
    seen = Conversation.objects.visible_to(user)
    return seen.select_related("client", "contact", "agent", "unit", "category", "line")


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
