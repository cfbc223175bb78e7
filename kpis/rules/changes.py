"""Why one card differs from another: the difference split into causes that add up to it exactly.

A card is worked out from eight things that can differ: how many clients its rates are of (volume), how they
spread over the tiers (mix), what became of them (rate), what two persons added to what is used for scoring
(adjustment), how far the firm's figures draw small bases (small_base), floors and targets (target), weights,
groups and cap (scheme), whether there is history enough for the upgraded rate (history). The part of a cause
is its Shapley value: the mean, over every order in which the causes may take place one after the other, of
what it adds when its turn comes. So no order is preferred, the way back has the same parts with the other
sign, what did not differ has no part, and the parts add up (docs/decisions/0090). Everything is exact:
fractions, nothing rounded.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction
from itertools import combinations, cycle, islice
from math import factorial, floor
from typing import Any

from kpis.rules.card import PROFIT, CardInputs, Worked, events_and_base, points, weighted, work_out
from kpis.rules.numbers import WIDE, half_up
from kpis.rules.profits import TIERS, Profits
from kpis.rules.scheme import INDICATORS, PROFITABILITY, RATES, GroupRule, Limits, Scheme, Targets

VOLUME, MIX, RATE, ADJUSTMENT, SMALL_BASE = "volume", "mix", "rate", "adjustment", "small_base"
TARGET, SCHEME, HISTORY = "target", "scheme", "history"
CAUSES = (VOLUME, MIX, RATE, ADJUSTMENT, SMALL_BASE, TARGET, SCHEME, HISTORY)

ZERO = Fraction(0)
Exact = Fraction | None
Key = tuple[str, str]
"""What is split: ("used" | "group" | "score" | "points", its name)."""
Values = dict[Key, Exact]
AllParts = dict[Key, dict[str, Fraction]]


@dataclass(frozen=True)
class Card:
    """A card as its arithmetic takes it."""

    inputs: CardInputs
    targets: Targets
    scheme: Scheme

    def worked(self) -> Worked:
        return work_out(self.inputs, self.targets, self.scheme)


@dataclass(frozen=True)
class Split:
    """A number before and after, and the part of each cause; no parts where either is missing."""

    before: Exact
    after: Exact
    parts: Mapping[str, Fraction]

    @property
    def difference(self) -> Exact:
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True)
class Change:
    """What became of a card.

    used: the three rates after shrinking; groups: AP used by group; scores: of the four indicators; points:
    what each indicator gives to the total, so that points add up to total, part by part.
    """

    total: Split
    scores: Mapping[str, Split]
    points: Mapping[str, Split]
    used: Mapping[str, Split]
    groups: Mapping[str, Split]


@dataclass(frozen=True)
class _Facts:
    """A card taken apart, so that each thing can come from one card or the other."""

    bases: Mapping[str, int]
    clients: Fraction
    shares: Mapping[str, Fraction]
    events: Mapping[str, int]
    per_client: Mapping[str, Fraction]
    without_clients: Mapping[str, Fraction]  # profit of tiers that have no client-day
    added: Mapping[str, Fraction]  # by adjustments, to the rate or the contribution per client
    pulls: Mapping[str, Fraction]
    targets: Targets
    scheme: Scheme
    short_history: bool


_HELD_BY: Mapping[str, tuple[str, ...]] = {
    VOLUME: ("bases", "clients"),
    MIX: ("shares",),
    RATE: ("events", "per_client", "without_clients"),
    ADJUSTMENT: ("added",),
    SMALL_BASE: ("pulls",),
    TARGET: ("targets",),
    SCHEME: ("scheme",),
    HISTORY: ("short_history",),
}


def explain(before: Card, after: Card) -> Change:
    """The change from one card to another, of one unit or of two."""
    first, last = _completed(_apart(before), _apart(after))
    ends, parts = _shapley(first, last)
    groups = {rule.name for rule in after.scheme.groups}

    def splits(kind: str, names: Iterable[str]) -> dict[str, Split]:
        return {name: _split(ends, parts, [(kind, name)]) for name in names}

    return Change(
        total=_total(before, after, ends, parts),
        scores=splits("score", INDICATORS),
        points=splits("points", INDICATORS),
        used=splits("used", RATES),
        groups=splits("group", [rule.name for rule in before.scheme.groups if rule.name in groups]),
    )


def _total(before: Card, after: Card, ends: tuple[Values, Values], parts: AllParts) -> Split:
    """The points of the four indicators together; a card with too little weight has no total (K12)."""
    whole = _split(ends, parts, [("points", name) for name in INDICATORS])
    there = [card.worked().total is not None for card in (before, after)]
    before_points, after_points = (
        value if known else None for value, known in zip((whole.before, whole.after), there, strict=True)
    )
    return Split(before_points, after_points, whole.parts if all(there) else {})


def _split(ends: tuple[Values, Values], parts: AllParts, keys: list[Key]) -> Split:
    """Of the sum of some values."""
    before, after = (_sum([end[key] for key in keys]) for end in ends)
    if before is None or after is None:
        return Split(before, after, {})
    return Split(before, after, {cause: sum((parts[key][cause] for key in keys), ZERO) for cause in CAUSES})


def _sum(values: list[Exact]) -> Exact:
    there = [value for value in values if value is not None]
    return sum(there, ZERO) if len(there) == len(values) else None


def _apart(card: Card) -> _Facts:
    inputs, worked = card.inputs, card.worked()
    counted = {name: events_and_base(name, inputs.counts) for name in RATES}
    tiers = {tier: _tier(inputs.profits, tier) for tier in TIERS}
    clients = sum((average for _profit, average in tiers.values()), ZERO)
    groups = {f"group {group.name}": group for group in worked.groups}
    sizes = {name: Fraction(base) for name, (_events, base) in counted.items()}
    sizes |= {name: Fraction(group.average_clients) for name, group in groups.items()}
    added = _added(inputs.adjustments, sizes)
    ends = {name: (part.raw, part.used) for name, part in worked.rates.items()}
    ends |= {name: (group.ap, group.used) for name, group in groups.items()}
    return _Facts(
        bases={name: base for name, (_events, base) in counted.items()},
        clients=clients,
        shares={tier: average / clients for tier, (_profit, average) in tiers.items() if clients},
        events={name: events for name, (events, _base) in counted.items()},
        per_client={tier: profit / average for tier, (profit, average) in tiers.items() if average},
        without_clients={tier: profit for tier, (profit, average) in tiers.items() if not average},
        added=added,
        pulls={name: _pull(raw, used, added.get(name, ZERO)) for name, (raw, used) in ends.items()},
        targets=card.targets,
        scheme=card.scheme,
        short_history=inputs.short_history,
    )


def _tier(profits: Profits, tier: str) -> tuple[Fraction, Fraction]:
    profit, average = profits.of([tier])
    return Fraction(profit), Fraction(average)


def _added(adjustments: Mapping[str, Decimal], sizes: Mapping[str, Fraction]) -> dict[str, Fraction]:
    """What adjustments add to each rate and to each group's contribution per client."""
    named = {subject.replace(PROFIT, "group ", 1): amount for subject, amount in adjustments.items()}
    return {name: Fraction(amount) / sizes[name] for name, amount in named.items() if sizes.get(name)}


