"""The interval of a difference: published figures, and limits that solve Wilson's equation."""

from math import isclose, sqrt

from hypothesis import given
from hypothesis import strategies as st

from outreach.intervals import Z95, Share, difference, too_few


def test_published_example() -> None:
    """Newcombe 1998, table II, method 10: 56/70 less 48/80 is 0.2, from 0.0524 to 0.3339."""
    found = difference(Share(56, 70), Share(48, 80))
    assert found is not None
    assert (round(found.value, 4), round(found.low, 4), round(found.high, 4)) == (0.2, 0.0524, 0.3339)
    assert found.is_clear


def _limit(hits: int, size: int, low: float, high: float) -> float:
    """Where (p - x)^2 = z^2 x (1 - x) / n, between low and high, by halving."""
    p = hits / size

    def inside(x: float) -> bool:
        return (p - x) ** 2 <= Z95**2 * x * (1 - x) / size

    for _step in range(80):
        middle = (low + high) / 2
        low, high = (middle, high) if inside(middle) == inside(low) else (low, middle)
    return (low + high) / 2


def _brute(hits: int, size: int) -> tuple[float, float]:
    p = hits / size
    return (
        0.0 if hits == 0 else _limit(hits, size, 0.0, p),
        1.0 if hits == size else _limit(hits, size, p, 1.0),
    )


groups = st.integers(1, 500).flatmap(lambda size: st.tuples(st.integers(0, size), st.just(size)))


@given(groups, groups)
def test_against_limits_found_by_halving(one: tuple[int, int], two: tuple[int, int]) -> None:
    found = difference(Share(*one), Share(*two))
    assert found is not None
    (l1, u1), (l2, u2) = _brute(*one), _brute(*two)
    p1, p2 = one[0] / one[1], two[0] / two[1]
    assert isclose(found.low, p1 - p2 - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), abs_tol=1e-6)
    assert isclose(found.high, p1 - p2 + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2), abs_tol=1e-6)
    assert -1 - 1e-9 <= found.low <= found.value <= found.high <= 1 + 1e-9


def test_small_and_empty_groups_say_nothing() -> None:
    assert difference(Share(0, 0), Share(1, 2)) is None
    assert [too_few(Share(1, 30), Share(1, size)) for size in (29, 30)] == [True, False]
