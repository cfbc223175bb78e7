"""What the search box finds of clients."""

from typing import Any

from django.urls import reverse

from clients.models import Client
from clients.queries import record
from core.registry import Found


def find_clients(reader: Any, typed: str) -> list[Found]:
    """The best matches in sight, numbers masked; the clients opened last when nothing is typed."""
    clients = record.found(reader, typed) if typed.strip() else record.opened_last(reader)
    return [_line(client, reader) for client in clients]


def _line(client: Client, reader: Any) -> Found:
    parts = [client.client_no, record.profile(client, reader).mobile, client.branch.name]
    return Found(
        url=reverse("clients:detail", args=[client.client_no]),
        icon="building-2" if client.kind == Client.Kind.INSTITUTION else "user-round",
        name=record.shown_name(client, reader),
        hint=" · ".join(part for part in parts if part),
        tier=getattr(getattr(client, "standing", None), "tier", ""),
    )
