"""A client's months, lifecycle events and tiers over time."""

from datetime import datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.models import Client
from core.registry import TimelineItem
from core.templatetags.ui import tier_names
from segmentation.models import Contribution, LifecycleEvent, TierSpan
from segmentation.words import event_words, reason_words, rule_words

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENT_ICONS = {
    "EFFECTIVE": "circle-check",
    "REACTIVATED": "rotate-ccw",
    "LOST": "log-out",
    "EXCLUDED": "circle-slash",
}


def months_of(client: Client) -> QuerySet[Contribution]:
    """ClientMonth facts with service cost and contribution, by unit of record."""
    return Contribution.objects.filter(client=client).select_related("branch")


def events_of(client: Client) -> QuerySet[LifecycleEvent]:
    return LifecycleEvent.objects.filter(client=client).select_related("branch")


def tiers_of(client: Client) -> QuerySet[TierSpan]:
    """The client's tiers, newest first."""
    return TierSpan.objects.filter(client=client).select_related("model_version").order_by("-from_date")


def timeline(client_id: int, _reader: Any, before: datetime, limit: int) -> list[TimelineItem]:
    """Lifecycle events and tier changes for the client's timeline; the end of their day is their moment."""
    last = before.astimezone(SHANGHAI).date()
    events = LifecycleEvent.objects.filter(client_id=client_id, on_date__lte=last).order_by("-on_date")
    spans = TierSpan.objects.filter(client_id=client_id, from_date__lte=last).order_by("-from_date")
    items = [*map(_event_item, events[: limit + 1]), *_span_items(list(spans[: limit + 2]))]
    return sorted((item for item in items if item.at < before), key=lambda item: item.at, reverse=True)[
        :limit
    ]


def _event_item(event: LifecycleEvent) -> TimelineItem:
    at = datetime.combine(event.on_date, time(20, 0), SHANGHAI)
    reason = reason_words().get(event.reason, "")
    title = event_words().get(event.event, event.event)
    return TimelineItem(
        at, "value", EVENT_ICONS.get(event.event, "circle-dot"), title, reason, who=_("Nightly run")
    )


def _span_items(spans: list[TierSpan]) -> list[TimelineItem]:
    names = tier_names()
    items = []
    for number, span in enumerate(spans):
        at = datetime.combine(span.from_date, time(20, 30), SHANGHAI)
        earlier = spans[number + 1] if number + 1 < len(spans) else None
        joined = earlier is not None and earlier.to_date == span.from_date
        title = _("Tier: %(new)s") % {"new": names.get(span.tier, span.tier)}
        if earlier is not None and joined:
            words = {"old": names.get(earlier.tier, earlier.tier), "new": names.get(span.tier, span.tier)}
            title = _("Tier: %(old)s → %(new)s") % words
        items.append(
            TimelineItem(
                at, "value", "layers", title, rule_words().get(span.reason, ""), who=_("Nightly run")
            )
        )
    return items
