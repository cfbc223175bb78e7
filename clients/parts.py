"""What a client record keeps beside its own fields, and which of its columns are sealed."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.db.models import Model

from clients import identifiers
from clients.models import (
    Account,
    ClientTag,
    Consent,
    ContactPoint,
    ImportChunk,
    ImportPiece,
    Merge,
    Relation,
)
from core.registry import ClientPart, SealedTable


def _(text: str) -> str:
    """Marks a msgid; it is translated when shown."""
    return text


def _counts(model: type[Model]) -> Callable[[Sequence[int]], int]:
    return lambda ids: model._default_manager.filter(client_id__in=ids).count()


def _of_client(row: Mapping[str, Any], column: str) -> str:
    return identifiers.seal_context(row["client_no"], column)


PARTS = [
    ClientPart(_("Accounts"), _counts(Account)),
    ClientPart(_("Contact points"), _counts(ContactPoint)),
    ClientPart(_("Relations"), lambda ids: Relation.objects.about(list(ids)).count()),
    ClientPart(_("Consents"), _counts(Consent)),
    ClientPart(_("Tags"), _counts(ClientTag)),
]
SEALED = [
    SealedTable("clients.Client", identifiers.SEALED_FIELDS, ["client_no"], _of_client),
    SealedTable("clients.ClientChange", identifiers.SEALED_FIELDS, ["client_no"], _of_client),
    SealedTable(
        "clients.ContactPoint", ["value"], ["key"], lambda row, _column: ContactPoint(key=row["key"]).context
    ),
    SealedTable(
        "clients.Relation", ["other_mobile"], ["key"], lambda row, _column: Relation(key=row["key"]).context
    ),
    SealedTable(
        "clients.ImportPiece",
        ["content"],
        ["owner_id", "position"],
        lambda row, _column: ImportPiece.context_of(row["owner_id"], row["position"]),
    ),
    SealedTable(
        "clients.ImportChunk",
        ["rows", "results"],
        ["owner_id", "position"],
        lambda row, column: ImportChunk(owner_id=row["owner_id"], position=row["position"]).context(column),
    ),
    SealedTable(
        "clients.Merge",
        ["snapshot"],
        ["merged__client_no"],
        lambda row, _column: Merge.context_of(row["merged__client_no"]),
    ),
    SealedTable(
        "clients.ImportChunk",
        ["rows", "results"],
        ["owner_id", "position"],
        lambda row, column: ImportChunk(owner_id=row["owner_id"], position=row["position"]).context(column),
    ),
]
