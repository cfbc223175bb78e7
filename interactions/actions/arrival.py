"""Events from the outside: proved, kept once, and put into effect, all in one transaction.

An event is kept even when its effect fails: then it waits, is tried again by the sweeper, and after three
failures stands parked for a person. What a conversation shows is told by the set of its events
(interactions.queries.facts), so it does not matter in which order they come, or how often.
"""

import json
import logging
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from time import time
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from core import crypto
from core.files.keeping import keep
from interactions.actions.bearing import bear
from interactions.actions.lines import MOST_BYTES, secrets_of
from interactions.channels import Call, Envelope, Unreadable
from interactions.channels.known import WAYS
from interactions.models import ChannelEvent, Line
from interactions.models.channels import raw_context
from interactions.queries.contacts import normal_address
from staff.queries import person_called

log = logging.getLogger(__name__)
MOST_ATTEMPTS = 3
NUMBERS = {"satisfaction": (1, 5), "recommend": (0, 10)}
KEEP = """
INSERT INTO interactions_channelevent
    (line_id, event_id, kind, occurred_at, received_at, direction, agent_id, told, raw, state, attempts,
     fault)
VALUES (%s, %s, %s, %s, now(), %s, %s, %s, %s, 'waiting', 0, '')
ON CONFLICT (line_id, event_id) DO NOTHING RETURNING id
"""


@dataclass(frozen=True)
class Received:
    """How many events were new, and how many had been told before."""

    accepted: int = 0
    known: int = 0


def receive(
    *, line: Line, raw: bytes, headers: Mapping[str, str], query: Mapping[str, str], now: float | None = None
) -> Received:
    """Takes in one call from the outside. Raises Forged or Unreadable; then nothing of it is kept."""
    call = Call(
        raw=raw, query=query, secrets=secrets_of(line), now=time() if now is None else now,
        headers={name.lower(): value for name, value in headers.items()},
    )  # fmt: skip
    return receive_envelopes(line=line, envelopes=WAYS[line.adapter].adapter.read(call), raw=raw)


@transaction.atomic
def receive_envelopes(*, line: Line, envelopes: Sequence[Envelope], raw: bytes = b"") -> Received:
    """Keeps what is new of these and puts it into effect; all are in together, or none."""
    for envelope in envelopes:
        if not (envelope.thread or envelope.external_user_id or envelope.kind == "receipt"):
            raise Unreadable("Name the conversation (conversation_id) or who speaks (external_user_id).")
    text = raw[:MOST_BYTES].decode("utf-8", "replace") if len(envelopes) == 1 else ""
    accepted = 0
    for envelope in _in_order(line, envelopes):
        if envelope.files and not _told_before(line, envelope):
            envelope = _with_files_kept(envelope)
        event_pk = keep_event(line, envelope, text)
        if event_pk is not None:
            accepted += 1
            _try(line, event_pk, envelope)
    return Received(accepted, len(envelopes) - accepted)


def _in_order(line: Line, envelopes: Sequence[Envelope]) -> list[Envelope]:
    """By who speaks, then as it happened: calls at the same time lock the same contacts in the same order."""
    kind = WAYS[line.adapter].contact
    return sorted(
        envelopes,
        key=lambda one: (normal_address(kind, one.external_user_id), one.thread, one.occurred_at),
    )


@transaction.atomic
def try_again(*, event: ChannelEvent) -> bool:
    """Puts a kept event into effect; says whether that worked. One at a time for each event."""
    mine = ChannelEvent.objects.select_for_update(skip_locked=True).filter(pk=event.pk)
    held = mine.exclude(state=ChannelEvent.State.APPLIED).select_related("line").first()
    if held is None:
        return False
    kept = json.loads(crypto.unseal_bytes(held.raw, raw_context(held.line.code, held.event_id)))
    told = {**kept["envelope"], "occurred_at": datetime.fromisoformat(kept["envelope"]["occurred_at"])}
    return _try(held.line, held.pk, Envelope(**told))


def waiting_events(limit: int = 200) -> list[ChannelEvent]:
    """What has to be tried again, oldest first."""
    waiting = ChannelEvent.objects.filter(state=ChannelEvent.State.WAITING)
    return list(waiting.order_by("received_at")[:limit])


def keep_event(line: Line, envelope: Envelope, raw: str = "") -> int | None:
    """The new event's id; None when it was told before. What was said and who spoke is kept sealed only."""
    told = {**asdict(replace(envelope, files=())), "occurred_at": envelope.occurred_at.isoformat()}
    kept = {"envelope": told, "raw": raw}
    content = crypto.seal_bytes(json.dumps(kept).encode(), raw_context(line.code, envelope.event_id))
    agent = person_called(envelope.agent)
    values: list[Any] = [
        line.pk, envelope.event_id, envelope.kind, envelope.occurred_at, envelope.direction,
        agent.pk if agent else None, json.dumps(_numbers(envelope.payload)), content,
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(KEEP, values)
        row = cursor.fetchone()
    return row[0] if row else None


def _told_before(line: Line, envelope: Envelope) -> bool:
    return ChannelEvent.objects.filter(line=line, event_id=envelope.event_id).exists()


def _with_files_kept(envelope: Envelope) -> Envelope:
    """The same, with its files put away and what is known of them in the payload."""
    payload = {**envelope.payload, "files": [keep(one) for one in envelope.files]}
    return replace(envelope, files=(), payload=payload)


def _numbers(payload: Mapping[str, Any]) -> dict[str, int]:
    """What the client gave as marks, where they make sense."""
    told = {name: payload.get(name) for name in NUMBERS}
    return {
        name: value
        for name, value in told.items()
        if isinstance(value, int) and NUMBERS[name][0] <= value <= NUMBERS[name][1]
    }


def _try(line: Line, event_pk: int, envelope: Envelope) -> bool:
    """Puts the event into effect; what goes wrong is noted with it, and nothing of the effect stays."""
    try:
        with transaction.atomic():
            bear(line=line, event_pk=event_pk, envelope=envelope)
    except Exception as error:
        log.exception("an event of line %s has to be tried again", line.code)
        _note_failure(event_pk, f"{type(error).__name__}")
        return False
    return True


def _note_failure(event_pk: int, fault: str) -> None:
    event = ChannelEvent.objects.get(pk=event_pk)
    event.attempts += 1
    event.fault = f"{fault}, {timezone.localtime():%Y-%m-%d %H:%M}"
    if event.attempts >= MOST_ATTEMPTS:
        event.state = ChannelEvent.State.PARKED
    event.save(update_fields=["attempts", "fault", "state"])
