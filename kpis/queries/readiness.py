"""When the cards of a period may be confirmed, and until when what has to be done."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from core.runs import last_finished
from kpis.models import PeriodBuild, Terms
from kpis.rules import Period, parse_period
from trading.queries import first_month, loaded_days, trading_days

SPAN = timedelta(days=150)  # holds sixty trading days twice with the longest holidays


@dataclass(frozen=True)
class Readiness:
    """How far a period is. Days are None while the exchange's calendar does not reach them.

    missing: trading days of the period without a loaded package. ready_on: T + settle_days trading days.
    """

    period: Period
    as_of: date | None
    missing: tuple[date, ...]
    ready_on: date | None
    confirm_by: date | None
    sign_by: date | None
    appeal_by: date | None
    is_required: bool

    @property
    def is_ready(self) -> bool:
        """Feeds complete, and the last run is as of the day when cards are ready, or later."""
        settled = self.ready_on is not None and self.as_of is not None and self.as_of >= self.ready_on
        return settled and not self.missing

    def is_late(self, today: date) -> bool:
        """Whether everything should be signed by now."""
        return self.is_required and self.is_ready and self.sign_by is not None and today > self.sign_by


def readiness(period: Period) -> Readiness:
    """The period as the last finished run and the loaded packages have it."""
    return of_periods([period])[period.name]


def all_periods() -> dict[str, Readiness]:
    """Every period that has cards, by name."""
    names = PeriodBuild.objects.order_by("-start", "period").values_list("period", flat=True)
    return of_periods([parse_period(name) for name in names])


def of_periods(periods: Iterable[Period]) -> dict[str, Readiness]:
    """These periods by name, read together."""
    wanted = list(periods)
    if not wanted:
        return {}
    start, end = min(one.start for one in wanted), max(one.end for one in wanted)
    run, terms = last_finished(), list(Terms.objects.order_by("-effective_on"))
    sessions, loaded = trading_days(start, end + SPAN), set(loaded_days(end))
    opening = first_month(end)
    as_of = run.as_of if run else None

    def told(period: Period) -> Readiness:
        days = [day for day in sessions if period.end < day]
        due = [day for day in sessions if max(period.start, opening) <= day <= period.end]
        missing = tuple(day for day in due if day not in loaded)
        return _readiness(period, as_of, missing, days, _in_force(terms, period.end))

    return {period.name: told(period) for period in wanted}


def _in_force(terms: Sequence[Terms], day: date) -> Terms:
    return next(one for one in terms if one.effective_on <= day)


def _readiness(
    period: Period, as_of: date | None, missing: tuple[date, ...], days: list[date], terms: Terms
) -> Readiness:
    def after(number: int) -> date | None:
        if number == 0:
            return period.end
        return days[number - 1] if number <= len(days) else None

    settle = terms.settle_days
    return Readiness(
        period=period, as_of=as_of, missing=missing, ready_on=after(settle),
        confirm_by=after(settle + terms.confirm_days), sign_by=after(settle + terms.sign_days),
        appeal_by=after(settle + terms.appeal_days), is_required=terms.is_required,
    )  # fmt: skip
