"""Contribution and average clients by tier (K7, K10)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kpis.rules.numbers import WIDE, ratio

TIERS = ("V5", "V4", "V3", "V2", "V1", "NEW")


@dataclass(frozen=True)
class TierFacts:
    """What a unit's clients of one tier brought in a period.

    days: client-days by the length of their month (31, 30 ...), so that average clients stay exact;
    extra_average: average clients given as such (the worked example counts that way).
    """

    profit: Decimal = Decimal(0)
    days: Mapping[int, int] = field(default_factory=dict)
    extra_average: Decimal = Decimal(0)

    def average(self, months: int) -> Decimal:
        """Sum over months of (client-days / days of the month), by the number of all months (K7)."""
        total = Decimal(0)
        for length, days in self.days.items():
            total = WIDE.add(total, WIDE.divide(Decimal(days), Decimal(length * months)))
        return WIDE.add(total, self.extra_average)


@dataclass(frozen=True)
class Profits:
    """Facts by tier over a period of so many months."""

    months: int = 1
    tiers: Mapping[str, TierFacts] = field(default_factory=dict)

    def of(self, tiers: Iterable[str]) -> tuple[Decimal, Decimal]:
        """(profit, average clients) of some tiers together."""
        profit, average = Decimal(0), Decimal(0)
        for tier in tiers:
            facts = self.tiers.get(tier, TierFacts())
            profit, average = profit + facts.profit, WIDE.add(average, facts.average(self.months))
        return profit, average

    def ap(self, tiers: Iterable[str]) -> Decimal | None:
        """AP: contribution per average client; None without clients."""
        return ratio(*self.of(tiers))

    @property
    def client_days(self) -> int:
        return sum(days for facts in self.tiers.values() for days in facts.days.values())

    def to_json(self) -> dict[str, Any]:
        """As kept in a card's inputs; from_json gives the same again."""
        return {
            "months": self.months,
            "tiers": {
                tier: {
                    "profit": str(facts.profit),
                    "days": {str(length): days for length, days in sorted(facts.days.items())},
                    **({"average": str(facts.extra_average)} if facts.extra_average else {}),
                }
                for tier, facts in sorted(self.tiers.items())
            },
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Profits":
        return cls(
            kept["months"],
            {
                tier: TierFacts(
                    Decimal(facts["profit"]),
                    {int(length): days for length, days in facts["days"].items()},
                    Decimal(facts.get("average", 0)),
                )
                for tier, facts in kept["tiers"].items()
            },
        )