def _pull(raw: Decimal | None, used: Decimal | None, added: Fraction) -> Fraction:
    return ZERO if raw is None or used is None else Fraction(used) - Fraction(raw) - added


def _completed(first: _Facts, last: _Facts) -> tuple[_Facts, _Facts]:
    """A tier without clients at one end would have brought per client what it does at the other: that it has
    none is a matter of the mix. The same for the shares where there are no clients at all."""

    def lent(own: _Facts, other: _Facts) -> _Facts:
        return replace(
            own, shares=own.shares or other.shares, per_client={**other.per_client, **own.per_client}
        )

    return lent(first, last), lent(last, first)


def _shapley(first: _Facts, last: _Facts) -> tuple[tuple[Values, Values], AllParts]:
    """The values at both ends, and the part of each cause in the way from one to the other."""
    causes = [cause for cause in CAUSES if _taken(first, last, {cause}) != first]
    values = {
        taken: _values(_taken(first, last, taken))
        for count in range(len(causes) + 1)
        for taken in map(frozenset, combinations(causes, count))
    }
    begin, end = values[frozenset()], values[frozenset(causes)]
    parts = {key: dict.fromkeys(CAUSES, ZERO) for key in {*begin, *end}}
    for taken, there in values.items():
        weight = _weight(len(taken), len(causes))
        for cause in causes:
            if cause not in taken:
                then = values[taken | {cause}]
                for key, part in parts.items():
                    part[cause] += weight * (_known(then, key, begin) - _known(there, key, begin))
    return (begin, end), parts


def _weight(before: int, all_causes: int) -> Fraction:
    """The share of orders in which just these have taken place before a cause."""
    if before == all_causes:
        return ZERO
    return Fraction(factorial(before) * factorial(all_causes - before - 1), factorial(all_causes))


