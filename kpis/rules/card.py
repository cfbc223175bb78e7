"""From counts and profits to rates, scores and the total (kpis.md's indicators; K6, K8, S15)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from kpis.rules.numbers import WIDE, ratio
from kpis.rules.profits import TIERS, Profits
from kpis.rules.scheme import PROFITABILITY, RATES, GroupRule, Limits, Scheme, Targets

LOW_BASE, SHORT_HISTORY = "LOW_BASE", "SHORT_HISTORY"
PROFIT = "profit:"  # before the group in the subject of an adjustment
FULL, PARTIAL, NONE = "full", "partial", "none"


@dataclass(frozen=True)
class CardInputs:
    """What a card is worked out from; firm: the firm's own, None for the firm itself (K6).

    adjustments: events of an indicator, or contribution ("profit:H") of a group in CNY, that two persons
    added to what is used for scoring (kpis.models.Adjustment); counts and raw values stay as counted.
    """

    counts: Mapping[str, int]
    profits: Profits
    short_history: bool = False
    firm: "CardInputs | None" = None
    adjustments: Mapping[str, Decimal] = field(default_factory=dict)


@dataclass(frozen=True)
class Rate:
    """A rate: raw as counted, used after shrinking, score None when it is missing."""

    name: str
    weight: Decimal
    raw: Decimal | None
    used: Decimal | None
    limits: Limits | None
    score: Decimal | None
    shrunk: bool = False


@dataclass(frozen=True)
class TierPart:
    """Profitability of one tier, shown but not scored by itself."""

    tier: str
    profit: Decimal
    average_clients: Decimal
    ap: Decimal | None


@dataclass(frozen=True)
class Group:
    """Profitability of a group of tiers."""

    name: str
    weight: Decimal
    profit: Decimal
    average_clients: Decimal
    ap: Decimal | None
    used: Decimal | None
    limits: Limits | None
    score: Decimal | None
    shrunk: bool = False


@dataclass(frozen=True)
class Worked:
    """A worked-out card, unrounded."""

    rates: Mapping[str, Rate]
    profitability: Decimal | None
    profitability_weight: Decimal
    tiers: tuple[TierPart, ...]
    groups: tuple[Group, ...]
    total: Decimal | None
    completeness: str
    flags: tuple[str, ...] = field(default=())

    def score(self, indicator: str) -> Decimal | None:
        return self.profitability if indicator == PROFITABILITY else self.rates[indicator].score


def work_out(inputs: CardInputs, targets: Targets, scheme: Scheme) -> Worked:
    """All indicators, the total, its completeness and the flags of one unit's card."""
    rates = {name: _rate(name, inputs, targets.rates.get(name), scheme) for name in RATES}
    groups = tuple(_group(rule, inputs, targets.groups.get(rule.name), scheme) for rule in scheme.groups)
    profitability = weighted([(group.weight, group.score) for group in groups])
    scores = {name: rate.score for name, rate in rates.items()} | {PROFITABILITY: profitability}
    total, completeness = total_of(scores, scheme)
    return Worked(
        rates=rates,
        profitability=profitability,
        profitability_weight=scheme.weights[PROFITABILITY],
        tiers=tuple(_tier(tier, inputs.profits) for tier in TIERS),
        groups=groups,
        total=total,
        completeness=completeness,
        flags=_flags(inputs, [*rates.values(), *groups]),
    )


def _flags(inputs: CardInputs, parts: list[Rate | Group]) -> tuple[str, ...]:
    found = [LOW_BASE] if any(part.shrunk for part in parts) else []
    return (*found, SHORT_HISTORY) if inputs.short_history else tuple(found)


def events_and_base(name: str, counts: Mapping[str, int]) -> tuple[int, int]:
    """(events, denominator) of a rate."""
    if name == "new":
        return counts["N"], counts["B"]
    if name == "lost":
        return counts["L"], counts["B"]
    return counts["U"], counts["S"] - counts["S_top"] - counts["S_new"]


def points(value: Decimal | None, limits: Limits | None, cap: Decimal) -> Decimal | None:
    """100 (x - F) / (T - F), clamped to 0..cap; None without a value or without floor and target (K8)."""
    if value is None or limits is None:
        return None
    way = WIDE.divide(WIDE.subtract(value, limits.floor), limits.target - limits.floor)
    return min(max(WIDE.multiply(Decimal(100), way), Decimal(0)), cap)


def mixed(events: Decimal | int, base: Decimal | int, added: int, firm_rate: Decimal) -> Decimal:
    """The value of a small base, as if `added` more clients had behaved like the firm's."""
    with_firm = WIDE.add(Decimal(events), WIDE.multiply(Decimal(added), firm_rate))
    return WIDE.divide(with_firm, WIDE.add(Decimal(base), Decimal(added)))


def _rate(name: str, inputs: CardInputs, limits: Limits | None, scheme: Scheme) -> Rate:
    events, base = events_and_base(name, inputs.counts)
    raw, shrunk = ratio(events, base), False
    adjusted = events + inputs.adjustments.get(name, Decimal(0))
    used = ratio(adjusted, base)
    if name == "upgraded" and inputs.short_history:
        used = None
    elif inputs.firm is not None and 0 < base < scheme.small_base:
        firm_rate = ratio(*events_and_base(name, inputs.firm.counts)) or Decimal(0)
        used, shrunk = mixed(adjusted, base, scheme.base_added, firm_rate), True
    return Rate(name, scheme.weights[name], raw, used, limits, points(used, limits, scheme.cap), shrunk)


def _group(rule: GroupRule, inputs: CardInputs, limits: Limits | None, scheme: Scheme) -> Group:
    profit, clients = inputs.profits.of(rule.tiers)
    ap = ratio(profit, clients)
    adjusted = WIDE.add(profit, inputs.adjustments.get(f"{PROFIT}{rule.name}", Decimal(0)))
    used = ratio(adjusted, clients)
    shrunk = inputs.firm is not None and 0 < clients < scheme.small_group
    if inputs.firm is not None and shrunk:
        firm_ap = inputs.firm.profits.ap(rule.tiers) or Decimal(0)
        used = mixed(adjusted, clients, scheme.group_added, firm_ap)
    score = points(used, limits, scheme.cap)
    return Group(rule.name, rule.weight, profit, clients, ap, used, limits, score, shrunk)


def _tier(tier: str, profits: Profits) -> TierPart:
    return TierPart(tier, *profits.of([tier]), profits.ap([tier]))


def weighted(parts: list[tuple[Decimal, Decimal | None]]) -> Decimal | None:
    """Mean of the scores by weight; a missing one gives its weight to the others; None without any."""
    there = [(weight, score) for weight, score in parts if score is not None]
    total = Decimal(0)
    for weight, score in there:
        total = WIDE.add(total, WIDE.multiply(weight, score))
    return ratio(total, sum((weight for weight, _score in there), Decimal(0)))


def total_of(scores: Mapping[str, Decimal | None], scheme: Scheme) -> tuple[Decimal | None, str]:
    """(total, completeness): weights are spread over what is there if that is enough of them (K12)."""
    whole = sum(scheme.weights.values(), Decimal(0))
    there = sum((scheme.weights[name] for name, score in scores.items() if score is not None), Decimal(0))
    if there == 0 or there < scheme.share_needed * whole:
        return None, NONE
    total = weighted([(scheme.weights[name], score) for name, score in scores.items()])
    return total, FULL if there == whole else PARTIAL
