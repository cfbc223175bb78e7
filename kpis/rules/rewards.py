"""From score to coefficient to a share of a pool: pure, exact, and to the fen.

A unit's weight is its coefficient times its base; its share is the pool times its part of all weights, cut to
the fen. The fen that are left over go one each to the units with the largest remainders, so that the shares
sum to the pool whatever the weights are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal
from typing import Any

from kpis.rules.numbers import WIDE, half_up

STEPS, LINEAR = "steps", "linear"
KINDS = (STEPS, LINEAR)
CLIENTS, EQUAL, GIVEN = "clients", "equal", "given"
BASES = (CLIENTS, EQUAL, GIVEN)
FEN = Decimal("0.01")
SCORE_PLACES = 2  # the score as it is shown decides, so that nobody misses a step by what is not seen


@dataclass(frozen=True)
class RewardRule:
    """How a kind of unit is rewarded.

    points: (score, coefficient), scores rising. steps: the coefficient of the highest point reached, 0 below
    the first. linear: on the line between neighbouring points, the ends' coefficients beyond them.
    base: clients held at the end, every unit the same, or a number given for each unit, such as pay classes.
    """

    kind: str
    points: tuple[tuple[Decimal, Decimal], ...]
    base: str

    def to_json(self) -> dict[str, Any]:
        points = [[f"{one.normalize():f}" for one in point] for point in self.points]
        return {"kind": self.kind, "points": points, "base": self.base}

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "RewardRule":
        points = tuple((Decimal(score), Decimal(value)) for score, value in kept["points"])
        return cls(kept["kind"], points, kept["base"])


def coefficient(rule: RewardRule, total: Decimal | None) -> Decimal:
    """Of a total score; 0 without one."""
    score = half_up(total, SCORE_PLACES)
    if score is None:
        return Decimal(0)
    reached = [point for point in rule.points if point[0] <= score]
    if rule.kind == STEPS:
        return reached[-1][1] if reached else Decimal(0)
    if not reached:
        return rule.points[0][1]
    if len(reached) == len(rule.points):
        return rule.points[-1][1]
    (low, below), (high, above) = reached[-1], rule.points[len(reached)]
    way = WIDE.divide(score - low, high - low)
    return WIDE.add(below, WIDE.multiply(above - below, way))


def shares(pool: Decimal, weights: Mapping[str, Decimal]) -> dict[str, Decimal]:
    """Each key's part of the pool, to the fen, summing to it; all 0 when no weight is above 0."""
    whole = sum(weights.values(), Decimal(0))
    if whole <= 0:
        return dict.fromkeys(weights, Decimal("0.00"))
    exact = {key: WIDE.divide(WIDE.multiply(pool, weight), whole) for key, weight in weights.items()}
    cut = {key: part.quantize(FEN, ROUND_DOWN) for key, part in exact.items()}
    left = int((pool - sum(cut.values(), Decimal(0))) / FEN)
    by_remainder = sorted(exact, key=lambda key: (cut[key] - exact[key], key))
    for key in by_remainder[:left]:
        cut[key] += FEN
    return cut
