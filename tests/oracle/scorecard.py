"""From counts and profits to rates, scores and the total (kpis.md "Indicators", K6, K8, K11, S15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction

from .config import Scheme, Targets
from .exact import ratio, rounded_or_none

RATES = ("new", "lost", "upgraded")
TIER_ORDER = ("V5", "V4", "V3", "V2", "V1", "NEW")


@dataclass
class Profits:
    """Contribution and average clients by tier, exact."""

    profit: Mapping[str, Decimal] = field(default_factory=dict)
    clients: Mapping[str, Fraction] = field(default_factory=dict)

    def of(self, tiers: tuple[str, ...]) -> tuple[Fraction, Fraction]:
        """(profit, average clients) of some tiers together."""
        profit = sum((Fraction(self.profit.get(tier, 0)) for tier in tiers), Fraction(0))
        return profit, sum((self.clients.get(tier, Fraction(0)) for tier in tiers), Fraction(0))


@dataclass(frozen=True)
class Base:
    """What a unit's indicators are worked out from; firm is None for the firm itself."""

    counts: Mapping[str, int]
    profits: Profits
    short_history: bool = False
    firm: Base | None = None


@dataclass
class Worked:
    """The worked-out card: indicators as the API shapes them, total, completeness and flags."""

    indicators: dict
    total: Decimal | None
    completeness: str
    flags: list[str]


def fraction_of(name: str, counts: Mapping[str, int]) -> tuple[int, int]:
    """(events, base) of a rate."""
    if name == "new":
        return counts["N"], counts["B"]
    if name == "lost":
        return counts["L"], counts["B"]
    return counts["U"], counts["S"] - counts["S_top"] - counts["S_new"]


def worked(base: Base, targets: Targets, scheme: Scheme) -> Worked:
    """A card's indicators, total and flags; exact inside, rounded as the API writes them."""
    flags: set[str] = {"SHORT_HISTORY"} if base.short_history else set()
    scores: dict[str, Fraction | None] = {}
    indicators = {}
    for name in RATES:
        indicators[name], scores[name] = _rate(name, base, getattr(targets, name), scheme, flags)
    indicators["profitability"], scores["profitability"] = _profitability(base, targets, scheme, flags)
    total, completeness = _total(scores, scheme)
    return Worked(indicators, rounded_or_none(total, 4), completeness, sorted(flags))


def points(value: Fraction | None, limits: tuple[Decimal, Decimal] | None, scheme: Scheme) -> Fraction | None:
    """100 (x - F) / (T - F), clamped to 0..cap; None without a value or without floor and target."""
    if value is None or limits is None:
        return None
    floor, target = map(Fraction, limits)
    return min(max(100 * (value - floor) / (target - floor), Fraction(0)), Fraction(scheme.cap))


def _rate(
    name: str, base: Base, limits: tuple[Decimal, Decimal] | None, scheme: Scheme, flags: set[str]
) -> tuple[dict, Fraction | None]:
    events, count = fraction_of(name, base.counts)
    raw = used = ratio(events, count)
    if name == "upgraded" and base.short_history:
        used = None
    elif base.firm is not None and 0 < count < scheme.small_base:
        firm_rate = ratio(*fraction_of(name, base.firm.counts)) or Fraction(0)
        used = Fraction(events + scheme.base_added * firm_rate) / (count + scheme.base_added)
        flags.add("LOW_BASE")
    score = points(used, limits, scheme)
    floor, target = limits or (None, None)
    return {
        "raw": rounded_or_none(raw, 6),
        "used": rounded_or_none(used, 6),
        "floor": floor,
        "target": target,
        "score": rounded_or_none(score, 4),
        "weight": scheme.weights[name],
    }, score


def _profitability(
    base: Base, targets: Targets, scheme: Scheme, flags: set[str]
) -> tuple[dict, Fraction | None]:
    """Group weight x score of the groups that have one; the others give their weight away (K8)."""
    groups, parts = [], []
    for group, tiers in scheme.groups.items():
        shown, score = _group(group, tiers, base, targets, scheme, flags)
        groups.append(shown)
        if score is not None:
            parts.append((Fraction(scheme.group_weights[group]), score))
    weight = sum(part for part, _ in parts)
    total = sum(part * score for part, score in parts) / weight if weight else None
    return {
        "score": rounded_or_none(total, 4),
        "weight": scheme.weights["profitability"],
        "tiers": [_tier(tier, base.profits) for tier in TIER_ORDER],
        "groups": groups,
    }, total


def _group(
    group: str, tiers: tuple[str, ...], base: Base, targets: Targets, scheme: Scheme, flags: set[str]
) -> tuple[dict, Fraction | None]:
    profit, clients = base.profits.of(tiers)
    raw = used = ratio(profit, clients)
    if base.firm is not None and 0 < clients < scheme.small_group:
        firm_ap = ratio(*base.firm.profits.of(tiers)) or Fraction(0)
        used = (profit + scheme.group_added * firm_ap) / (clients + scheme.group_added)
        flags.add("LOW_BASE")
    limits = targets.profitability.get(group)
    score = points(used, limits, scheme)
    floor, target = limits or (None, None)
    return {
        "group": group,
        "weight": scheme.group_weights[group],
        "profit": rounded_or_none(profit, 4),
        "average_clients": rounded_or_none(clients, 4),
        "ap": rounded_or_none(raw, 4),
        "used": rounded_or_none(used, 4),
        "floor": floor,
        "target": target,
        "score": rounded_or_none(score, 4),
    }, score


def _tier(tier: str, profits: Profits) -> dict:
    profit, clients = profits.of((tier,))
    return {
        "tier": tier,
        "profit": rounded_or_none(profit, 4),
        "average_clients": rounded_or_none(clients, 4),
        "ap": rounded_or_none(ratio(profit, clients), 4),
    }


def _total(scores: Mapping[str, Fraction | None], scheme: Scheme) -> tuple[Fraction | None, str]:
    """Weights are spread over what is there if that is at least 70 % of them (K12)."""
    there = {name: score for name, score in scores.items() if score is not None}
    weight = sum((Fraction(scheme.weights[name]) for name in there), Fraction(0))
    whole = sum(scheme.weights.values())
    if not there or weight < Fraction(scheme.share_needed * whole):
        return None, "none"
    total = sum((Fraction(scheme.weights[name]) * score for name, score in there.items()), Fraction(0))
    return total / weight, "full" if len(there) == len(scores) else "partial"
