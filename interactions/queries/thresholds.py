"""Reads of the thresholds of service levels: what holds on a day, and what is to come."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import QuerySet

from interactions.models import Channel, ServiceThreshold, TierBand


@dataclass(frozen=True)
class ChannelRow:
    """What holds on a channel, one threshold for each band in their order; None where nothing was set."""

    channel: str
    thresholds: list[ServiceThreshold | None]


def in_force(on: date) -> list[ChannelRow]:
    """All channels in their order."""
    rows = ServiceThreshold.objects.filter(from_date__lte=on).order_by("from_date")
    newest = {
        (row.channel, row.tier_band): row for row in rows
    }  # a later day takes the place of earlier ones
    return [
        ChannelRow(str(label), [newest.get((code, band)) for band in TierBand.values])
        for code, label in Channel.choices
    ]


def to_come(on: date) -> QuerySet[ServiceThreshold]:
    """What was set for later days, the nearest first."""
    return ServiceThreshold.objects.filter(from_date__gt=on).order_by("from_date", "channel", "tier_band")


def may_set(person: Any) -> bool:
    """Thresholds are the firm's, so only whoever writes the desk's rules for all of it sets them."""
    return bool(person.scope_for("desk.rules").firm)
