"""The fields of the client page that are edited in their place."""

from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from clients.forms.editing import FieldForm
from clients.models import Client
from clients.queries import editing as queries
from clients.queries.merging import field_labels, shown
from core.editing import Side


@dataclass
class Edit:
    """What components/inline_edit.html shows of one field."""

    url: str
    name: str
    label: str
    shown: str
    may: bool
    form: FieldForm | None = None
    side: Side | None = None
    typed: str = ""
    version: int = 0
    seen: str = ""


def edit_of(client: Client, field: str, user: Any) -> Edit:
    """A field as it stands, with its pencil where the reader may change it."""
    url = reverse("clients:edit", args=[client.client_no, field])
    may = user.may("clients.edit") and field in queries.editable(client)
    return Edit(url, field, field_labels()[field], shown(client, field), may)


def edits_of(client: Client, user: Any) -> list[Edit]:
    """Every field people keep by hand, for readers who may see who the client is."""
    return [edit_of(client, field, user) for field in queries.editable(client)] if user.scope.identity else []
