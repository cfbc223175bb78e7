"""The clients behind a count of a stored card, whatever revision it is."""

from typing import Any

from django.db.models import F, Q, QuerySet

from kpis.models import Passage, Scorecard, UnitType
from kpis.rules.passages import MEANINGS


def behind(card: Scorecard, number: str, user: Any) -> QuerySet[Passage]:
    """Passages of the clients that make up a number of a card, those the reader may see.

    A client that moved on may be out of the reader's sight, so there may be fewer than the count says.
    KeyError for an unknown number.
    """
    meaning = MEANINGS[number]
    at_build = Q(from_build__lte=card.build) & (Q(to_build__isnull=True) | Q(to_build__gt=card.build))
    passages = Passage.objects.visible_to(user).filter(at_build, period=card.period, kind__in=meaning.kinds)
    if meaning.movements:
        passages = passages.filter(movement__in=meaning.movements)
    if card.unit_type == UnitType.FIRM:
        return passages.none() if meaning.moved else passages
    passages = passages.filter(**{f"{meaning.end}_{card.unit_type}": card.unit_code})
    if meaning.moved is None:
        return passages
    stayed = Q(**{f"opening_{card.unit_type}": F(f"closing_{card.unit_type}")})
    return passages.exclude(stayed) if meaning.moved else passages.filter(stayed)
