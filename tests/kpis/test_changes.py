"""Why a card changed: parts that add up, whatever the cards are."""

from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from itertools import permutations
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from kpis.rules import CardInputs, Limits, Profits, Scheme, Targets, TierFacts
from kpis.rules.changes import CAUSES, Card, Split, explain, shown
from kpis.rules.passages import COUNTS
from kpis.rules.profits import TIERS
from kpis.rules.scheme import INDICATORS, PROFITABILITY, RATES, GroupRule
from tests.kpis.test_worked_example import FIRM, PROFITS_A, PROFITS_B, TARGETS, A, B

NEAR = Fraction(1, 10**40)  # quotients carry 60 digits
FIRST = Card(CardInputs(A, PROFITS_A, firm=FIRM), TARGETS, Scheme())
LAST = Card(CardInputs(B, PROFITS_B, firm=FIRM), TARGETS, Scheme())

SUBJECTS = ("new", "lost", "profit:H")
money = st.decimals(-(10**6), 10**6, places=4)
weights = st.sampled_from([(20, 30, 30, 20), (25, 25, 25, 25), (0, 50, 50, 0), (10, 20, 30, 40)])
groups = st.sampled_from([
    Scheme().groups,
    (GroupRule("H", ("V5",), Decimal("0.6")), GroupRule("M", TIERS[1:], Decimal("0.4"))),
])  # fmt: skip


@st.composite
def counts(draw: Any) -> dict[str, int]:
    stayers = draw(st.integers(0, 400))
    top, young = draw(st.integers(0, stayers)), draw(st.integers(0, 5))
    return dict.fromkeys(COUNTS, 0) | {
        "B": stayers + draw(st.integers(0, 50)), "N": draw(st.integers(0, 60)), "L": draw(st.integers(0, 60)),
        "S": stayers, "S_top": top, "S_new": min(young, stayers - top), "U": draw(st.integers(0, 40)),
    }  # fmt: skip


profits = st.builds(
    Profits,
    st.integers(1, 3),
    st.dictionaries(
        st.sampled_from(TIERS),
        st.builds(
            TierFacts,
            money,
            st.dictionaries(st.sampled_from([28, 30, 31]), st.integers(0, 4000), max_size=2),
        ),
    ),
)


@st.composite
def limits(draw: Any, low: int, high: int) -> dict[str, Limits] | None:
    ends = draw(st.lists(st.integers(low, high), min_size=2, max_size=2, unique=True))
    return Limits(Decimal(ends[0]) / 100, Decimal(ends[1]) / 100)


@st.composite
def targets(draw: Any) -> Targets:
    rates = {name: draw(limits(0, 30)) for name in RATES if draw(st.integers(0, 5))}
    return Targets(rates, {name: draw(limits(-900, 90000)) for name in "HML" if draw(st.integers(0, 5))})


@st.composite
def cards(draw: Any) -> Card:
    firm = CardInputs(draw(counts()), draw(profits)) if draw(st.booleans()) else None
    adjusted = draw(st.dictionaries(st.sampled_from(SUBJECTS), money.filter(bool), max_size=2))
    inputs = CardInputs(draw(counts()), draw(profits), draw(st.integers(0, 4)) == 0, firm, adjusted)
    shares = dict(zip(INDICATORS, map(Decimal, draw(weights)), strict=True))
    scheme = Scheme(weights=shares, groups=draw(groups), cap=Decimal(draw(st.sampled_from([100, 120]))))
    return Card(inputs, draw(targets()), scheme)


def near(one: Fraction | None, other: Decimal | None) -> bool:
    return one is None if other is None else one is not None and abs(one - Fraction(other)) < NEAR


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(cards(), cards())
def test_parts_add_up_to_the_change_of_every_number(before: Card, after: Card) -> None:
    """Of the total, of each score, rate and group; the ends are those of the cards themselves."""
    change, ends = explain(before, after), (before.worked(), after.worked())
    told: list[tuple[Split, Any]] = [(change.total, lambda worked: worked.total)]
    told += [(change.scores[name], lambda worked, name=name: worked.score(name)) for name in INDICATORS]
    told += [(change.used[name], lambda worked, name=name: worked.rates[name].used) for name in RATES]
    told += [
        (split, lambda worked, name=name: next(one.used for one in worked.groups if one.name == name))
        for name, split in change.groups.items()
    ]
    for split, value in told:
        assert near(split.before, value(ends[0]))
        assert near(split.after, value(ends[1]))
        assert sum(split.parts.values()) == (split.difference or 0)
        assert set(split.parts) == (set() if split.difference is None else set(CAUSES))
    if change.total.difference is not None:
        for cause, part in change.total.parts.items():
            assert part == sum(change.points[name].parts[cause] for name in INDICATORS)


