"""Appeals for the access matrix, against the cards of two branches; needs the cards of places.make_cards."""

from typing import Any

from django.utils import timezone

from kpis.models import CardAppeal
from staff.models import Person


def appeal_places(cards: dict[str, Any]) -> dict[str, Any]:
    """One that waits for an answer against the card of 1001 and one of 1002."""
    unit = {"own": "wang.haifeng", "next": "zhao.yawen"}
    return {
        f"appeal_{name}": CardAppeal.objects.create(
            card_id=cards[f"card_{name}"], line="lost", text="asked", lodged_at=timezone.now(),
            lodged_by=Person.objects.get(username=username),
        ).pk
        for name, username in unit.items()
    }  # fmt: skip
