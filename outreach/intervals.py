"""How sure the difference of two shares is: rules without a database."""

from dataclasses import dataclass
from math import sqrt

Z95 = 1.959963984540054  # two-sided 95 % of the normal distribution
FEWEST = 30  # in either group; below it nothing is said of a difference


@dataclass(frozen=True)
class Share:
    """`hits` of `size`."""

    hits: int
    size: int

    @property
    def rate(self) -> float | None:
        return self.hits / self.size if self.size else None

    @property
    def percent(self) -> str:
        """With one decimal place; a dash for nobody."""
        return "–" if self.rate is None else f"{self.rate:.1%}"


@dataclass(frozen=True)
class Difference:
    """Treated less control, with the 95 % confidence interval; all as shares of 1."""

    value: float
    low: float
    high: float

    @property
    def words(self) -> tuple[str, str, str]:
        """Value, low and high in percentage points."""
        return (f"{self.value * 100:+.1f}", f"{self.low * 100:+.1f}", f"{self.high * 100:+.1f}")

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves zero out."""
        return self.low > 0 or self.high < 0


def wilson(share: Share, z: float = Z95) -> tuple[float, float]:
    """The score interval of one share (Wilson 1927), without continuity correction."""
    n, p = share.size, share.hits / share.size
    middle, spread = p + z * z / (2 * n), z * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return max(0.0, (middle - spread) / (1 + z * z / n)), min(1.0, (middle + spread) / (1 + z * z / n))


def difference(treated: Share, control: Share) -> Difference | None:
    """Newcombe's hybrid score interval (Statistics in Medicine 17, 1998, method 10).

    low = d - sqrt((p1 - l1)^2 + (u2 - p2)^2), high = d + sqrt((u1 - p1)^2 + (p2 - l2)^2), where l and u are
    the Wilson limits of each share. None when a group is empty.
    """
    if not treated.size or not control.size:
        return None
    p1, p2 = treated.hits / treated.size, control.hits / control.size
    (l1, u1), (l2, u2) = wilson(treated), wilson(control)
    d = p1 - p2
    return Difference(d, d - sqrt((p1 - l1) ** 2 + (u2 - p2) ** 2), d + sqrt((u1 - p1) ** 2 + (p2 - l2) ** 2))


def too_few(treated: Share, control: Share) -> bool:
    return min(treated.size, control.size) < FEWEST
