"""What is missing or has run out on records: filters of the client list, counted on the start page."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ContactPoint, Unanswered
from clients.queries.record import listed
from core.keyset import capped_count

SOON = timedelta(days=30)
COUNTED_TO = 1000
OVER = (Client.Status.CLOSED, Client.Status.DECEASED)
GAPS = [
    ("id_expired", _("Identity document expired")),
    ("id_expiring", _("Identity document expires within 30 days")),
    ("assessment_expired", _("Risk assessment expired or missing")),
    ("assessment_expiring", _("Risk assessment ends within 30 days")),
    ("unreachable", _("No mobile that could be right")),
    ("not_reached", _("Not reached, three times in a row or more")),
]


def lacking(clients: QuerySet[Client], gap: str, today: date | None = None) -> QuerySet[Client]:
    """Those of the clients with this gap; closed and deceased ones need nothing any more.

    Served by the partial indexes client_id_expiry, client_assessed and client_unreachable, and by the
    small table clients_unanswered.
    """
    return _FILTERS[gap](clients.exclude(status__in=OVER), today or timezone.localdate())


def count(user: Any, gap: str) -> tuple[int, bool]:
    """How many of the clients in sight have the gap, and whether counting stopped at COUNTED_TO."""
    return capped_count(lacking(listed(user), gap), COUNTED_TO)


def _id_expired(clients: QuerySet[Client], today: date) -> QuerySet[Client]:
    return clients.filter(id_expires_on__lt=today)


def _id_expiring(clients: QuerySet[Client], today: date) -> QuerySet[Client]:
    return clients.filter(id_expires_on__gte=today, id_expires_on__lte=today + SOON)


def _assessment_expired(clients: QuerySet[Client], today: date) -> QuerySet[Client]:
    """An assessment holds to the same day so many years later; one of 29 February to the 28th."""
    missing = Q(risk_assessed_on__isnull=True) | Q(risk_assessed_on__lt=_holds_from(today))
    return clients.filter(missing).exclude(status=Client.Status.PROSPECT)


def _assessment_expiring(clients: QuerySet[Client], today: date) -> QuerySet[Client]:
    """It still holds today, and no more on the day after SOON."""
    ends_soon = Q(
        risk_assessed_on__gte=_holds_from(today),
        risk_assessed_on__lt=_holds_from(today + SOON + timedelta(days=1)),
    )
    return clients.filter(ends_soon).exclude(status=Client.Status.PROSPECT)


def _holds_from(today: date) -> date:
    """The earliest day of an assessment that holds today."""
    month, day = (3, 1) if (today.month, today.day) == (2, 29) else (today.month, today.day)
    return date(today.year - settings.RISK_ASSESSMENT_YEARS, month, day)


def _unreachable(clients: QuerySet[Client], today: date) -> QuerySet[Client]:
    """Neither a mobile from the feeds that could be one, nor a number that people added."""
    other = ContactPoint.objects.filter(client=OuterRef("pk"), kind__in=["mobile", "phone"], ended_at=None)
    return clients.filter(mobile_index__isnull=True).exclude(Exists(other))


def _not_reached(clients: QuerySet[Client], today: date) -> QuerySet[Client]:
    """The newest attempts were all in vain, as the log tells; whoever is reached drops out at once."""
    return clients.filter(Exists(Unanswered.objects.filter(client=OuterRef("pk"))))


_FILTERS: dict[str, Callable[[QuerySet[Client], date], QuerySet[Client]]] = {
    "id_expired": _id_expired,
    "id_expiring": _id_expiring,
    "assessment_expired": _assessment_expired,
    "assessment_expiring": _assessment_expiring,
    "unreachable": _unreachable,
    "not_reached": _not_reached,
}
