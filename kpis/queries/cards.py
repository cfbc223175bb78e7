"""Reads of cards: which ones a reader may see, a card's neighbours in time, its place among the others."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.db.models import F, QuerySet, Window
from django.db.models.functions import Rank

from kpis.models import Scorecard, UnitType
from kpis.rules import Period
from kpis.rules.periods import MONTH, QUARTER, YEAR

TREND = 13
A_YEAR = {MONTH: 12, QUARTER: 4, YEAR: 1}  # periods from one to the same a year before


def cards(user: Any) -> QuerySet[Scorecard]:
    """Current cards that the reader may see, with what a page or the API needs of each."""
    return all_revisions(user).filter(current=True)


def all_revisions(user: Any) -> QuerySet[Scorecard]:
    """Every revision that the reader may see."""
    return Scorecard.objects.visible_to(user).select_related("scheme", "unit").prefetch_related("lines")


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
    ).prefetch_related("lines")  # fmt: skip
    return {one.period: one for one in [*found, card]}


def trend_periods(period: Period) -> list[str]:
    """Names of the 13 periods that end with this one, oldest first."""
    return [period.shifted(back).name for back in range(1 - TREND, 1)]


def place_of(card: Scorecard) -> tuple[int, int] | None:
    """(rank by total, cards with a total) among the units of its type; None without a total."""
    if card.total is None:
        return None
    others = peers(card.period, card.unit_type).filter(total__isnull=False)
    return others.filter(total__gt=card.total).count() + 1, others.count()


def peers(period: str, unit_type: str) -> QuerySet[Scorecard]:
    """The current cards of all units of a type, whoever may see them: for ranks only."""
    return Scorecard.objects.filter(period=period, unit_type=unit_type, current=True)


def ranks(period: str, unit_type: str) -> dict[str, int]:
    """Rank by total of every unit of a type that has one (equal totals share a rank)."""
    ranked = peers(period, unit_type).filter(total__isnull=False)
    place = Window(Rank(), order_by=F("total").desc())
    return dict(ranked.annotate(place=place).values_list("unit_code", "place"))


def periods_of(user: Any, unit_type: str, unit_code: str) -> dict[str, list[str]]:
    """Period type -> names of the periods the unit has a card of, newest first."""
    rows = cards_of_unit(user, unit_type, unit_code).order_by("-start").values_list("period_type", "period")
    found: dict[str, list[str]] = {MONTH: [], QUARTER: [], YEAR: []}
    for period_type, name in rows:
        found[period_type].append(name)
    return found


def cards_of_unit(user: Any, unit_type: str, unit_code: str) -> QuerySet[Scorecard]:
    return (
        Scorecard.objects.visible_to(user)
        .filter(unit_type=unit_type, unit_code=unit_code, current=True)
        .order_by()
    )


def units_with_cards(user: Any, period: str) -> dict[str, list[tuple[str, str]]]:
    """Unit type -> (label, name) of the units whose card of a period the reader may see; firm first."""
    found: dict[str, list[tuple[str, str]]] = {unit_type: [] for unit_type in UnitType.values}
    rows = Scorecard.objects.visible_to(user).filter(period=period, current=True).order_by("unit_code")
    for unit_type, code, name in rows.values_list("unit_type", "unit_code", "unit_name"):
        found[unit_type].append((f"{unit_type}:{code}" if code else unit_type, name))
    return found


def newest_periods(user: Any) -> Sequence[tuple[str, str, date]]:
    """(name, type, start) of the newest period of each type with a card that the reader may see."""
    rows = Scorecard.objects.visible_to(user).filter(current=True).order_by("period_type", "-start")
    return list(rows.distinct("period_type").values_list("period", "period_type", "start"))
