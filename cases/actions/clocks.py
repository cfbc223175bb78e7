"""Starting, pausing, going on and ending of a case's clocks. Only called inside the deeds on cases."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db.models import Max, Min

from cases.models import Case, CaseClock, ClockKind, ClockPause
from cases.queries.types import band_of, times_for
from trading.business_time import Calendar, add, between

State = CaseClock.State
WARNS_AT = 0.8  # of the time


def begin(case: Case, at: datetime, *, heard_at: datetime | None = None) -> list[CaseClock]:
    """Starts the clocks of the case's type, channel and tier.

    heard_at: when the client began to wait for a first answer, where that was before the case was opened.
    """
    calendar = Calendar.from_day(min(at, heard_at or at).date() - timedelta(days=1))
    made = []
    for time in times_for(case.type_version, case.channel, band_of(case.tier)):
        first = time.kind == ClockKind.FIRST_RESPONSE
        clock = CaseClock(
            case=case, kind=time.kind, statutory=time.statutory, hours=time.hours, seconds=time.seconds,
            started_at=heard_at if first and heard_at else at,
        )  # fmt: skip
        made.append(_timed(clock, calendar))
    CaseClock.objects.bulk_create(made)
    sync(case)
    return made


def begin_again(case: Case, at: datetime) -> None:
    """The clocks of the end run once more when a case is reopened; the last day by law stays what it was."""
    calendar = Calendar.from_day(case.opened_at.date() - timedelta(days=1))
    ends = (ClockKind.RESOLUTION, ClockKind.HARD_STOP)
    newest: dict[str, CaseClock] = {clock.kind: clock for clock in case.clocks.filter(kind__in=ends)}
    for old in newest.values():
        started = old.started_at if old.kind == ClockKind.HARD_STOP else at
        clock = CaseClock(
            case=case, kind=old.kind, round=old.round + 1, statutory=old.statutory, hours=old.hours,
            seconds=old.seconds, started_at=started,
        )  # fmt: skip
        _timed(clock, calendar).save()
    sync(case)


def stop(case: Case, kinds: Iterable[str], at: datetime) -> None:
    """What these clocks waited for was done at this moment: met in time, or late after all."""
    for clock in case.clocks.select_for_update().filter(kind__in=list(kinds), ended_at__isnull=True):
        _close_pause(clock, at)
        late = clock.state == State.BREACHED or (clock.due_at is not None and at > clock.due_at)
        clock.state = State.BREACHED if late else State.MET
        clock.ended_at, clock.next_at = at, None
        clock.save()
    sync(case)


def stop_all(case: Case, at: datetime) -> None:
    """Nothing more is waited for, such as when the case joined another one."""
    stop(case, ClockKind.values, at)


def pause(case: Case, at: datetime) -> None:
    """Clocks that are not set by law stand still from now on; breached ones have nothing left to save."""
    running = case.clocks.select_for_update().filter(state=State.RUNNING, statutory=False)
    for clock in running:
        clock.state = State.PAUSED
        clock.due_at = clock.warn_at = clock.next_at = None
        clock.save()
        ClockPause.objects.create(clock=clock, from_at=at)
    sync(case)


def go_on(case: Case, at: datetime) -> None:
    """Clocks that stood still run on, with as much time left as they had."""
    calendar = None
    for clock in case.clocks.select_for_update().filter(state=State.PAUSED):
        _close_pause(clock, at)
        calendar = calendar or Calendar.from_day(case.opened_at.date() - timedelta(days=1))
        clock.state = State.RUNNING
        _timed(clock, calendar).save()
    sync(case)


def stretch(case: Case, kind: str, seconds: int) -> None:
    """A clock that is not over gets another time; one that was breached runs again when that suffices."""
    calendar = Calendar.from_day(case.opened_at.date() - timedelta(days=1))
    for clock in case.clocks.select_for_update().filter(kind=kind, ended_at__isnull=True):
        clock.seconds, clock.level, clock.state = seconds, 0, State.RUNNING
        _timed(clock, calendar).save()
        clock.firings.all().delete()
    sync(case)


def sync(case: Case) -> None:
    """Keeps beside the case when its nearest clock runs out and how far it was escalated."""
    unfinished = CaseClock.objects.filter(case=case, ended_at__isnull=True)
    found = unfinished.aggregate(due=Min("due_at"), level=Max("level"))
    case.next_due_at, case.escalated = found["due"], max((found["level"] or 0) - 1, 0)
    Case.objects.filter(pk=case.pk).update(next_due_at=case.next_due_at, escalated=case.escalated)


def _timed(clock: CaseClock, calendar: Calendar) -> CaseClock:
    """With deadline and warning as start, time, calendar and pauses give them."""
    paused = timedelta(0)
    if clock.pk:
        spans = [(one.from_at, one.to_at) for one in clock.pauses.all() if one.to_at]
        paused = sum((between(since, until, clock.hours, calendar) for since, until in spans), timedelta(0))
    whole = timedelta(seconds=clock.seconds)
    clock.due_at = add(clock.started_at, whole + paused, clock.hours, calendar)
    clock.warn_at = add(clock.started_at, whole * WARNS_AT + paused, clock.hours, calendar)
    clock.next_at = clock.warn_at if clock.level == 0 else clock.due_at
    return clock


def _close_pause(clock: CaseClock, at: datetime) -> None:
    clock.pauses.filter(to_at__isnull=True).update(to_at=at)
