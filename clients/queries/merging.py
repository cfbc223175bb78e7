"""Which records speak for which, and what a join would bring together."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from clients import identifiers
from clients.models import Client, Merge
from core import formats
from core.registry import client_parts

# what people keep by hand on the record itself (docs/decisions/0030)
HAND_KEPT = ("short_name", "occupation", "remark", "declared_outside_assets")
# shown beside them, so that nobody joins two different people
COMPARED = (
    "name",
    "kind",
    "id_type",
    "id_number",
    "birth_date",
    "mobile",
    "email",
    "address",
    "branch",
    "manager_no",
    "status",
    "opened_on",
)


def client_and_merged_ids(client: Client) -> list[int]:
    """The record's own id and those of all records merged into it; what any of them keeps is shown here."""
    return client.record_ids


def survivor_of(client: Client) -> Client:
    """The record that speaks for this one; joins are kept flat, so it is one step away at most."""
    return client if client.merged_into is None else client.merged_into


def merges_of(user: Any) -> QuerySet[Merge]:
    """Joins the reader may see, newest first, with both records."""
    found = Merge.objects.visible_to(user).select_related(
        "survivor__branch", "merged__branch", "proposed_by", "decided_by", "undone_by"
    )
    return found.order_by("-id")


@dataclass(frozen=True)
class FieldPair:
    """A field of two records side by side; `same` goes by the values themselves, not by their masks."""

    name: str
    label: str
    left: str
    right: str
    same: bool


def shown(client: Client, field: str) -> str:
    """A field's value as a person with sight of the client may read it: personal numbers masked."""
    if field in identifiers.SEALED_FIELDS:
        return identifiers.masked(client.client_no, field, getattr(client, field))
    if field == "branch":
        return client.branch.name
    if field == "declared_outside_assets":
        value = client.declared_outside_assets
        return "" if value is None else formats.money(value)
    display = getattr(client, f"get_{field}_display", None)
    value = display() if display else getattr(client, field)
    return "" if value is None else str(value)


def side_by_side(left: Client, right: Client, fields: tuple[str, ...]) -> list[FieldPair]:
    labels = field_labels()
    return [
        FieldPair(name, labels[name], shown(left, name), shown(right, name), _same(left, right, name))
        for name in fields
    ]


def _same(left: Client, right: Client, field: str) -> bool:
    if field not in identifiers.SEALED_FIELDS:
        return getattr(left, field) == getattr(right, field)
    values = (identifiers.unseal(one.client_no, field, getattr(one, field)) for one in (left, right))
    ours, theirs = (value.strip().upper() for value in values)
    return ours == theirs


def field_labels() -> dict[str, str]:
    """What the pages call the fields of the record."""
    return {
        "client_no": _("Client number"),
        "kind": _("Kind"),
        "name": _("Name"),
        "id_type": _("Document"),
        "id_number": _("ID number"),
        "id_expires_on": _("Document valid to"),
        "birth_date": _("Birth date"),
        "sex": _("Sex"),
        "mobile": _("Mobile"),
        "email": _("Email"),
        "address": _("Address"),
        "branch": _("Branch"),
        "manager_no": _("Manager"),
        "status": _("Status"),
        "opened_on": _("Opened on"),
        "closed_on": _("Closed on"),
        "callback_passed_on": _("Callback passed on"),
        "risk_level": _("Risk level"),
        "risk_assessed_on": _("Risk assessed on"),
        "investor_class": _("Investor class"),
        "declared_outside_assets": _("Declared assets elsewhere"),
        "short_name": _("Short name"),
        "occupation": _("Occupation"),
        "remark": _("Remark"),
        "merged_into": _("Joined with"),
    }


@dataclass(frozen=True)
class Moving:
    """A kind of thing that would be shown with the survivor, and how many of it."""

    title: str
    count: int


def dry_run(merged: Client) -> list[Moving]:
    """What the merged record keeps and would be shown with the survivor; nothing is changed."""
    parts = [Moving(_(part.title), part.count(client_and_merged_ids(merged))) for part in client_parts()]
    return [part for part in parts if part.count]


def parts_of_both(left: Client, right: Client) -> list[tuple[str, int, int]]:
    """What either record keeps, as (kind of thing, how many left, how many right)."""
    counted = [
        (_(part.title), part.count(client_and_merged_ids(left)), part.count(client_and_merged_ids(right)))
        for part in client_parts()
    ]
    return [row for row in counted if row[1] or row[2]]


def results(merge: Merge) -> list[tuple[str, str, str]]:
    """What the join changes on the survivor: (field, before, afterwards)."""
    labels = field_labels()
    return [
        (labels[name], _words(step["from"]), _words(step["to"]))
        for name, step in sorted(merge.choices.items())
    ]


def survivor_no(user: Any, client_no: str) -> str:
    """The number of the record that speaks for a merged one; empty unless the reader sees both."""
    merged = Client.objects.visible_to(user).filter(client_no=client_no, merged_into__isnull=False)
    number = merged.values_list("merged_into__client_no", flat=True).first()
    return number if number and Client.objects.visible_to(user).filter(client_no=number).exists() else ""


def _words(value: Any) -> str:
    return "" if value is None else str(value)
