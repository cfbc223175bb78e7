"""Points of an inspection: 100 x the weighted share of what was met, among the items that applied.

Met counts 1, partly 1/2, missed 0; what did not apply is left out of both sums. A fatal item that was missed
makes it 0. Rounded half up to two places.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

WORTH = {"met": Decimal(1), "partly": Decimal("0.5"), "missed": Decimal(0)}


@dataclass(frozen=True)
class Points:
    points: Decimal
    fatal: bool


def points_of(items: Sequence[Mapping[str, Any]], results: Mapping[str, str]) -> Points | None:
    """The result of these answers by item key; None where nothing applied."""
    counted = [(item, WORTH[results[item["key"]]]) for item in items if results[item["key"]] in WORTH]
    weights = sum(Decimal(str(item["weight"])) for item, _worth in counted)
    if not weights:
        return None
    fatal = any(item["fatal"] and not worth for item, worth in counted)
    reached = sum(Decimal(str(item["weight"])) * worth for item, worth in counted)
    exact = Decimal(0) if fatal else 100 * reached / weights
    return Points(exact.quantize(Decimal("0.01"), ROUND_HALF_UP), fatal)
