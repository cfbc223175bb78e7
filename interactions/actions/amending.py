"""What is told of a conversation after its wrap-up: the entry is superseded by one that knows it too.

All in the caller's transaction, on a conversation that the caller has locked.
"""

from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from core import audit
from interactions.actions.log import LONGEST_MINUTES, as_told, correct_interaction
from interactions.models import Conversation


def amend_call(*, held: Conversation) -> None:
    """The end of a call told after its wrap-up.

    Minutes that were typed stay; those taken from the call are taken anew.
    """
    entry = held.entry
    if entry is None or held.ended_at is None or entry.ended_at == held.ended_at:
        return
    told = replace(as_told(entry), ended_at=max(held.ended_at, entry.started_at))
    if entry.minutes == talked(held, entry.ended_at):
        told = replace(told, minutes=talked(held, held.ended_at))
    held.entry = correct_interaction(actor=audit.SYSTEM, original=entry, entry=told)


def amend_rating(*, held: Conversation) -> None:
    """How the client liked it, told after the wrap-up: the conversation's word goes into the entry."""
    entry = held.entry
    if entry is None or held.satisfaction is None or entry.satisfaction == held.satisfaction:
        return
    told = replace(as_told(entry), satisfaction=held.satisfaction)
    held.entry = correct_interaction(actor=audit.SYSTEM, original=entry, entry=told)


def talked(held: Conversation, until: datetime | None) -> Decimal:
    """Minutes of a call from its answer until then."""
    if held.answered_at is None or until is None:
        return Decimal(0)
    seconds = Decimal(max((until - held.answered_at).total_seconds(), 0))
    return min((seconds / 60).quantize(Decimal("0.01"), ROUND_HALF_UP), LONGEST_MINUTES)
