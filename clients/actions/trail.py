"""The audit trail of client records: every deed on one is noted in the same way."""

from typing import Any

from clients.models import Client
from core import audit


def note(*, actor: audit.Actor, client: Client, deed: str, detail: dict[str, Any] | None = None) -> None:
    """One entry on this client, in the chain of its branch and inside the deed's transaction."""
    audit.record(
        actor=actor,
        deed=deed,
        subject_type="client",
        subject_id=client.client_no,
        unit_code=client.branch.code,
        client_id=client.pk,
        detail=detail,
    )
