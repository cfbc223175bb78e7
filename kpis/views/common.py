"""What pages of the scorecards share: the card, the period, the bar above them."""

from typing import Any

from django.http import Http404

from core.context import figures_run
from kpis.models import Scorecard, Target
from kpis.queries import pages
from kpis.queries.cards import all_revisions
from kpis.rules import Period
from staff.access import PersonRequest

PERIOD_WORDS = dict(Target.PeriodType.choices)


def card_in_sight(request: PersonRequest, pk: int) -> Scorecard:
    """Any revision of a card in sight, or 404."""
    card = all_revisions(request.user).filter(pk=pk).first()
    if card is None:
        raise Http404
    return card


def chosen_period(request: PersonRequest, known: dict[str, list[Period]]) -> Period | None:
    asked = request.GET.get("period", "")
    if not asked:
        run = figures_run(request)
        return pages.default_period(known, run.as_of if run else None)
    period = pages.asked_period(asked)
    if period is None:
        raise Http404
    return period


def period_bar(
    known: dict[str, list[Period]], period: Period, units: list[Scorecard], unit: str
) -> dict[str, Any]:
    """What the period and unit bar needs."""
    return {
        "period": period,
        "types": [(kind, PERIOD_WORDS[kind], found[0]) for kind, found in known.items() if found],
        "periods": known[period.type],
        "units": units,
        "unit": unit,
    }
