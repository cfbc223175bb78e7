"""The audit trail of client records: every deed on one is noted in the same way."""

from typing import Any

from clients.models import Client
from core import audit


def note(*, actor: audit.Actor, client: Client, deed: str, detail: dict[str, Any] | None = None) -> None:
    """One entry on this client, in the chain of its branch and inside the deed's transaction."""
    audit.record(actor=actor, deed=deed, **vars(subject(client, detail)))


def subject(client: Client, detail: dict[str, Any] | None = None) -> audit.Subject:
    """The client as what a deed was done to."""
    return audit.Subject("client", client.client_no, client.branch.code, client.pk, detail or {})
