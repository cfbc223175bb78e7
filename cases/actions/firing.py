"""Warnings and escalation: clocks whose moment has come tell the next one up the line, once."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from cases.actions import clocks, telling, trail
from cases.models import CaseClock, ClockFiring
from cases.queries.lines import HEAD, LEAD, WARNING
from core import audit
from trading.business_time import Calendar, add

AT_ONCE = 100
SHORTEST_STEP = 1800  # seconds between two steps up the line


def fire_due(now: datetime | None = None) -> int:
    """Tells of every clock whose moment has come; how many told something.

    Many workers may do this at once: each takes rows that nobody else holds, and what was told is marked in
    the same transaction.
    """
    at, fired = now or timezone.now(), 0
    while taken := _fire_some(at):
        fired += taken
    return fired


@transaction.atomic
def _fire_some(now: datetime) -> int:
    due = CaseClock.objects.select_for_update(skip_locked=True, of=("self",)).filter(next_at__lte=now)
    rows = due.select_related("case", "case__unit", "case__client", "case__client__branch", "case__owner")
    taken = list(rows.order_by("next_at", "id")[:AT_ONCE])
    for clock in taken:
        _fire(clock, now)
    return len(taken)


def _fire(clock: CaseClock, now: datetime) -> None:
    """The next level; one that was overdue before anybody looked is not warned of any more."""
    overdue = clock.due_at is not None and clock.due_at <= now
    level = max(clock.level + 1, LEAD) if overdue else WARNING
    firing, fresh = ClockFiring.objects.get_or_create(clock=clock, level=level, defaults={"at": now})
    if fresh:
        firing.people = telling.clock_fired(clock, level)
        firing.save(update_fields=["people"])
    clock.level = level
    if overdue:
        clock.state = CaseClock.State.BREACHED
        trail.note(actor=audit.SYSTEM, case=clock.case, kind="escalated", clock=clock.kind, level=level)
    clock.next_at = _next(clock, now)
    clock.save(update_fields=["level", "state", "next_at"])
    clocks.sync(clock.case)


def _next(clock: CaseClock, now: datetime) -> datetime | None:
    """After the warning the deadline; then one step up after half the clock's time again, to the top."""
    if clock.level == WARNING or clock.due_at is None:
        return clock.due_at
    if clock.level >= HEAD:
        return None
    step = timedelta(seconds=max(clock.seconds // 2, SHORTEST_STEP))
    return add(max(clock.due_at, now), step, clock.hours, Calendar.from_day(now.date() - timedelta(days=1)))
