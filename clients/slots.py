"""The places of the client page: what modules registered, and what is still to come said honestly."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clients.models import Client
from core.registry import ClientPanel, client_panels


@dataclass(frozen=True)
class EmptySlot:
    """A place that the page keeps for a module to come; a registered panel of the same key takes it."""

    slot: str
    key: str
    title: str  # msgid
    icon: str
    words: str  # msgid
    position: int


KEPT = (
    EmptySlot(
        "right",
        "tasks",
        gettext_noop("Next steps"),
        "list-checks",
        gettext_noop("Tasks are not kept here yet"),
        10,
    ),
)


def slots(client: Client, reader: Any) -> dict[str, list[dict[str, Any]]]:
    """By slot, in order: panels that the reader may see with the address each is loaded from, and the kept
    places that no module fills, without address."""
    registered = client_panels()
    filled = {panel.key for panel in registered}
    shown = [panel for panel in registered if reader.may(panel.right)]
    empty = [place for place in KEPT if place.key not in filled]
    found: dict[str, list[dict[str, Any]]] = {"header": [], "left": [], "tabs": [], "right": []}
    entries: list[ClientPanel | EmptySlot] = [*shown, *empty]
    for entry in sorted(entries, key=lambda entry: entry.position):
        found[entry.slot].append(_entry(entry, client))
    return found


def _entry(entry: ClientPanel | EmptySlot, client: Client) -> dict[str, Any]:
    known = {"key": entry.key, "title": _(entry.title), "position": entry.position}
    if isinstance(entry, EmptySlot):
        return {**known, "url": "", "icon": entry.icon, "words": _(entry.words)}
    return {**known, "url": reverse(entry.url_name, args=[client.client_no])}
