"""Who a contact may be: by what people linked, and by the numbers and emails of the client records."""

from typing import Any

from django.db.models import Q, QuerySet

from clients.identifiers import email_blind_index, mobile_blind_index, normal_mobile, unseal
from clients.models import Client, ContactPoint
from core import crypto
from interactions.models import Contact, ContactLink

Kind = Contact.Kind


def normal_address(kind: str, address: str) -> str:
    """An address as it is compared: digits of numbers, emails in lower case, others as told."""
    if kind == Kind.PHONE:
        return normal_mobile(address)
    return address.strip().lower() if kind == Kind.EMAIL else address.strip()


def address_index(kind: str, address: str) -> bytes | None:
    """The blind index that finds the contact again; None without an address."""
    return crypto.blind_index(normal_address(kind, address), f"contact:{kind}")


def address_of(contact: Contact) -> str:
    """The address in clear, for those who may see it."""
    return crypto.unseal(contact.address, contact.context)


def candidates(contact: Contact) -> list[Client]:
    """The clients this contact may be: linked ones and those with its number or email; merged ones as one."""
    linked = ContactLink.objects.filter(contact=contact, ended_at__isnull=True)
    found = linked.values_list("client_id", "client__merged_into_id").union(*_by_record(contact), all=True)
    ids = {merged_into or client for client, merged_into in found}
    if not ids:
        return []
    speaking = Client.objects.filter(pk__in=ids).select_related("standing", "branch")
    return list(speaking.order_by("client_no"))


def recipient(kind: str, client: Client) -> str:
    """Where to write to a client: the preferred contact point, the record, or the account linked last."""
    point_kind = {Kind.PHONE: "mobile", Kind.EMAIL: "email"}.get(Kind(kind))
    if point_kind is None:
        return _linked_address(kind, client)
    points = ContactPoint.objects.in_use().filter(client_id__in=client.record_ids, kind=point_kind)
    point = points.order_by("-preferred", "-id").first()
    if point is not None and (point.preferred or not getattr(client, point_kind)):
        return crypto.unseal(point.value, point.context)
    return unseal(client.client_no, point_kind, getattr(client, point_kind))


def _linked_address(kind: str, client: Client) -> str:
    linked = Contact.objects.filter(
        kind=kind, links__client_id__in=client.record_ids, links__ended_at__isnull=True
    )
    newest = linked.order_by("-last_seen_at").first()
    return address_of(newest) if newest else ""


def _by_record(contact: Contact) -> list[QuerySet[Any, tuple[int, int | None]]]:
    """Clients (id, and of merged ones whom they went into) by the number or email of their records.

    Each by an index of its own: put into one condition with "or" they would be sought by reading all clients.
    """
    if contact.kind not in (Kind.PHONE, Kind.EMAIL):
        return []
    address = address_of(contact)
    if contact.kind == Kind.PHONE:
        same = Q(mobile_index=mobile_blind_index(address))
    else:
        same = Q(email_index=email_blind_index(address))
    points = ContactPoint.objects.in_use().filter(same)
    return [
        Client.objects.filter(same).values_list("pk", "merged_into_id"),
        points.values_list("client_id", "client__merged_into_id"),
    ]
