"""Who a contact may be: by what people linked, and by the numbers and emails of the client records."""

from django.db.models import Q, QuerySet

from clients.identifiers import email_blind_index, mobile_blind_index, normal_mobile
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
