"""Unsubscribing: an SMS with T, or the link in a mail. What was withdrawn stands in the client's consents."""

from django.conf import settings
from django.core import signing
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from clients.actions.consents import record_consents
from clients.models import Client, Consent
from core import audit
from interactions.actions.log import Entry, log_interaction
from interactions.channels.known import WAYS
from interactions.models import Contact, Delivery, Line
from interactions.queries.contacts import candidates

SALT = "unsubscribe"
WORDS = frozenset({"t", "td", "退订"})
UNASKED = [purpose for purpose in Consent.Purpose.values if purpose != Consent.Purpose.SERVICE]


def wants_out(line: Line, text: str) -> bool:
    """Whether an SMS is the word for unsubscribing."""
    return line.adapter == Line.Adapter.SMS and text.strip().casefold() in WORDS


def leave_url(delivery: Delivery) -> str:
    """The address under which the recipient says that such mail is not wanted; '' for service messages."""
    if delivery.purpose == Consent.Purpose.SERVICE or delivery.line.adapter != Line.Adapter.EMAIL:
        return ""
    token = signing.dumps(str(delivery.key), salt=SALT)
    return f"{settings.PUBLIC_URL}{reverse('unsubscribe', args=[token])}"


def delivery_of(token: str) -> Delivery | None:
    """The message whose link this is; None for a made-up one."""
    try:
        key = signing.loads(token, salt=SALT)
    except signing.BadSignature:
        return None
    return Delivery.objects.select_related("client", "contact", "line").filter(key=key).first()


@transaction.atomic
def leave_by_link(*, delivery: Delivery) -> None:
    """Withdraws the consent for mail of this purpose; once more does no harm."""
    if delivery.contact is not None:
        _mark(delivery.contact)
    if delivery.client is not None:
        _withdraw(delivery.client, delivery.line, [delivery.purpose], f"delivery {delivery.pk}")


@transaction.atomic
def leave_by_word(*, line: Line, contact: Contact, event_pk: int) -> None:
    """Withdraws the consents of everybody this number belongs to, and notes it in the log."""
    _mark(contact)
    found = candidates(contact)
    for client in found:
        _withdraw(client, line, UNASKED, f"event {event_pk}")
        _write_down(line, contact, client)
    if not found:
        _write_down(line, contact, None)


def _mark(contact: Contact) -> None:
    Contact.objects.filter(pk=contact.pk, unsubscribed_at__isnull=True).update(unsubscribed_at=timezone.now())


def _withdraw(client: Client, line: Line, purposes: list[str], evidence: str) -> None:
    record_consents(
        actor=audit.SYSTEM, client=client, channels=[WAYS[line.adapter].consent], purposes=purposes,
        state=Consent.State.WITHDRAWN, source=Consent.Source.MESSAGE, evidence=evidence,
    )  # fmt: skip


def _write_down(line: Line, contact: Contact, client: Client | None) -> None:
    now = timezone.now()
    entry = Entry(
        channel=WAYS[line.adapter].channel, direction="in", category="unsorted", summary="退订",
        started_at=now, ended_at=now, messages=1,
    )  # fmt: skip
    log_interaction(actor=audit.SYSTEM, client=client, contact=contact, unit=line.unit, entry=entry)
