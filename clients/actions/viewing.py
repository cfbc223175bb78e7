"""Deeds on the client record."""

from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from clients.actions import trail
from clients.models import Client, Opened
from core import audit
from core.models import AuditEntry

VIEW_ONCE_IN = timedelta(minutes=10)


@transaction.atomic
def note_view(*, actor: audit.Actor, client: Client) -> None:
    """Puts on record that somebody opened the client, once in ten minutes; the search box offers it."""
    if actor.actor_kind == "person":
        _opened_now(actor, client)
    since = timezone.now() - VIEW_ONCE_IN
    seen = AuditEntry.objects.filter(
        client_id=client.pk,
        at__gte=since,
        deed="client.viewed",
        actor_kind=actor.actor_kind,
        actor_id=actor.actor_id,
    )
    if not seen.exists():
        trail.note(actor=actor, deed="client.viewed", client=client)


def _opened_now(actor: audit.Actor, client: Client) -> None:
    row = Opened(person_id=actor.actor_id or 0, client=client, at=timezone.now())
    Opened.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["person", "client"], update_fields=["at"]
    )
