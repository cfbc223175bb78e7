"""Frozen cards: what was signed off, and what rewards refer to."""

from typing import Any

from django.db.models import QuerySet

from kpis.models import CardAppeal, Scorecard, SignOff


def frozen_cards(user: Any) -> QuerySet[Scorecard]:
    """The frozen card of each unit and period in sight: that of its newest sign-off."""
    return Scorecard.objects.visible_to(user).filter(sign_off__isnull=False, sign_off__replaced_by=None)


def sign_off_of(card: Scorecard) -> SignOff | None:
    """The newest sign-off of the card's unit and period, whichever revision it froze."""
    found = SignOff.objects.filter(
        card__period=card.period, card__unit_type=card.unit_type, card__unit_code=card.unit_code,
        replaced_by=None,
    )  # fmt: skip
    return found.select_related("card", "confirmed_by", "signed_by").first()


def has_frozen(period: str) -> bool:
    """Whether any card of the period is signed or appealed against: then its revisions must stay."""
    return any(kept.filter(card__period=period).exists() for kept in (SignOff.objects, CardAppeal.objects))
