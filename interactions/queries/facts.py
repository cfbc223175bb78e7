"""What a conversation's events tell: a pure function of their set, whatever order they came in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

IN, OUT = "in", "out"


@dataclass(frozen=True)
class Told:
    """One event as kept: kind, moment, direction, the agent's id, and the numbers it brought."""

    kind: str
    at: datetime
    event_id: str
    direction: str = IN
    agent: int | None = None
    numbers: tuple[tuple[str, int], ...] = ()


def facts(events: Iterable[Told], *, calls: bool) -> dict[str, Any]:
    """The columns of Conversation that events tell. calls: rung and hung up, not written."""
    ordered = sorted(events, key=lambda event: (event.at, event.event_id))
    return {**_numbers(ordered), **(_call(ordered) if calls else _messages(ordered))}


def unanswered_since(events: Iterable[Told]) -> datetime | None:
    """The oldest word of the client after our last one; None when all is answered."""
    written = [event for event in events if event.kind == "message"]
    answered = max((event.at for event in written if event.direction == OUT), default=None)
    asked = (event.at for event in written if event.direction == IN)
    return min((at for at in asked if answered is None or at > answered), default=None)


def _numbers(ordered: list[Told]) -> dict[str, Any]:
    """The first moment and who began, and the last word on how the client liked it."""
    rated = {name: value for event in ordered for name, value in event.numbers}
    return {
        "opened_at": ordered[0].at,
        "direction": ordered[0].direction,
        "satisfaction": rated.get("satisfaction"),
        "recommend": rated.get("recommend"),
    }


def _call(ordered: list[Told]) -> dict[str, Any]:
    ended = _first(ordered, "hangup")
    answers = [event for event in ordered if event.kind == "answer" and (ended is None or event.at <= ended)]
    takers = [event.agent for event in ordered if event.kind in ("answer", "transfer") and event.agent]
    answered = answers[0].at if answers else None
    return {
        "queued_at": _first(ordered, "queued"),
        "answered_at": answered,
        "ended_at": ended,
        "answered_by_id": takers[-1] if takers and answered else None,
        "hold_seconds": _held(ordered, ended) if answered else 0,
    }


def _held(ordered: list[Told], ended: datetime | None) -> int:
    """Whole seconds between each hold and the resume, or the end, after it."""
    seconds, since = 0.0, None
    for event in ordered:
        if event.kind == "hold" and since is None:
            since = event.at
        elif event.kind in ("resume", "hangup") and since is not None:
            seconds, since = seconds + (event.at - since).total_seconds(), None
        if event.at == ended and event.kind == "hangup":
            break
    return int(seconds)


def _messages(ordered: list[Told]) -> dict[str, Any]:
    told = [event.at for event in ordered if event.kind == "message" and event.direction == IN]
    sent = [event.at for event in ordered if event.kind == "message" and event.direction == OUT]
    answered = next((at for at in sent if told and at >= told[0]), None)
    return {
        "queued_at": told[0] if told else None,
        "answered_at": answered,
        "ended_at": _first(ordered, "closed"),
        "last_in_at": told[-1] if told else None,
        "last_out_at": sent[-1] if sent else None,
        "messages_in": len(told),
        "messages_out": len(sent),
    }


def _first(ordered: list[Told], kind: str) -> datetime | None:
    return next((event.at for event in ordered if event.kind == kind), None)
