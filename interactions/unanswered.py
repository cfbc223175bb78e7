"""Which clients nobody reaches: told from the log to the clients' worklist, every hour and set-based."""

from datetime import datetime, timedelta

from django.db import connection, transaction
from django.utils import timezone

from core import sql

ATTEMPTS = 3  # in a row
LOOKED_BACK = timedelta(days=90)
LOCK = 7_011_044  # one at a time


@transaction.atomic
def refresh(now: datetime | None = None) -> int:
    """Puts the clients' unanswered attempts right; returns how many rows changed."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    since = (now or timezone.now()) - LOOKED_BACK
    return sql.run("interactions", "unanswered", {"since": since, "attempts": ATTEMPTS})
