"""The audit trail: every deed leaves a row in its own transaction, chained by hash per unit."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.utils import timezone

from core import outbox
from core.models import AuditChain, AuditEntry

FIRM_CHAIN = "firm"


class Actor(Protocol):
    """Whoever does a deed: a person, an API client or the system itself."""

    @property
    def actor_kind(self) -> str: ...
    @property
    def actor_id(self) -> int | None: ...
    @property
    def actor_name(self) -> str: ...


@dataclass(frozen=True)
class SystemActor:
    """The nightly run, a sweeper or a command."""

    actor_name: str = "system"
    actor_kind: str = "system"
    actor_id: int | None = None


SYSTEM = SystemActor()


def entry_hash(entry: AuditEntry) -> str:
    """sha256 over the entry's content and the hash before it."""
    content = [
        entry.previous_hash,
        entry.chain_id,
        entry.position,
        entry.at.astimezone(UTC).isoformat(),
        entry.actor_kind,
        entry.actor_id,
        entry.actor_name,
        entry.deed,
        entry.subject_type,
        entry.subject_id,
        entry.client_id,
        entry.detail,
    ]
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def record(
    *,
    actor: Actor,
    deed: str,
    subject_type: str,
    subject_id: object,
    unit_code: str = "",
    client_id: int | None = None,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Appends one entry to the unit's chain; must run inside the deed's transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An audit entry belongs into its deed's transaction.")
    chain = _locked_chain(unit_code or FIRM_CHAIN)
    entry = AuditEntry(
        chain=chain,
        position=chain.length + 1,
        at=_now(),
        actor_kind=actor.actor_kind,
        actor_id=actor.actor_id,
        actor_name=actor.actor_name,
        deed=deed,
        subject_type=subject_type,
        subject_id=str(subject_id),
        client_id=client_id,
        detail=_plain(detail or {}),
        previous_hash=chain.head,
    )
    entry.hash = entry_hash(entry)
    entry.save(force_insert=True)
    AuditChain.objects.filter(pk=chain.pk).update(length=entry.position, head=entry.hash)
    outbox.tell(entry, unit_code)
    return entry


def _now() -> datetime:
    return timezone.now()


def _plain(detail: dict[str, Any]) -> dict[str, Any]:
    """What JSON gives back, so that the hash can be made again from the stored row."""
    return json.loads(json.dumps(detail, cls=DjangoJSONEncoder))


def _locked_chain(name: str) -> AuditChain:
    AuditChain.objects.bulk_create([AuditChain(name=name)], ignore_conflicts=True)
    return AuditChain.objects.select_for_update().get(pk=name)


def first_break(chain: AuditChain) -> int | None:
    """The position of the first entry that does not fit its chain; None when the chain is whole."""
    previous, position = "", 0
    for entry in AuditEntry.objects.filter(chain=chain).order_by("position").iterator(chunk_size=2000):
        position += 1
        if (entry.position, entry.previous_hash, entry.hash) != (position, previous, entry_hash(entry)):
            return position
        previous = entry.hash
    return None if (position, previous) == (chain.length, chain.head) else position + 1
