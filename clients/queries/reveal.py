"""Where the personal values of a client stand, and what is said of each."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from clients import identifiers
from clients.models import Client, ContactPoint, Relation, Reveal
from core import crypto

CONTACT, RELATION = "contact-", "relation-"
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Sealed:
    """One personal value of a client: its field as an address says it, its name, and where it is opened."""

    field: str
    label: str
    content: bytes
    context: str

    @property
    def plain(self) -> str:
        return crypto.unseal(self.content, self.context)


def sealed_value(client: Client, field: str) -> Sealed | None:
    """The value that `field` names on the client's page; None where there is none."""
    if field in identifiers.SEALED_FIELDS:
        content = getattr(client, field)
        context = identifiers.seal_context(client.client_no, field)
        return Sealed(field, field_label(field), content, context) if content else None
    if field.startswith(CONTACT):
        return _of_contact(client, field)
    return _of_relation(client, field) if field.startswith(RELATION) else None


def masked_value(client: Client, field: str) -> str:
    """The value as everyone with sight of the client may read it; empty where there is none."""
    found = sealed_value(client, field)
    if found is None:
        return ""
    return identifiers.masked_text(_mask_kind(client, field), found.plain)


def field_label(field: str) -> str:
    """What pages call a personal field."""
    words = {
        "id_number": _("ID number"),
        "mobile": _("Mobile"),
        "email": _("Email"),
        "address": _("Address"),
    }
    return words.get(field, _("Contact point"))


def reveals_within_the_hour(person_id: int) -> QuerySet[Reveal]:
    """What a person revealed in the last sixty minutes, oldest first."""
    return Reveal.objects.filter(person_id=person_id, at__gt=timezone.now() - HOUR).order_by("at")


def _of_contact(client: Client, field: str) -> Sealed | None:
    number = _number(field, CONTACT)
    found = ContactPoint.objects.filter(client_id__in=client.record_ids, pk=number).first()
    if found is None:
        return None
    return Sealed(field, str(found.get_kind_display()), bytes(found.value), found.context)


def _of_relation(client: Client, field: str) -> Sealed | None:
    number = _number(field, RELATION)
    found = Relation.objects.about(client.record_ids).filter(pk=number).first()
    if found is None or not found.other_mobile:
        return None
    return Sealed(field, _("Mobile"), found.other_mobile, found.context)


def _number(field: str, prefix: str) -> int:
    text = field.removeprefix(prefix)
    return int(text) if text.isdigit() and len(text) < 19 else 0


def _mask_kind(client: Client, field: str) -> str:
    if field.startswith(CONTACT):
        return ContactPoint.objects.only("kind").get(pk=_number(field, CONTACT)).kind
    return "mobile" if field.startswith(RELATION) else field
