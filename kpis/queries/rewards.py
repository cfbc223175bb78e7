"""Reads of rewards: what frozen cards would get of a pool, what is booked, what changed since."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from kpis.models import RewardEntry, RewardRun, Scorecard
from kpis.queries.schemes import serving_on
from kpis.rules import Period, half_up
from kpis.rules.rewards import CLIENTS, EQUAL, SCORE_PLACES, RewardRule, coefficient, shares

COEFFICIENT_PLACES = 6


@dataclass(frozen=True)
class Line:
    """A unit's part of a pool by its frozen card; was: what is booked for it so far."""

    card: int
    unit_code: str
    unit_name: str
    revision: int
    score: Decimal | None
    coefficient: Decimal
    base: Decimal
    amount: Decimal
    was: Decimal

    @property
    def change(self) -> Decimal:
        return self.amount - self.was

    def to_json(self) -> dict[str, Any]:
        """As a proposal keeps it; from_json gives the same again."""
        texts = {name: str(getattr(self, name)) for name in ("coefficient", "base", "amount", "was")}
        kept = {name: getattr(self, name) for name in ("card", "unit_code", "unit_name", "revision")}
        return {**kept, **texts, "score": None if self.score is None else str(self.score)}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Line":
        numbers = {name: Decimal(kept[name]) for name in ("coefficient", "base", "amount", "was")}
        score = None if kept["score"] is None else Decimal(kept["score"])
        return cls(kept["card"], kept["unit_code"], kept["unit_name"], kept["revision"], score, **numbers)


@dataclass(frozen=True)
class Standing:
    """How far a period's cards of a type are frozen, so that a pool can be shared."""

    frozen: int
    unsigned: list[Scorecard]
    rule: RewardRule | None
    scheme_number: int


def frozen(period: Period, unit_type: str) -> list[Scorecard]:
    """The frozen card of each unit, by code."""
    cards = Scorecard.objects.filter(
        period=period.name, unit_type=unit_type, sign_off__isnull=False, sign_off__replaced_by=None
    )
    return list(cards.defer("inputs", "notes", "profitability").order_by("unit_code"))


def standing(period: Period, unit_type: str) -> Standing:
    """Cards that are frozen and those still to be; withheld ones can't be signed and get nothing."""
    signed = frozen(period, unit_type)
    codes = [card.unit_code for card in signed]
    current = Scorecard.objects.filter(period=period.name, unit_type=unit_type, current=True)
    unsigned = current.exclude(state=Scorecard.State.WITHHELD).exclude(unit_code__in=codes)
    version = serving_on(period.start)
    rule = version.as_rules().rewards.get(unit_type)
    return Standing(len(signed), list(unsigned.only("unit_code", "unit_name")), rule, version.number)


def lines(
    period: Period, unit_type: str, rule: RewardRule, pool: Decimal, given: Mapping[str, Decimal]
) -> list[Line]:
    """The pool shared by the frozen cards, and what each unit has so far; given: bases by unit code."""
    cards, booked = frozen(period, unit_type), balances(period, unit_type)
    factors = {card.unit_code: coefficient(rule, card.total) for card in cards}
    bases = {card.unit_code: _base(rule, card, given) for card in cards}
    parts = shares(pool, {code: factors[code] * bases[code] for code in factors})
    return [
        Line(
            card.pk, card.unit_code, card.unit_title, card.revision, half_up(card.total, SCORE_PLACES),
            half_up(factors[card.unit_code], COEFFICIENT_PLACES) or Decimal(0), bases[card.unit_code],
            parts[card.unit_code], booked.get(card.unit_code, Decimal(0)),
        )
        for card in cards
    ]  # fmt: skip


def _base(rule: RewardRule, card: Scorecard, given: Mapping[str, Decimal]) -> Decimal:
    if rule.base == CLIENTS:
        return Decimal(card.counts["E"])
    return Decimal(1) if rule.base == EQUAL else given.get(card.unit_code, Decimal(0))


def balances(period: Period, unit_type: str) -> dict[str, Decimal]:
    """Unit code -> the sum of its bookings."""
    rows = RewardEntry.objects.filter(period=period.name, unit_type=unit_type).order_by()
    return dict(rows.values_list("unit_code").annotate(Sum("amount")))


def standing_entries(period: Period, unit_type: str) -> dict[str, RewardEntry]:
    """Unit code -> the booking that no reversal took back."""
    rows = RewardEntry.objects.filter(
        period=period.name, unit_type=unit_type, reverses=None, reversed_by=None
    )
    return {entry.unit_code: entry for entry in rows}


def runs(user: Any) -> QuerySet[RewardRun]:
    return RewardRun.objects.visible_to(user).select_related("proposed_by", "decided_by", "scheme")


def entries(user: Any) -> QuerySet[RewardEntry]:
    """Bookings in sight, the newest first."""
    unread = (f"card__{name}" for name in ("inputs", "notes", "profitability", "counts"))
    return RewardEntry.objects.visible_to(user).select_related("card").defer(*unread).order_by("-pk")


def adopted_since(period: Period, unit_type: str) -> list[Scorecard]:
    """Frozen cards that took the place of those that were rewarded."""
    rewarded = {entry.unit_code: entry.card_id for entry in standing_entries(period, unit_type).values()}
    return [
        card for card in frozen(period, unit_type) if rewarded and rewarded.get(card.unit_code) != card.pk
    ]


def count_waiting_runs(user: Any) -> tuple[int, bool]:
    """How many pools wait for a second person, for the start page."""
    return runs(user).filter(state=RewardRun.State.PROPOSED).count(), False
