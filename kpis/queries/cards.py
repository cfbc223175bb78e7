"""Reads of cards: which ones a reader may see, a card's neighbours in time, its place among the others."""

from collections.abc import Sequence
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import Rank

from kpis.models import Scorecard, UnitType
from kpis.rules import Period

TREND = 13


def cards(user: Any) -> QuerySet[Scorecard]:
    """Current cards that the reader may see, with what a page or the API needs of each."""
    return all_revisions(user).filter(current=True)


def all_revisions(user: Any) -> QuerySet[Scorecard]:
    """Every revision that the reader may see."""
    found = Scorecard.objects.visible_to(user).select_related("scheme", "unit")
    return found.defer("inputs").prefetch_related("lines")


def split_unit(label: str) -> tuple[str, str] | None:
    """ "branch:1001" -> ("branch", "1001"), "firm" -> ("firm", ""); None for anything else."""
    unit_type, _, code = label.partition(":")
    if unit_type not in UnitType.values or (unit_type == UnitType.FIRM) == bool(code):
        return None
    return unit_type, code


def trend_of(card: Scorecard) -> dict[str, Scorecard]:
    """The unit's current cards of the 13 periods that end with the card's, by period (gaps are left out)."""
    first = card.period_value.shifted(1 - TREND).start
    found = Scorecard.objects.filter(
        unit_type=card.unit_type, unit_code=card.unit_code, period_type=card.period_type,
        start__gte=first, start__lt=card.start, current=True,
    ).defer("inputs", "notes").prefetch_related("lines")  # fmt: skip
    return {one.period: one for one in [*found, card]}


def trend_periods(period: Period) -> list[str]:
    """Names of the 13 periods that end with this one, oldest first."""
    return [period.shifted(back).name for back in range(1 - TREND, 1)]


def ranks(periods: Sequence[str], unit_type: str) -> dict[tuple[str, str], int]:
    """(period, unit code) -> rank by total among all units of the type (equal totals share a rank).

    For ranks only: it counts units out of the reader's sight too.
    """
    ranked = Scorecard.objects.filter(
        period__in=periods, unit_type=unit_type, current=True, total__isnull=False
    )
    place = Window(Rank(), partition_by=F("period"), order_by=F("total").desc())
    rows = ranked.annotate(place=place).values_list("period", "unit_code", "place")
    return {(period, code): place for period, code, place in rows}
