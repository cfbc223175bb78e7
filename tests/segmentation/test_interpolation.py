"""From raw value to score by frozen breakpoints (S5, S6): exact rule, straight lines and database agree."""

from bisect import bisect_left, bisect_right
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segmentation.definition import FIXED, Indicator
from segmentation.interpolation import indicator_score, lines, rank
from segmentation.queries.explain import shown
from segmentation.queries.rows import half_up

D = Decimal
EVEN = [D(p) for p in range(101)]
PLACES = {"all": 4, "positive": 4, "inverted": 0}


def indicator(ranks: str = "all", places: int = 4) -> Indicator:
    return Indicator("x", "current", D(1), places, ranks)


def quantiles(values: list[Decimal]) -> list[Decimal]:
    """Nearest rank: q_p is the ceil(p n / 100)-th smallest value, q_0 the smallest (S5)."""
    ordered = sorted(values)
    return [ordered[max(1, -(-p * len(ordered) // 100)) - 1] for p in range(101)]


def plainly(ranks: str, points: list[Decimal], value: Decimal) -> Fraction:
    """The rule once more, by walking over the distinct points."""
    if ranks == "positive" and value <= 0:
        return Fraction(0)
    distinct = sorted(set(points))
    middles = [Fraction(bisect_left(points, x) + bisect_right(points, x) - 1, 2) for x in distinct]
    if value < distinct[0]:
        found = Fraction(0)
    elif value > distinct[-1]:
        found = Fraction(100)
    else:
        place = max(i for i, x in enumerate(distinct) if x <= value)
        found = middles[place]
        if distinct[place] < value:
            step = Fraction(value - distinct[place]) / Fraction(distinct[place + 1] - distinct[place])
            found += step * (middles[place + 1] - middles[place])
    return {"all": found, "positive": 10 + found * 9 / 10, "inverted": 100 - found}[ranks]


def by_lines(one: Indicator, points: list[Decimal], value: Decimal) -> float:
    xs, starts, slopes = lines(one, points)
    x = float(value.scaleb(one.places))
    k = bisect_right(xs, x) - 1
    return starts[k] + slopes[k] * (x - xs[k])


def test_s5_between_points_outside_and_on_ties() -> None:
    ties = [D(1)] * 11 + [D(p) for p in range(11, 101)]
    assert rank(D("50.5"), EVEN) == Fraction(101, 2)
    assert rank(D(1), ties) == 5  # ranks 0 to 10
    assert rank(D(6), ties) == 5 + Fraction(11 - 5) * 5 / 10
    assert (rank(D("0.9999"), ties), rank(D(101), ties)) == (0, 100)
    assert rank(D(7), [D(7)] * 101) == 50


def test_s5_quantiles_by_nearest_rank() -> None:
    assert quantiles([D(3), D(1), D(2)])[:2] == [1, 1]
    assert quantiles([D(3), D(1), D(2)])[33:35] == [1, 2]
    assert quantiles([D(value) for value in range(1, 101)]) == [D(1), *(D(p) for p in range(1, 101))]


def test_s5_nobody_had_a_value() -> None:
    assert indicator_score(indicator(), D(5), []) is None
    assert indicator_score(indicator("positive"), D(-5), []) is None


def test_s6_positive_values_fill_10_to_100() -> None:
    points = [D(10) + p for p in range(101)]
    one = indicator("positive")
    found = [
        indicator_score(one, D(value), points) for value in ("-1", "0", "0.0001", "9.9999", "10", "60", "111")
    ]
    assert found == [0, 0, 10, 10, 10, 55, 100]


def test_inverted_is_100_less_the_rank() -> None:
    assert [indicator_score(indicator("inverted", 0), D(value), EVEN) for value in (0, 30, 200)] == [
        100,
        70,
        0,
    ]


def test_complaints_take_25_each() -> None:
    one = indicator(FIXED)
    assert [indicator_score(one, value, []) for value in (None, 0, 1, 4, 5)] == [100, 100, 75, 0, 0]


def test_s4_shown_half_up() -> None:
    assert half_up(Fraction(5, 1000), 2) == D("0.01")
    assert half_up(Fraction(-5, 1000), 2) == D("-0.01")
    assert shown(Fraction(2, 3)) == D("0.67")


money = st.integers(-(10**9), 10**13).map(lambda units: D(units).scaleb(-4))
days = st.integers(0, 4000).map(D)


@settings(max_examples=150, deadline=None)
@given(st.data(), st.sampled_from(["all", "positive", "inverted"]))
def test_s5_s6_lines_are_the_exact_rule(data: Any, ranks: str) -> None:
    kind = days if ranks == "inverted" else money
    values = data.draw(st.lists(kind, min_size=1, max_size=60))
    usable = [value for value in values if value > 0 or ranks != "positive"]
    value = data.draw(st.one_of(kind, st.sampled_from(values)))
    if not usable:
        return
    points, one = quantiles(usable), indicator(ranks, PLACES[ranks])
    exact = indicator_score(one, value, points)
    assert exact == plainly(ranks, points, value)
    assert by_lines(one, points, value) == pytest.approx(float(exact), abs=1e-9)


@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(money, min_size=1, max_size=40), st.lists(money, min_size=1, max_size=20))
def test_the_database_walks_the_same_lines(known: list[Decimal], values: list[Decimal]) -> None:
    usable = [value for value in known if value > 0] or [D(1)]
    points, one = quantiles(usable), indicator("positive")
    xs, starts, slopes = lines(one, points)
    values = [*values, *usable]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT segmentation_points((v * 10000)::bigint::float8, %s, %s, %s)"
            " FROM unnest(%s::numeric[]) WITH ORDINALITY AS given (v, place) ORDER BY place",
            [xs, starts, slopes, values],
        )
        found = [row[0] for row in cursor.fetchall()]
    for value, score in zip(values, found, strict=True):
        assert score == pytest.approx(float(indicator_score(one, value, points) or 0), abs=1e-9)
