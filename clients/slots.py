"""The places of the client page: what modules registered."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from clients.models import Client
from core.registry import client_panels


def slots(client: Client, reader: Any) -> dict[str, list[dict[str, Any]]]:
    """By slot, in order: panels that the reader may see, with the address each is loaded from."""
    found: dict[str, list[dict[str, Any]]] = {"header": [], "left": [], "tabs": [], "right": []}
    for panel in client_panels():
        if reader.may(panel.right):
            url = reverse(panel.url_name, args=[client.client_no])
            shown = {"key": panel.key, "title": _(panel.title), "position": panel.position, "url": url}
            found[panel.slot].append(shown)
    return found
