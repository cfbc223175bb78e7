"""A person's deed on events that could not be put into effect."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from core import audit
from interactions.actions.arrival import try_again
from interactions.models import ChannelEvent


@dataclass(frozen=True)
class Outcome:
    """How many events are in effect now, and how many failed again."""

    worked: int = 0
    failed: int = 0


def try_parked(*, actor: audit.Actor, events: Iterable[ChannelEvent]) -> Outcome:
    """Puts each into effect, oldest first, in a transaction of its own, so that one cannot stop others."""
    ordered = sorted(events, key=lambda event: (event.occurred_at, event.pk))
    results = [_tried(actor, event) for event in ordered]
    return Outcome(results.count(True), results.count(False))


@transaction.atomic
def _tried(actor: audit.Actor, event: ChannelEvent) -> bool:
    worked = try_again(event=event)
    audit.record(
        actor=actor, deed="event.tried_again", subject_type="channel_event", subject_id=event.pk,
        detail={"line": event.line.code, "worked": worked},
    )  # fmt: skip
    return worked
