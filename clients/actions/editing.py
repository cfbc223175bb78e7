"""Changing by hand what people keep of a client, and everything of a prospect (docs/decisions/0030)."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients import checksums, identifiers
from clients.actions import trail
from clients.models import Client, Reading
from clients.queries import editing as queries
from core import audit, history, spelling
from core.editing import write


@transaction.atomic
def edit_client(
    *,
    actor: audit.Actor,
    client: Client,
    values: Mapping[str, Any],
    version: int,
    seen: Mapping[str, str] | None = None,
    reason: str = "",
) -> Client:
    """Writes these fields if the record stands as the actor saw it; gives the record as it then is.

    version and seen as in core.editing.write, which raises EditConflict. ValidationError for fields that are
    the feeds' own, and for an ID that cannot be one. declared_outside_assets counts in the next night's
    score of itself: that step reads it from the record for everyone.
    """
    foreign = sorted(set(values) - set(queries.editable(client)))
    if foreign:
        raise ValidationError({name: _("The feeds keep this field.") for name in foreign})
    columns = stored(client, values)
    history.because(actor=actor, deed="client.edited", reason=reason)
    written = write(client, columns, version=version, seen=seen, marks=queries.marks)
    assert isinstance(written, Client)
    renew_readings(written, set(values))
    trail.note(
        actor=actor, deed="client.edited", client=client, detail={"fields": sorted(values), "reason": reason}
    )
    return written


def stored(client: Client, values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that hold these values: personal ones sealed with their indexes, names with search keys."""
    columns = dict(values)
    id_type = values.get("id_type", client.id_type)
    for field in set(values) & set(identifiers.SEALED_FIELDS):
        columns |= _sealed(client.client_no, field, values[field], id_type)
    if "id_type" in values and "id_number" not in values:
        own = identifiers.unseal(client.client_no, "id_number", client.id_number)
        columns |= _sealed(client.client_no, "id_number", own, id_type)
    if "name" in values:
        columns["pinyin"], columns["initials"] = spelling.search_keys(values["name"])
    return columns


def renew_readings(client: Client, fields: set[str]) -> None:
    """Puts the further ways to type a name right that was changed by hand."""
    for field, part in (("name", Reading.Of.NAME), ("short_name", Reading.Of.SHORT_NAME)):
        if field in fields:
            Reading.objects.filter(client=client, of=part).delete()
            Reading.objects.bulk_create(readings([client], part))


def readings(clients: Sequence[Client], part: str) -> list[Reading]:
    """The further ways to type these clients' names or short names (Reading.Of), to be written."""
    column = "name" if part == Reading.Of.NAME else "short_name"
    return [
        Reading(client=client, of=part, pinyin=pinyin, initials=initials)
        for client in clients
        for pinyin, initials in _readings(part, getattr(client, column))
    ]


def _readings(part: str, name: str) -> list[spelling.Keys]:
    """A name's usual reading stands on the record itself; a short name's stands here too."""
    usual = [spelling.search_keys(name)] if part == Reading.Of.SHORT_NAME and name else []
    return [*usual, *spelling.other_readings(name)]


def _sealed(client_no: str, field: str, text: str, id_type: str) -> dict[str, Any]:
    if field == "id_number" and text and not checksums.holds(id_type, text):
        raise ValidationError(
            {field: _("This number cannot be right: its check digit or date does not fit.")}
        )
    indexes = {
        "id_number": lambda: {"id_index": identifiers.id_blind_index(id_type, text)},
        "mobile": lambda: {
            "mobile_index": identifiers.mobile_index(text),
            "mobile_tail_index": identifiers.tail_blind_index(text),
        },
        "email": lambda: {"email_index": identifiers.email_blind_index(text)},
        "address": lambda: {"address_index": identifiers.address_blind_index(text)},
    }
    return {field: identifiers.seal(client_no, field, text), **indexes[field]()}
