"""Short messages on answers to htmx requests; whole pages use django.contrib.messages."""

import json
from typing import Any

from django.http import HttpResponse


def toast(response: HttpResponse, text: str, *, level: str = "success", undo: str = "") -> HttpResponse:
    """Shows `text` when htmx gets the response; `undo` is an address that a POST takes the deed back at.

    Several toasts and other HX-Trigger events of the same response are kept.
    """
    events: dict[str, Any] = _events(response)
    shown = events.setdefault("toast", {"list": []})["list"]
    shown.append({"text": str(text), "level": level, "undo": undo})
    response["HX-Trigger"] = json.dumps(events)  # ASCII with escapes: header values can't hold Chinese
    return response


def trigger(response: HttpResponse, event: str) -> HttpResponse:
    """Sends an event without detail to the page, such as "jobs-changed"."""
    events = _events(response)
    events.setdefault(event, {})
    response["HX-Trigger"] = json.dumps(events)
    return response


def _events(response: HttpResponse) -> dict[str, Any]:
    """What the header says already: a JSON object, or plain names between commas."""
    written = response.get("HX-Trigger", "")
    if written.startswith("{"):
        return dict(json.loads(written))
    return {name.strip(): {} for name in written.split(",") if name.strip()}
