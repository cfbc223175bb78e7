"""Quiet hours: when nobody is disturbed by a message that can wait. Shanghai time, every day."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")
NIGHT_FROM, MORNING = time(20, 30), time(9, 0)
NOON_FROM, NOON_UNTIL = time(12, 0), time(13, 30)


def quiet_until(moment: datetime) -> datetime | None:
    """The end of the quiet hours this moment lies in; None outside of them. The end itself is not quiet."""
    local = moment.astimezone(SHANGHAI)
    clock, day = local.time(), local.date()
    if clock >= NIGHT_FROM:
        return datetime.combine(day + timedelta(days=1), MORNING, SHANGHAI)
    if clock < MORNING:
        return datetime.combine(day, MORNING, SHANGHAI)
    if NOON_FROM <= clock < NOON_UNTIL:
        return datetime.combine(day, NOON_UNTIL, SHANGHAI)
    return None