def _known(values: Values, key: Key, begin: Values) -> Fraction:
    """What is missing half way (a group of another scheme without clients) counts as at the beginning."""
    value = values.get(key)
    value = begin.get(key) if value is None else value
    return ZERO if value is None else value


def _taken(first: _Facts, last: _Facts, causes: Iterable[str]) -> _Facts:
    """The first card with some of its things as the last one has them."""
    names = [name for cause in causes for name in _HELD_BY[cause]]
    return replace(first, **{name: getattr(last, name) for name in names})


def _values(facts: _Facts) -> Values:
    """All that is split, of one state of things."""
    used = {name: _used(facts, name) for name in RATES}
    groups = {rule.name: _group(facts, rule) for rule in facts.scheme.groups}
    scores = {name: _score(facts, value, facts.targets.rates.get(name)) for name, value in used.items()}
    scores[PROFITABILITY] = _profitability(facts, groups)
    return (
        {("used", name): value for name, value in used.items()}
        | {("group", name): value for name, value in groups.items()}
        | {("score", name): score for name, score in scores.items()}
        | {("points", name): value for name, value in _points(facts.scheme, scores).items()}
    )


def _used(facts: _Facts, name: str) -> Exact:
    base = facts.bases[name]
    if base == 0 or (name == "upgraded" and facts.short_history):
        return None
    return Fraction(facts.events[name], base) + facts.added.get(name, ZERO) + facts.pulls[name]


def _group(facts: _Facts, rule: GroupRule) -> Exact:
    """AP of the group: what its tiers bring per client by their shares, and what came without clients."""
    share = sum((facts.shares.get(tier, ZERO) for tier in rule.tiers), ZERO)
    if not facts.clients or not share:
        return None
    shares, per_client = facts.shares, facts.per_client
    brought = sum((shares.get(tier, ZERO) * per_client.get(tier, ZERO) for tier in rule.tiers), ZERO)
    alone = sum((facts.without_clients.get(tier, ZERO) for tier in rule.tiers), ZERO)
    beside = (part.get(f"group {rule.name}", ZERO) for part in (facts.added, facts.pulls))
    return (brought + alone / facts.clients) / share + sum(beside, ZERO)


def _score(facts: _Facts, value: Exact, limits: Limits | None) -> Exact:
    score = points(_decimal(value), limits, facts.scheme.cap)
    return None if score is None else Fraction(score)


def _profitability(facts: _Facts, groups: Mapping[str, Exact]) -> Exact:
    scores = {name: _score(facts, value, facts.targets.groups.get(name)) for name, value in groups.items()}
    mean = weighted([(rule.weight, _decimal(scores[rule.name])) for rule in facts.scheme.groups])
    return None if mean is None else Fraction(mean)


def _points(scheme: Scheme, scores: Mapping[str, Exact]) -> dict[str, Exact]:
    """What each indicator gives to the total; a missing one nothing, its weight goes to the others."""
    there = sum((Fraction(scheme.weights[name]) for name, score in scores.items() if score is not None), ZERO)
    return {
        name: ZERO if score is None or not there else Fraction(scheme.weights[name]) * score / there
        for name, score in scores.items()
    }


def _decimal(value: Exact) -> Decimal | None:
    return None if value is None else WIDE.divide(Decimal(value.numerator), Decimal(value.denominator))


@dataclass(frozen=True)
class Told:
    """A split as it is shown and sent: everything rounded to the same places, and still adding up."""

    before: Decimal | None
    after: Decimal | None
    difference: Decimal | None
    parts: Mapping[str, Decimal]


def told(split: Split, places: int) -> Told:
    before, after = (half_up(_decimal(value), places) for value in (split.before, split.after))
    if before is None or after is None:
        return Told(before, after, None, {})
    return Told(before, after, after - before, shown(split.parts, after - before))


def shown(parts: Mapping[Any, Fraction], whole: Decimal) -> dict[Any, Decimal]:
    """The parts rounded to the places of `whole` so that they add up to it: each is rounded down, then those
    that lost most get one unit more. What has no part gets none."""
    unit = Decimal(1).scaleb(int(whole.as_tuple().exponent))
    scaled = {key: part / Fraction(unit) for key, part in parts.items()}
    floors = {key: floor(part) for key, part in scaled.items()}
    missing = int(whole / unit) - sum(floors.values())
    most_lost = sorted((key for key in parts if parts[key]), key=lambda key: floors[key] - scaled[key])
    if missing < 0:
        most_lost.reverse()
    for key in islice(cycle(most_lost), abs(missing)):
        floors[key] += 1 if missing > 0 else -1
    return {key: units * unit for key, units in floors.items()}
