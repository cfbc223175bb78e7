"""Conversations as a list: what waits, what is in hand, what was closed."""

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from clients.filters import tiers
from core import formats
from core.lists import Column, ListFilters, ListPage
from interactions.models import Channel, Conversation

WHOSE = [("mine", _("Mine")), ("queue", _("Waiting")), ("open", _("Open"))]


class ConversationFilters(ListFilters):
    whose = django_filters.ChoiceFilter(method="of_whom", choices=WHOSE, label=_("Whose turn"))
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=_("Channel"))
    state = django_filters.ChoiceFilter(choices=Conversation.State.choices, label=_("State"))
    tier = django_filters.ChoiceFilter(choices=tiers, label=_("Tier"))
    client = django_filters.CharFilter(field_name="client__client_no", label=_("Client number"))

    def of_whom(self, rows: QuerySet, _name: str, whose: str) -> QuerySet:
        opened = rows.exclude(state=Conversation.State.CLOSED)
        if whose == "mine":
            return opened.filter(agent_id=self.request.user.pk)
        return rows.filter(state=Conversation.State.WAITING) if whose == "queue" else opened


def _address(row: Conversation) -> str:
    return reverse("desk:conversation", args=[row.pk])


def _client(row: Conversation) -> str:
    return f"{row.client.name} {row.client.client_no}" if row.client else _now("Not known yet")


def _waited(row: Conversation) -> str:
    """Minutes since the client began to wait."""
    if row.waiting_since is None or row.state == Conversation.State.CLOSED:
        return formats.DASH
    seconds = (timezone.now() - row.waiting_since).total_seconds()
    return _now("%(minutes)s min") % {"minutes": formats.number(max(int(seconds // 60), 0))}


class ConversationList(ListPage):
    name = "conversations"
    caption = _("Conversations")
    filterset = ConversationFilters
    default_sort = "-opened_at"
    empty_words = _("No conversations yet")
    empty_advice = _("Calls and messages appear here as soon as a channel brings them.")
    empty_icon = "messages-square"
    columns = (
        Column(
            "opened_at", _("When"), kind="moment", sort="opened_at", descends=True, fixed=True, link=_address
        ),
        Column("client", _("Client"), value=_client, fixed=True),
        Column("tier", _("Tier"), kind="tier"),
        Column("channel", _("Channel"), value=lambda row: row.get_channel_display()),
        Column("state", _("State"), value=lambda row: row.get_state_display()),
        Column("waited", _("Waiting for"), value=_waited, small=False),
        Column("agent", _("Agent"), value="agent__name", small=False),
        Column("unit", _("Unit"), value="unit__name", shown=False, small=False),
    )
