"""The clients behind a count of a stored card, whatever revision it is."""

from calendar import monthrange
from datetime import timedelta
from typing import Any

from django.db.models import DateField, Exists, ExpressionWrapper, F, OuterRef, Q, QuerySet, Sum

from kpis.models import Passage, Scorecard, TierMonth, UnitType
from kpis.rules import Profits, TierFacts
from kpis.rules.passages import MEANINGS
from kpis.units import units_told_by
from segmentation.models import Contribution, ScoreClose


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


def in_group(card: Scorecard, group: str, user: Any) -> Any:
    """Ids (a subquery) of the clients in sight behind the profitability of a group of tiers (K7).

    They are read as the last run left them, which is how the card found them while `group_stands`. KeyError
    for an unknown group.
    """
    tiers = _tiers(card, group)
    close_before = ExpressionWrapper(OuterRef("month") - timedelta(days=1), output_field=DateField())
    opening = ScoreClose.objects.filter(client=OuterRef("client_id"), as_of=close_before, tier__in=tiers)
    months = Contribution.objects.visible_to(user).filter(month__in=card.period_value.months)
    return _of_unit(months, card).filter(Exists(opening)).values("client_id")


def group_stands(card: Scorecard, group: str) -> bool:
    """Whether the last run left the group's profit and client-days as this revision found them."""
    tiers, kept = _tiers(card, group), Profits.from_json(card.inputs["profits"]).tiers
    now = _profits_now(card, tiers)
    return all(kept.get(tier, TierFacts()) == now.get(tier, TierFacts()) for tier in tiers)


def _profits_now(card: Scorecard, tiers: list[str]) -> dict[str, TierFacts]:
    """The unit's profit and days by tier as the months have them now."""
    months = _of_unit(TierMonth.objects.filter(month__in=card.period_value.months, tier__in=tiers), card)
    found: dict[str, TierFacts] = {}
    for row in months.values("month", "tier").annotate(profits=Sum("profit"), client_days=Sum("days")):
        facts, length = (
            found.get(row["tier"], TierFacts()),
            monthrange(row["month"].year, row["month"].month)[1],
        )
        days = {**facts.days, length: facts.days.get(length, 0) + row["client_days"]}
        found[row["tier"]] = TierFacts(facts.profit + row["profits"], days)
    return found


def _tiers(card: Scorecard, group: str) -> list[str]:
    return {one.name: one.tiers for one in card.scheme.groups.all()}[group]


def _of_unit(months: QuerySet, card: Scorecard) -> QuerySet:
    """Rows of the card's unit; of a branch also those of the branches merged into it (K5)."""
    if card.unit_type == UnitType.FIRM:
        return months
    if card.unit_type == UnitType.MANAGER:
        return months.filter(manager_no=card.unit_code)
    return months.filter(branch_id__in=units_told_by(card.as_of).branches_of(card.unit_type, card.unit_code))
