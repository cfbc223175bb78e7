"""The audit trail: every deed leaves a row in its own transaction, chained by hash per unit."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import groupby
from typing import Any, Protocol

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from core import outbox
from core.models import AuditChain, AuditEntry

FIRM_CHAIN = "firm"
COLUMNS = (
    "chain_id", "position", "at", "actor_kind", "actor_id", "actor_name", "deed", "subject_type",
    "subject_id", "client_id", "previous_hash", "hash",
)  # fmt: skip
LOCK = "SELECT length, head FROM core_auditchain WHERE name = %s FOR UPDATE"
APPEND = f"""
WITH entry AS (
    INSERT INTO core_auditentry ({", ".join(COLUMNS)}, detail)
    VALUES ({", ".join(f"%({column})s" for column in COLUMNS)}, %(detail)s) RETURNING id
), chain AS (
    UPDATE core_auditchain SET length = %(position)s, head = %(hash)s WHERE name = %(chain_id)s
)
SELECT id FROM entry
"""


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
    name = unit_code or FIRM_CHAIN
    length, head = _locked_chain(name)
    subject = Subject(subject_type, subject_id, unit_code, client_id, detail or {})
    entry = _entry(actor, deed, subject, length + 1, head, _now())
    _append(entry)
    outbox.tell(entry, unit_code)
    return entry


@dataclass(frozen=True)
class Subject:
    """What one of many equal deeds was done to; the fields are those of `record`."""

    subject_type: str
    subject_id: object
    unit_code: str = ""
    client_id: int | None = None
    detail: dict[str, Any] = field(default_factory=dict)

    @property
    def chain(self) -> str:
        return self.unit_code or FIRM_CHAIN


def record_many(*, actor: Actor, deed: str, subjects: Iterable[Subject]) -> None:
    """One entry for each subject, as `record` writes them; a chain is locked once, in the order of names."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("An audit entry belongs into its deed's transaction.")
    for name, some in groupby(sorted(subjects, key=lambda one: one.chain), key=lambda one: one.chain):
        told = list(some)
        length, head = _locked_chain(name)
        entries: list[AuditEntry] = []
        for position, subject in enumerate(told, length + 1):
            entries.append(_entry(actor, deed, subject, position, head, _now()))
            head = entries[-1].hash
        AuditEntry.objects.bulk_create(entries)
        AuditChain.objects.filter(name=name).update(length=length + len(entries), head=head)
        outbox.tell_many(entries, told[0].unit_code)


def _entry(
    actor: Actor, deed: str, subject: Subject, position: int, previous_hash: str, at: datetime
) -> AuditEntry:
    entry = AuditEntry(
        chain_id=subject.chain,
        position=position,
        at=at,
        actor_kind=actor.actor_kind,
        actor_id=actor.actor_id,
        actor_name=actor.actor_name,
        deed=deed,
        subject_type=subject.subject_type,
        subject_id=str(subject.subject_id),
        client_id=subject.client_id,
        detail=_plain(subject.detail),
        previous_hash=previous_hash,
    )
    entry.hash = entry_hash(entry)
    return entry


def _now() -> datetime:
    return timezone.now()


def _plain(detail: dict[str, Any]) -> dict[str, Any]:
    """What JSON gives back, so that the hash can be made again from the stored row."""
    return json.loads(json.dumps(detail, cls=DjangoJSONEncoder))


def _locked_chain(name: str) -> tuple[int, str]:
    """(length, head) of the chain, which nobody else can lengthen until this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK, [name])
        found = cursor.fetchone()
    if found is None:
        AuditChain.objects.bulk_create([AuditChain(name=name)], ignore_conflicts=True)
        return _locked_chain(name)
    return found[0], found[1]


def _append(entry: AuditEntry) -> None:
    """Writes the entry and moves the chain's head in one statement: every deed comes through here."""
    values = {field: getattr(entry, field) for field in COLUMNS} | {"detail": json.dumps(entry.detail)}
    with connection.cursor() as cursor:
        cursor.execute(APPEND, values)
        (entry.pk,) = cursor.fetchone()


def first_break(chain: AuditChain) -> int | None:
    """The position of the first entry that does not fit its chain; None when the chain is whole.

    Deeds may go on meanwhile: what is checked is the chain up to the length that was read with it.
    """
    previous, position = "", 0
    entries = AuditEntry.objects.filter(chain=chain, position__lte=chain.length).order_by("position")
    for entry in entries.iterator(chunk_size=2000):
        position += 1
        if (entry.position, entry.previous_hash, entry.hash) != (position, previous, entry_hash(entry)):
            return position
        previous = entry.hash
    if (position, previous) != (chain.length, chain.head):
        return position + 1
    beyond = AuditEntry.objects.filter(chain=chain, position__gt=F("chain__length"))
    return beyond.order_by("position").values_list("position", flat=True).first()
