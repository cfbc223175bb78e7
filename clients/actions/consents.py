"""Recording what clients allow."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from clients.actions import trail
from clients.models import Client, Consent, ContactStop
from clients.queries import consents as queries
from core import audit
from core.errors import Conflict


@transaction.atomic
def record_consents(
    *,
    actor: audit.Actor,
    client: Client,
    channels: Sequence[str],
    purposes: Sequence[str],
    state: str,
    source: str,
    evidence: str = "",
) -> list[Consent]:
    """Adds one row for each channel and purpose, the same word again included: its evidence may be newer."""
    rows = [
        Consent(
            client=client, channel=channel, purpose=purpose, state=state, source=source, evidence=evidence,
            recorded_by=actor.actor_name,
        )
        for channel in channels
        for purpose in purposes
    ]  # fmt: skip
    written = Consent.objects.bulk_create(rows)
    detail: dict[str, Any] = {
        "channels": list(channels),
        "purposes": list(purposes),
        "state": state,
        "source": source,
    }
    _note(actor, client, "consent.recorded", detail)
    return written


@transaction.atomic
def set_contact_stop(*, actor: audit.Actor, client: Client, stopped: bool, reason: str) -> ContactStop:
    """Stops every contact with the client, or lifts that. Raises Conflict when it is so already."""
    Client.objects.select_for_update(no_key=True).get(pk=client.pk)
    if (queries.stop_in_force(client) is not None) == stopped:
        raise Conflict(_("It stands like this already."), code="no_change")
    row = ContactStop.objects.create(
        client=client, stopped=stopped, reason=reason, recorded_by=actor.actor_name
    )
    _note(actor, client, "client.do_not_contact" if stopped else "client.contact_allowed", {"reason": reason})
    return row


def _note(actor: audit.Actor, client: Client, deed: str, detail: dict[str, Any]) -> None:
    trail.note(actor=actor, deed=deed, client=client, detail=detail)
