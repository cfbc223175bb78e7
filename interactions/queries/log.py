"""Reads of the interaction log that pages, API and the client's timeline share."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from core import formats
from core.registry import EVERYTHING, Choice, Place, TimelineChoices, TimelineFilter, TimelineItem
from interactions.models import Category, Channel, Interaction, InteractionQuerySet
from interactions.queries.recordings import WITH_RECORDINGS, listen_link, recordings_of

SHANGHAI = ZoneInfo("Asia/Shanghai")
SOURCE = KIND = "interaction"
CHANNEL_ICONS = {
    Channel.PHONE: "phone",
    Channel.VISIT: "store",
    Channel.WECOM: "message-circle",
    Channel.WECHAT: "message-square",
    Channel.CHAT: "smartphone",
    Channel.SMS: "message-square-text",
    Channel.EMAIL: "mail",
    Channel.WEIBO: "rss",
}


def log_of(user: Any) -> InteractionQuerySet:
    """Entries in force that somebody may read, with what a list shows of them."""
    entries = Interaction.objects.visible_to(user)
    told = entries.in_force().select_related("client", "client__branch", "category", "agent")
    return told.prefetch_related(WITH_RECORDINGS)


def categories_in_use() -> QuerySet[Category]:
    return Category.objects.filter(retired_on__isnull=True).order_by("code")


def category_choices() -> list[Choice]:
    """Categories in use, each with those above it, for rules of lower apps."""
    known = {category.pk: category for category in Category.objects.all()}
    return [
        Choice(category.code, str(category), _codes_above(category, known))
        for category in sorted(known.values(), key=lambda category: category.code)
        if category.retired_on is None
    ]


def _codes_above(category: Category, known: Mapping[int, Category]) -> list[str]:
    found: list[str] = []
    while category.parent_id is not None:
        category = known[category.parent_id]
        found.append(category.code)
    return found


def channel_choices() -> list[Choice]:
    return [Choice(value, str(words)) for value, words in Channel.choices]


def timeline(
    client_id: int, reader: Any, below: Place, limit: int, wanted: TimelineFilter = EVERYTHING
) -> list[TimelineItem]:
    """The client's contacts for its timeline; nothing for readers without the right to the log."""
    if not reader.may("interactions.view") or not wanted.wants(KIND, personal=True):
        return []
    number = below.number_below(SOURCE)
    same_moment = Q(started_at=below.at) & (Q() if number == math.inf else Q(id__lt=number))
    entries = log_of(reader).filter(Q(started_at__lt=below.at) | same_moment, client_id=client_id)
    chosen = entries.filter(started_at__lte=below.at, **_conditions(wanted))  # bounds the range of the index
    return [_item(entry, reader) for entry in chosen.order_by("-started_at", "-id")[:limit]]


def _conditions(wanted: TimelineFilter) -> dict[str, Any]:
    conditions: dict[str, Any] = {}
    if wanted.channel:
        conditions["channel"] = wanted.channel
    if wanted.who:
        conditions["agent__username"] = wanted.who
    if wanted.since:
        conditions["started_at__gte"] = datetime.combine(wanted.since, time(0), SHANGHAI)
    return conditions


def timeline_choices(client_ids: Sequence[int], reader: Any) -> TimelineChoices:
    """The channels, and the people who spoke with these clients."""
    if not reader.may("interactions.view"):
        return TimelineChoices()
    entries = log_of(reader).filter(client_id__in=client_ids, agent__isnull=False).order_by("agent__name")
    people = entries.values_list("agent__username", "agent__name").distinct()
    channels = [(value, str(words)) for value, words in Channel.choices]
    return TimelineChoices([(KIND, _("Contacts"))], channels, list(people))


def _recorded(entry: Interaction, reader: Any) -> list[tuple[str, str]]:
    """Words and address of its recordings; no address for those who may not listen."""
    return [
        (
            _("Recording %(reference)s, %(length)s") % {"reference": one.reference, "length": one.length},
            listen_link(reader, one),
        )
        for one in recordings_of(entry)
    ]


def _item(entry: Interaction, reader: Any) -> TimelineItem:
    notes = [entry.get_outcome_display(), entry.get_direction_display()]
    if entry.minutes:
        notes.append(_("%(minutes)s min") % {"minutes": formats.number(entry.minutes)})
    if entry.satisfaction:
        notes.append(_("Satisfaction %(score)s of 5") % {"score": entry.satisfaction})
    title = f"{entry.get_channel_display()} · {entry.subject or entry.category}"
    who = entry.agent.name if entry.agent else entry.recorded_by
    icon = CHANNEL_ICONS.get(Channel(entry.channel), "message-circle")
    key: dict[str, Any] = {"source": SOURCE, "number": entry.pk, "links": _recorded(entry, reader)}
    return TimelineItem(entry.started_at, KIND, icon, title, entry.summary, notes, who, **key)
