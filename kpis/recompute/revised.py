"""Revisions beside frozen cards: other systems and those who answer for them hear that there is one."""

from collections.abc import Callable

from core import audit
from kpis.actions.sign_off_notices import tell_revised
from kpis.models import Scorecard, SignOff
from kpis.rules import Period


def telling(period: Period, make: Callable[[], int]) -> int:
    """Makes a closed period's cards, then tells of new revisions of those that are signed."""
    frozen = SignOff.objects.filter(card__period=period.name, replaced_by=None)
    units = set(frozen.values_list("card__unit_type", "card__unit_code"))
    before = _current(period) if units else frozenset()
    written = make()
    if units:
        cards = Scorecard.objects.filter(pk__in=_current(period) - before).select_related("unit")
        _tell([card for card in cards if (card.unit_type, card.unit_code) in units])
    return written


def _current(period: Period) -> frozenset[int]:
    cards = Scorecard.objects.filter(period=period.name, current=True)
    return frozenset(cards.values_list("pk", flat=True))


def _tell(cards: list[Scorecard]) -> None:
    audit.record_many(
        actor=audit.SYSTEM,
        deed="scorecard.revised",
        subjects=[
            audit.Subject(
                "scorecard", card.pk, card.unit.code if card.unit else "",
                detail={"unit": card.unit_label, "period": card.period, "revision": card.revision},
            )
            for card in cards
        ],
    )  # fmt: skip
    tell_revised(cards)