@settings(max_examples=25)
@given(cards(), cards())
def test_the_way_back_has_the_same_parts_the_other_way(before: Card, after: Card) -> None:
    there, back = explain(before, after).total, explain(after, before).total
    assert there.parts == {cause: -part for cause, part in back.parts.items()}


@settings(max_examples=25)
@given(cards(), targets())
def test_only_what_differs_has_a_part(card: Card, others: Targets) -> None:
    change = explain(card, replace(card, targets=others))
    assert {cause for cause, part in change.total.parts.items() if part} <= {"target"}
    assert not any(explain(card, card).total.parts.values())


def test_the_parts_are_the_mean_over_all_orders() -> None:
    """By hand for the lost client rate: 40 of 1000 and 3 of 120, drawn by 100 at the firm's 5 %."""
    split = explain(FIRST, LAST).used["lost"]
    raw = {"volume": (1000, 120), "rate": (40, 3)}
    parts = dict.fromkeys(raw, Fraction(0))
    for order in permutations(raw):
        taken = {name: ends[0] for name, ends in raw.items()}
        for cause in order:
            was = Fraction(taken["rate"], taken["volume"])
            taken[cause] = raw[cause][1]
            parts[cause] += (Fraction(taken["rate"], taken["volume"]) - was) / 2
    pulled = Fraction(3 + 5, 220) - Fraction(3, 120)
    parts["small_base"] = pulled
    assert {cause for cause, part in split.parts.items() if part} == set(parts)
    assert all(abs(split.parts[cause] - part) < NEAR for cause, part in parts.items())


def test_what_two_persons_added_is_a_cause_of_its_own() -> None:
    adjusted = replace(
        LAST, inputs=replace(LAST.inputs, adjustments={"lost": Decimal(-1), "profit:M": Decimal(660)})
    )
    change = explain(LAST, adjusted)
    for split in (change.total, change.used["lost"], change.groups["M"]):
        assert {cause for cause, part in split.parts.items() if part} <= {"adjustment", "small_base"}
    assert abs(change.used["lost"].difference - Fraction(-1, 220)) < NEAR
    assert abs(change.used["lost"].parts["adjustment"] - Fraction(-1, 120)) < NEAR


def test_of_average_profitability_mix_and_rate_are_apart() -> None:
    """More clients in the better tier of a group is mix; what a client brings is rate."""

    def of(*tiers: tuple[str, str, str]) -> Card:
        facts = {tier: TierFacts(Decimal(profit), {}, Decimal(clients)) for tier, profit, clients in tiers}
        return replace(FIRST, inputs=replace(FIRST.inputs, profits=Profits(1, facts)))

    first = of(("V5", "400000", "50"), ("V4", "100000", "50"))
    mixed = explain(first, of(("V5", "640000", "80"), ("V4", "40000", "20"))).groups["H"]
    richer = explain(first, of(("V5", "450000", "50"), ("V4", "100000", "50"))).groups["H"]
    assert {cause: part for cause, part in mixed.parts.items() if part} == {"mix": 1800}
    assert {cause: part for cause, part in richer.parts.items() if part} == {"rate": 500}


def test_a_missing_total_is_not_split() -> None:
    bare = replace(LAST, targets=Targets({}, TARGETS.groups))
    change = explain(FIRST, bare)
    assert (change.total.after, change.total.parts, change.total.difference) == (None, {}, None)
    assert change.scores["new"].parts == {}
    assert sum(change.scores[PROFITABILITY].parts.values()) == change.scores[PROFITABILITY].difference


@given(
    st.dictionaries(st.integers(0, 30), st.fractions(-50, 50), min_size=1, max_size=28),
    st.sampled_from([0, 2, 4]),
    st.integers(-1, 1),
)
def test_shown_parts_add_up_to_the_shown_change(parts: dict[int, Fraction], places: int, off: int) -> None:
    """Also where the rounded totals are one unit further apart or nearer than the exact ones."""
    unit = Decimal(1).scaleb(-places)
    exact = sum(parts.values())
    whole = (round(exact / Fraction(unit)) + off) * unit
    told = shown(parts, whole)
    if not any(parts.values()):
        assert set(told.values()) == {0 * unit}
        return
    assert sum(told.values()) == whole
    assert all(
        abs(Fraction(told[key]) - part) < Fraction(5, 2) * Fraction(unit) for key, part in parts.items()
    )
    assert all(told[key] == 0 for key, part in parts.items() if not part)
