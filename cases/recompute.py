"""Deadlines of running clocks, made anew for whole tables from calendar, sessions and pauses."""

from datetime import date, timedelta

from django.db import connection, transaction
from django.db.models import Min
from django.utils import timezone

from cases.models import CaseClock
from core import sql
from trading.business_time import ALWAYS, TRADING, WORKING
from trading.queries import know_years

LOCK = 20_260_501  # pg advisory lock: one evaluation at a time
LOOKS_AHEAD = timedelta(days=800)
HOURS = (ALWAYS, TRADING, WORKING)


@transaction.atomic
def evaluate() -> int:
    """Sets the deadline of every running clock to what holds today; returns how many differed.

    A clock that was breached stays so: what was told cannot be taken back.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    first = CaseClock.objects.filter(state=CaseClock.State.RUNNING).aggregate(first=Min("started_at"))[
        "first"
    ]
    if first is None:
        return 0
    today = timezone.localdate()
    know_years(range(first.year, today.year + 1))
    days = _days(first.date(), today)
    changed = sum(sql.run("cases", "clock_evaluate", {**days, "hours": hours}) for hours in HOURS)
    if changed:
        sql.run("cases", "case_due")
    return changed


def _days(first: date, today: date) -> dict[str, date]:
    return {"first_day": first - timedelta(days=1), "last_day": today + LOOKS_AHEAD}
