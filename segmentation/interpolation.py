"""From a raw value to 0-100 by frozen breakpoints (S5, S6): exactly, and as straight lines for the database.

Each distinct quantile value is a point at the middle of its ranks; between points the score is linear, below
the smallest 0, above the largest 100. Of indicators that rank positive values only, ranks fill 10 to 100 and
everything not positive scores 0; of inverted ones the score is 100 less the rank.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

from segmentation.definition import FIXED, INVERTED, POSITIVE, Indicator

BELOW_EVERYTHING = -1e300
Points = list[tuple[int, Fraction]]
Lines = tuple[list[float], list[float], list[float]]


def indicator_score(
    indicator: Indicator, value: Decimal | None, quantiles: Sequence[Decimal], complaint_points: int = 25
) -> Fraction | None:
    """The exact score; None when the value is missing or nobody had one when the quantiles were taken."""
    if indicator.ranks == FIXED:
        return Fraction(max(0, 100 - complaint_points * int(value or 0)))
    if value is None or not quantiles:
        return None
    if indicator.ranks == POSITIVE:
        return Fraction(0) if value <= 0 else 10 + Fraction(9, 10) * rank(value, quantiles)
    found = rank(value, quantiles)
    return 100 - found if indicator.ranks == INVERTED else found


def rank(value: Decimal, quantiles: Sequence[Decimal]) -> Fraction:
    """Where a value lies among the 101 quantiles, 0 to 100 (S5)."""
    if value < quantiles[0]:
        return Fraction(0)
    if value > quantiles[-1]:
        return Fraction(100)
    upper = bisect_left(quantiles, value)
    if quantiles[upper] == value:
        return _middle(upper, quantiles)
    low, high = quantiles[upper - 1], quantiles[upper]
    start, end = _middle(upper - 1, quantiles), _middle(upper, quantiles)
    return start + (end - start) * Fraction(value - low) / Fraction(high - low)


def _middle(place: int, quantiles: Sequence[Decimal]) -> Fraction:
    value = quantiles[place]
    return Fraction(bisect_left(quantiles, value) + bisect_right(quantiles, value) - 1, 2)


def lines(indicator: Indicator, quantiles: Sequence[Decimal]) -> Lines:
    """The same as line segments over values in whole units of the last place (see models.Curve).

    Raw values are rounded to that place, so that "above the largest" begins one unit above it, and whole
    numbers keep float8 exact up to 2^53 units.
    """
    scaled = [int(value.scaleb(indicator.places)) for value in quantiles]
    points = _points(indicator, scaled)
    xs = [BELOW_EVERYTHING, *(float(x) for x, _y in points)]
    starts = [_below(indicator), *(y for _x, y in points)]
    slopes = [Fraction(0), *_slopes(indicator, points), Fraction(0)]
    return xs, [float(start) for start in starts], [float(slope) for slope in slopes]


def _points(indicator: Indicator, scaled: list[int]) -> Points:
    """Where a line begins, with the score there; the last point stands for all above the largest."""
    distinct = sorted(set(scaled))
    middles = [Fraction(bisect_left(scaled, x) + bisect_right(scaled, x) - 1, 2) for x in distinct]
    ranks = [*zip(distinct, middles, strict=True), (distinct[-1] + 1, Fraction(100))]
    if indicator.ranks == POSITIVE:
        return [(1, Fraction(10)), *((x, 10 + Fraction(9, 10) * y) for x, y in ranks)]
    if indicator.ranks == INVERTED:
        return [(x, 100 - y) for x, y in ranks]
    return ranks


def _slopes(indicator: Indicator, points: Points) -> list[Fraction]:
    """One for each point but the last: level before the first quantile and after the last one."""
    steep = [
        (end - start) / (high - low) if high > low else Fraction(0)
        for (low, start), (high, end) in pairwise(points)
    ]
    steep[-1] = Fraction(0)
    if indicator.ranks == POSITIVE:
        steep[0] = Fraction(0)
    return steep


def _below(indicator: Indicator) -> Fraction:
    return Fraction(100) if indicator.ranks == INVERTED else Fraction(0)
