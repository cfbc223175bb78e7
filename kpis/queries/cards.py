"""Reads of cards: which ones a reader may see, a card's neighbours in time, its place among the others."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from kpis.models import Scorecard, SignOff, UnitType
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


def trend_of(unit_type: str, unit_code: str, period: Period) -> dict[str, Scorecard]:
    """A unit's current cards of the 13 periods that end with this one, by period (gaps are left out).

    Whoever may see the unit's card of the period sees what it was before. adopted: a later revision took the
    signed one's place; was_signed: some revision of its period is signed.
    """
    signed = SignOff.objects.filter(
        card__period=OuterRef("period"), card__unit_type=unit_type, card__unit_code=unit_code
    )
    told = {
        "was_signed": Exists(signed),
        "adopted": Exists(signed.filter(card=OuterRef("pk"), replaces__isnull=False)),
    }
    found = Scorecard.objects.filter(
        unit_type=unit_type, unit_code=unit_code, period_type=period.type, current=True,
        start__gte=period.shifted(1 - TREND).start, start__lte=period.start,
    ).defer("inputs")  # fmt: skip
    found = (
        found.annotate(**told).select_related("scheme", "unit").prefetch_related("lines", "scheme__groups")
    )
    return {one.period: one for one in found}


def trend_periods(period: Period) -> list[str]:
    """Names of the 13 periods that end with this one, oldest first."""
    return [period.shifted(back).name for back in range(1 - TREND, 1)]
