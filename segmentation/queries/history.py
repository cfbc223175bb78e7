"""A client's months, lifecycle events and tiers over time."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients.models import Client
from core.registry import EVERYTHING, Place, TimelineChoices, TimelineFilter, TimelineItem
from core.templatetags.ui import tier_names
from segmentation.models import Contribution, LifecycleEvent, TierSpan
from segmentation.words import event_words, reason_words, rule_words

SHANGHAI = ZoneInfo("Asia/Shanghai")
KIND = "value"
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


def timeline(
    client_id: int, _reader: Any, below: Place, limit: int, wanted: TimelineFilter = EVERYTHING
) -> list[TimelineItem]:
    """Lifecycle events and tier changes for the client's timeline; the end of their day is their moment."""
    if not wanted.wants(KIND):
        return []
    first, last = wanted.since or date.min, below.at.astimezone(SHANGHAI).date()
    events = LifecycleEvent.objects.filter(client_id=client_id, on_date__lte=last, on_date__gte=first)
    spans = TierSpan.objects.filter(client_id=client_id, from_date__lte=last).order_by("-from_date")
    # those of the place's own day may stand above it; one more span tells what the last one followed
    newest = events.order_by("-on_date", "-event")[: limit + len(EVENT_ICONS)]
    items = [*map(_event_item, newest), *_span_items(list(spans[: limit + 2]), first)]
    shown = (item for item in items if item.place < below)
    return sorted(shown, key=lambda item: item.place, reverse=True)[:limit]


def timeline_choices(_client_ids: Sequence[int], _reader: Any) -> TimelineChoices:
    return TimelineChoices(kinds=[(KIND, _("Value"))])


def _event_item(event: LifecycleEvent) -> TimelineItem:
    at = datetime.combine(event.on_date, time(20, 0), SHANGHAI)
    reason = reason_words().get(event.reason, "")
    title, icon = event_words()[event.event], EVENT_ICONS[event.event]
    key: dict[str, Any] = {"source": "event", "number": sorted(EVENT_ICONS).index(event.event) + 1}
    return TimelineItem(at, KIND, icon, title, reason, who=_("Nightly run"), **key)


def _span_items(spans: list[TierSpan], first: date) -> list[TimelineItem]:
    """The tiers that began on or after `first`."""
    names = tier_names()
    items = []
    for number, span in enumerate(span for span in spans if span.from_date >= first):
        at = datetime.combine(span.from_date, time(20, 30), SHANGHAI)
        earlier = spans[number + 1] if number + 1 < len(spans) else None
        joined = earlier is not None and earlier.to_date == span.from_date
        title = _("Tier: %(new)s") % {"new": names.get(span.tier, span.tier)}
        if earlier is not None and joined:
            words = {"old": names.get(earlier.tier, earlier.tier), "new": names.get(span.tier, span.tier)}
            title = _("Tier: %(old)s → %(new)s") % words
        text = rule_words().get(span.reason, "")
        items.append(TimelineItem(at, KIND, "layers", title, text, who=_("Nightly run"), source="tier"))
    return items
