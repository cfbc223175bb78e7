"""Events for other systems: those deeds of the audit trail that a module names among its `event_types`.

An event is written in its deed's transaction, so there is none without the deed and no deed without it. It
says what happened to which subject where, never the content: who is told reads that with an own scope.
Transactions end in another order than they write; so an event gets its position only when it is collected,
after its commit, and a reader who goes on after the last position it saw misses none.
"""

from collections.abc import Sequence
from datetime import timedelta

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from core import sql
from core.models import AuditEntry, OutboxMessage
from core.registry import event_types

KEPT_FOR = timedelta(days=30)
COLLECTED_AT_ONCE = 10_000
TELL = """
INSERT INTO core_outboxmessage (event, unit_code, subject_type, subject_id, at) VALUES (%s, %s, %s, %s, %s)
"""
LOCK = 7_011_003  # of the one who numbers


def tell(entry: AuditEntry, unit_code: str) -> None:
    """Writes the event of this deed, when other systems are to be told of it."""
    if entry.deed in event_types():
        with connection.cursor() as cursor:
            cursor.execute(TELL, [entry.deed, unit_code, entry.subject_type, entry.subject_id, entry.at])


def tell_many(entries: Sequence[AuditEntry], unit_code: str) -> None:
    """As `tell`, for entries of one deed and unit."""
    if entries and entries[0].deed in event_types():
        OutboxMessage.objects.bulk_create(
            OutboxMessage(
                event=entry.deed, unit_code=unit_code, subject_type=entry.subject_type,
                subject_id=entry.subject_id, at=entry.at,
            )
            for entry in entries
        )  # fmt: skip


@transaction.atomic
def collect() -> int:
    """Numbers the events committed since; one at a time, so that positions appear in their order."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    return sql.run("core", "number_events", {"most": COLLECTED_AT_ONCE})


def collected() -> QuerySet[OutboxMessage]:
    """Events with their position, new ones included."""
    collect()
    return OutboxMessage.objects.filter(position__isnull=False)


def forget_old() -> int:
    """Deletes events older than 30 days; returns how many."""
    return OutboxMessage.objects.filter(at__lt=timezone.now() - KEPT_FOR).delete()[0]
