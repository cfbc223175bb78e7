"""The client's timeline, gathered from every module's source."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from clients.models import Client
from core.registry import (
    EVERYTHING,
    Place,
    TimelineChoices,
    TimelineFilter,
    TimelineItem,
    timeline_offers,
    timeline_sources,
)

ALL = 2**62  # above every number of an item
MERGED = "@"  # stands between a source's name and the record, where two records of one client were merged


def timeline(
    client: Client, user: Any, below: Place, wanted: TimelineFilter = EVERYTHING, limit: int = 30
) -> list[TimelineItem]:
    """What happened to a client below a place of its timeline, newest first, of merged records too."""
    own, *merged = client.record_ids
    items = [item for source in timeline_sources() for item in source(own, user, below, limit, wanted)]
    for record in merged:
        place = _place_at(below, record)
        found = (item for source in timeline_sources() for item in source(record, user, place, limit, wanted))
        items += [replace(item, source=f"{item.source}{MERGED}{record:019d}") for item in found]
    return sorted(items, key=lambda item: item.place, reverse=True)[:limit]


def choices(client: Client, user: Any) -> TimelineChoices:
    """What the timeline can be narrowed to, in the reader's language."""
    offers = [offer(client.record_ids, user) for offer in timeline_offers()]
    return TimelineChoices(
        _joined(offer.kinds for offer in offers),
        _joined(offer.channels for offer in offers),
        _joined(offer.people for offer in offers),
    )


def _joined(parts: Iterable[Sequence[tuple[str, str]]]) -> list[tuple[str, str]]:
    return list(dict(pair for part in parts for pair in part).items())


def _place_at(below: Place, record: int) -> Place:
    """The place in words of one merged record's sources: its items of the same moment that come before it."""
    name, _mark, number = below.source.partition(MERGED)
    shown = int(number or 0)  # the record whose item the place is; 0 for the client's own
    if shown == record or not name:
        return replace(below, source=name)
    return replace(below, source=name, number=0 if shown < record else ALL)
