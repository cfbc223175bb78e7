"""Which fields of a record people keep by hand, what stands in them, and who put it there (decision 0030)."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from clients import identifiers
from clients.models import SEALED_AND_INDEX, Client, ClientChange
from clients.queries.merging import HAND_KEPT, field_labels, shown
from core.editing import Side, mark

OF_PROSPECTS = (
    "name",
    "id_type",
    "id_number",
    "id_expires_on",
    "birth_date",
    "sex",
    "mobile",
    "email",
    "address",
)


def editable(client: Client) -> tuple[str, ...]:
    """The fields that people may change: what the feeds tell of clients with an account is the feeds' own."""
    return (*OF_PROSPECTS, *HAND_KEPT) if client.status == Client.Status.PROSPECT else HAND_KEPT


def marks(client: Client) -> dict[str, str]:
    """Signs of all editable values; a sealed one is told by its blind index."""
    return {name: mark(_compared(client, name)) for name in (*OF_PROSPECTS, *HAND_KEPT)}


def plain_value(client: Client, field: str) -> Any:
    """What a form starts from; sealed values are typed anew and never sent out for it."""
    return None if field in SEALED_AND_INDEX else getattr(client, field)


def sides(current: Client, typed: Mapping[str, Any], fields: list[str]) -> list[Side]:
    """For fields that two people changed: what was typed, what stands now, who wrote that and when."""
    labels = field_labels()
    return [
        Side(
            name, labels[name], _typed_words(name, typed[name]), shown(current, name), *_writer(current, name)
        )
        for name in fields
    ]


def _compared(client: Client, field: str) -> Any:
    value = getattr(client, SEALED_AND_INDEX.get(field, field))
    return bytes(value) if isinstance(value, memoryview) else value


def _typed_words(field: str, value: Any) -> str:
    if field in SEALED_AND_INDEX:
        return identifiers.masked_text(field, str(value))
    return "" if value is None else str(value)


def _writer(client: Client, field: str) -> tuple[str, datetime | None]:
    """Who changed this field last, and when; the newest old row that holds another value tells."""
    column = SEALED_AND_INDEX.get(field, field)
    changes = ClientChange.objects.filter(pgh_obj=client).order_by("-pgh_id")
    other = changes.exclude(**{column: getattr(client, column)}).first()
    if other is None:
        return "", None
    return (other.pgh_context or {}).get("actor_name", ""), other.pgh_created_at
