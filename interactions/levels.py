"""Service levels are rebuilt day by day from the conversations; what does not differ is not written."""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.utils import timezone

from core import sql
from core.live import tell

SHANGHAI = ZoneInfo("Asia/Shanghai")
LOCK = 20_260_140  # pg advisory lock: one rebuild at a time uses the stage
SWEPT_DAYS = 8
FCR_DAYS = 7


def midnight(day: date) -> datetime:
    """The first moment of a day in Shanghai."""
    return datetime.combine(day, time.min, SHANGHAI)


def today() -> date:
    return timezone.localdate(timezone=SHANGHAI)


@transaction.atomic
def rebuild(first: date, last: date, *, on: date | None = None) -> int:
    """Makes the figures of these days (in Shanghai, both inside) anew; returns how many rows were written.

    on: the day as which first contact resolution is judged, by default today: it is known for
    conversations that ended more than seven whole days before.
    """
    known_until = midnight((on or today()) - timedelta(days=FCR_DAYS))
    params = {"start": midnight(first), "end": midnight(last + timedelta(days=1)), "known_until": known_until}
    _lock()
    sql.run("interactions", "level_clear")
    sql.run("interactions", "level_stage", params)
    written = sql.run("interactions", "level_delete", params)
    written += sql.run("interactions", "level_upsert", params)
    sql.run("interactions", "level_clear")
    return written


@transaction.atomic
def refresh() -> int:
    """Every minute: today, yesterday, and the earlier days of what was written or changed since."""
    now = today()
    days = {now, now - timedelta(days=1)} | _days("level_days", {})
    written = _rebuild_each(days)
    if written:
        tell("wall", "wall")
    return written


@transaction.atomic
def sweep() -> int:
    """Every night: the last eight days, and the days whose first contact resolution has become known."""
    now = today()
    ripe = midnight(now - timedelta(days=FCR_DAYS))
    matured = _days("level_matured", {"start": ripe - timedelta(days=SWEPT_DAYS), "end": ripe})
    return _rebuild_each(matured | {now - timedelta(days=back) for back in range(SWEPT_DAYS)})


def _days(name: str, params: dict[str, datetime]) -> set[date]:
    return {row["day"] for row in sql.rows("interactions", name, params)}


def _rebuild_each(days: Iterable[date]) -> int:
    """Neighbouring days in one go."""
    written, ordered = 0, sorted(days)
    while ordered:
        count = 1
        while count < len(ordered) and ordered[count] == ordered[count - 1] + timedelta(days=1):
            count += 1
        written += rebuild(ordered[0], ordered[count - 1])
        ordered = ordered[count:]
    return written


def _lock() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
