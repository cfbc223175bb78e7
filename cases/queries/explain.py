"""Why a deadline is what it is: start, time, hours, and what was passed over."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from cases.models import Case, CaseClock
from core import formats
from trading.business_time import ALWAYS, SHANGHAI, WORKING, WORKING_DAY, Calendar, between, closed_days

MOST_DAYS = 12


@dataclass(frozen=True)
class Explained:
    """A clock with the lines that lead to its deadline; used: share of its time that has passed, 0 to 100."""

    clock: CaseClock
    lines: Sequence[str]
    used: int

    @property
    def tone(self) -> str:
        state = CaseClock.State
        tones = {state.MET: "ok", state.BREACHED: "bad", state.PAUSED: "info"}
        return tones.get(state(self.clock.state), "warn" if self.used >= 80 else "")


def clocks_of(case: Case) -> list[Explained]:
    """Every clock of the case in the order they began, explained with the calendar as it is told now."""
    clocks = list(case.clocks.prefetch_related("pauses").order_by("started_at", "id"))
    if not clocks:
        return []
    calendar = Calendar.from_day(min(clock.started_at for clock in clocks).astimezone(SHANGHAI).date())
    return [_explained(clock, calendar) for clock in clocks]


def amount_words(seconds: int, hours: str) -> str:
    """20 s, 5 min, 2 h, 3 working days, 60 days."""
    day = int(WORKING_DAY.total_seconds()) if hours == WORKING else 86400
    if seconds % day == 0 and hours in (WORKING, ALWAYS):
        number = seconds // day
        if hours == WORKING:
            return ngettext("%(number)s working day", "%(number)s working days", number) % {"number": number}
        return ngettext("%(number)s day", "%(number)s days", number) % {"number": number}
    if seconds % 3600 == 0:
        return _("%(number)s h") % {"number": seconds // 3600}
    if seconds % 60 == 0:
        return _("%(number)s min") % {"number": seconds // 60}
    return _("%(number)s s") % {"number": seconds}


def _explained(clock: CaseClock, calendar: Calendar) -> Explained:
    until = clock.ended_at or timezone.now()
    passed = between(clock.started_at, until, clock.hours, calendar) - _paused(clock, until, calendar)
    used = max(0, min(100, int(100 * passed.total_seconds() / clock.seconds)))
    return Explained(clock, [*_lines(clock, calendar)], used)


def _paused(clock: CaseClock, until: datetime, calendar: Calendar) -> timedelta:
    spans = ((one.from_at, one.to_at or until) for one in clock.pauses.all())
    return sum((between(since, to, clock.hours, calendar) for since, to in spans), timedelta(0))


def _lines(clock: CaseClock, calendar: Calendar) -> list[str]:
    lines = [
        _("Began %(at)s") % {"at": formats.moment(clock.started_at)},
        _("Time allowed: %(amount)s (%(hours)s)")
        % {"amount": amount_words(clock.seconds, clock.hours), "hours": clock.get_hours_display()},
    ]
    end = clock.due_at or timezone.now()
    lines += _closed(clock, end, calendar) if clock.hours != ALWAYS else []
    lines += [_pause_words(one.from_at, one.to_at) for one in clock.pauses.all()]
    if clock.statutory:
        lines.append(_("Set by the regulator: it does not pause"))
    if clock.due_at:
        lines.append(_("So it ends %(at)s; warned at 80 %%, %(warn)s") % {
            "at": formats.moment(clock.due_at), "warn": formats.moment(clock.warn_at)
        })  # fmt: skip
    return lines


def _closed(clock: CaseClock, end: datetime, calendar: Calendar) -> list[str]:
    days = closed_days(clock.started_at, end, calendar)
    if not days:
        return []
    shown = ", ".join(f"{day:%m-%d}" for day in days[:MOST_DAYS]) + (" …" if len(days) > MOST_DAYS else "")
    return [_("Days without trading passed over: %(days)s") % {"days": shown}]


def _pause_words(since: datetime, until: datetime | None) -> str:
    words = {"since": formats.moment(since), "until": formats.moment(until) if until else _("now")}
    return _("Stood still from %(since)s to %(until)s, waiting on the client") % words
