"""What changed on a record: each old row beside the one after it; and who looked at the client."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from clients import identifiers
from clients.models import PLAIN_FIELDS, SEALED_AND_INDEX, Client, ClientChange, Reveal
from clients.queries.merging import field_labels
from clients.queries.reveal import field_label
from core import formats
from core.exports.asking import telling_of
from core.models import AuditEntry

LOOKS = ("client.viewed", "client.revealed")
TAKEN_OUT = "export.downloaded"
ROWS = 30
TELLING = frozenset({"name", "short_name", "remark", "birth_date", "merged_into", *SEALED_AND_INDEX})
"""Fields that may tell who the client is."""


@dataclass(frozen=True)
class FieldChange:
    """One field: what it was and what it became, personal numbers masked."""

    field: str
    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Change:
    """One deed on the record: when, by whom, why, and the fields it changed."""

    number: int
    at: datetime
    who: str
    deed: str
    why: str
    fields: list[FieldChange]


def changes(client: Client, user: Any, below: int | None = None, size: int = ROWS) -> list[Change]:
    """Changes of the record and of those joined with it, newest first; `below` pages back by number.

    Readers without identity see the fields that do not tell who the client is.
    """
    rows = ClientChange.objects.filter(pgh_obj_id__in=client.record_ids).select_related(
        "branch", "merged_into"
    )
    if below is not None:
        rows = rows.filter(pgh_id__lt=below)
    found = list(rows.order_by("-pgh_id")[:size])
    after = _rows_after(client, found)
    told = [_change(row, after[row.pgh_id]) for row in found]
    return told if user.scope.identity else [_without_identity(change) for change in told]


def looks(client: Client) -> QuerySet[AuditEntry]:
    """Who opened the client's page, revealed a value or took it along in an export; newest first."""
    seen = Q(client_id__in=client.record_ids, deed__in=LOOKS)
    files = [str(number) for number in telling_of(client.record_ids)]
    taken = Q(subject_type="export", subject_id__in=files, deed=TAKEN_OUT)
    return AuditEntry.objects.filter(seen | taken if files else seen).order_by("-at", "-id")


def look_words(entry: AuditEntry) -> str:
    """What somebody did, in the reader's language."""
    if entry.deed == "client.revealed":
        purpose = dict(Reveal.Purpose.choices).get(entry.detail.get("purpose"), "")
        told = {"field": field_label(entry.detail.get("field", "")), "purpose": purpose}
        return _("Revealed: %(field)s (%(purpose)s)") % told
    if entry.deed == TAKEN_OUT:
        return _("Exported: %(purpose)s") % {"purpose": entry.detail.get("purpose", "")}
    return _("Opened the page")


def deed_words(deed: str) -> str:
    """What a deed that changes records is called."""
    words = {
        "client.edited": _("Edited"),
        "client.joined": _("Joined"),
        "client.join_undone": _("Taken apart"),
        "client.handed_over": _("Handed over"),
        "client.handover_cancelled": _("Hand-over taken back"),
        "clients.imported": _("Import"),
        "clients.import_undone": _("Import undone"),
        "feed.loaded": _("Feed"),
        "feed.row_released": _("Feed"),
        "feed.row_corrected": _("Feed"),
    }
    return words.get(deed, deed or _("System"))


def _rows_after(client: Client, found: list[ClientChange]) -> dict[int, Any]:
    """For each old row the state that followed it: the next old row of that record, or the record itself."""
    oldest = min((row.pgh_id for row in found), default=0)
    ids = {row.pgh_obj_id for row in found}
    newer = ClientChange.objects.filter(pgh_obj_id__in=ids, pgh_id__gte=oldest)
    states: dict[int, Any] = dict(Client.objects.select_related("branch", "merged_into").in_bulk(ids))
    after = {}
    for row in newer.select_related("branch", "merged_into").order_by("-pgh_id"):
        after[row.pgh_id] = states[row.pgh_obj_id]
        states[row.pgh_obj_id] = row
    return after


def _change(old: ClientChange, new: Any) -> Change:
    told = old.pgh_context or {}
    why = [told.get("reason", ""), _package(told)]
    return Change(
        number=old.pgh_id,
        at=old.pgh_created_at,
        who=told.get("actor_name", ""),
        deed=deed_words(told.get("deed", "")),
        why=" · ".join(part for part in why if part),
        fields=list(_differences(old, new)),
    )


def _without_identity(change: Change) -> Change:
    fields = [field for field in change.fields if field.field not in TELLING]
    return replace(change, fields=fields, why="")


def _package(told: dict[str, Any]) -> str:
    return _("Package of %(day)s") % {"day": told["day"]} if told.get("day") else ""


def _differences(old: Any, new: Any) -> list[FieldChange]:
    labels = field_labels()
    plain = [name for name in PLAIN_FIELDS if _raw(old, name) != _raw(new, name)]
    found = [FieldChange(name, labels[name], _words(old, name), _words(new, name)) for name in plain]
    for field, index in SEALED_AND_INDEX.items():
        if _bytes(old, index) != _bytes(new, index) and _has(old, field) + _has(new, field):
            found.append(FieldChange(field, labels[field], _masked(old, field), _masked(new, field)))
    return found


def _raw(row: Any, field: str) -> Any:
    return getattr(row, row._meta.get_field(field).attname)


def _bytes(row: Any, column: str) -> bytes:
    return bytes(getattr(row, column) or b"")


def _has(row: Any, field: str) -> bool:
    return bool(getattr(row, field))


def _masked(row: Any, field: str) -> str:
    return identifiers.masked(row.client_no, field, getattr(row, field))


def _words(row: Any, field: str) -> str:
    value = getattr(row, field)
    if value in (None, ""):
        return ""
    if field == "branch":
        return str(value.name)
    if field == "declared_outside_assets":
        return formats.money(value)
    if isinstance(value, date):
        return formats.day(value)
    display = getattr(row, f"get_{field}_display", None)
    return str(display() if display else value)
