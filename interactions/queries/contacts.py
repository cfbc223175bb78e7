"""Who a contact may be: by what people linked, and by the numbers and emails of the client records."""

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
    linked = ContactLink.objects.filter(contact=contact, ended_at__isnull=True).values("client_id")
    found = Client.objects.filter(pk__in=linked) | _by_record(contact)
    ids = {client.merged_into_id or client.pk for client in found.only("pk", "merged_into_id")}
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


def _by_record(contact: Contact) -> QuerySet[Client]:
    if contact.kind not in (Kind.PHONE, Kind.EMAIL):
        return Client.objects.none()
    address = address_of(contact)
    if contact.kind == Kind.PHONE:
        number = mobile_blind_index(address)
        own, further = Q(mobile_index=number), Q(mobile_index=number)
    else:
        email = email_blind_index(address)
        own, further = Q(email_index=email), Q(email_index=email)
    points = ContactPoint.objects.in_use().filter(further).values("client_id")
    return Client.objects.filter(own) | Client.objects.filter(pk__in=points)
