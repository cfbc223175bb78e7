"""One contact now, to see what comes of it: a call, a message, a visit, or a screen that pops up."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from crm.simulator.plan import THREADED
from crm.simulator.player import Answer, Caller, Known
from crm.simulator.speech import Event, voice_of

BEGINS = {"hotline": ("newCall", "queued"), "outbound": ("newCall",), "visit": ("arrived",)}
ENDS = {"hotline": "hangup", "outbound": "hangup", "visit": "left"}


def once(
    line: str, known: Known, caller: Caller, *, sender: str, text: str, image: bool = False
) -> Iterator[tuple[Event, Answer]]:
    """A call that rings, somebody who arrives, or one message; each event with its answer."""
    adapter = known.adapters[line]
    name = f"once-{time.time_ns() // 1_000_000}"
    direction = "out" if adapter == "outbound" else "in"
    for place, kind in enumerate(BEGINS.get(adapter, ("message",))):
        event_id = f"<{name}@outside.example>" if adapter == "email" else f"{name}-{place}"
        thread = "" if adapter not in THREADED else event_id if adapter == "email" else name
        yield _tell(known, caller, Event(
            line=line, event_id=event_id, kind=kind, at=_now(), sender=sender, thread=thread,
            direction=direction, payload=_payload(kind, sender, text, name if image else ""),
        ))  # fmt: skip


def _payload(kind: str, sender: str, text: str, picture: str) -> dict[str, Any]:
    if kind != "message":
        return {"caller": sender}
    named = {"media": [{"id": f"picture-{picture}", "name": "picture.png"}]} if picture else {}
    return {"text": "[图片]" if picture else text, **named}


def ring(
    line: str, known: Known, caller: Caller, *, agent: str, number: str, seconds: float
) -> Iterator[tuple[Event, Answer]]:
    """A call that this agent answers, so that it pops up in front of them; hung up after so many seconds."""
    name = f"ring-{time.time_ns() // 1_000_000}"
    for place, (kind, who) in enumerate([("newCall", ""), ("queued", ""), ("answer", agent), ("hangup", "")]):
        if kind == "hangup":
            time.sleep(seconds)
        yield _tell(known, caller, Event(
            line=line, event_id=f"{name}-{place}", kind=kind, at=_now(), sender=number, thread=name,
            agent=who,
        ))  # fmt: skip


def _now() -> datetime:
    return datetime.now(UTC)


def _tell(known: Known, caller: Caller, event: Event) -> tuple[Event, Answer]:
    speak = voice_of(known.adapters[event.line])
    return event, caller.post(speak([event], known.secrets[event.line], None))
