"""Who moves most under a draft, and which part of the model moves them.

Clients that go the same way (same tiers, same whole points of both scores) are told by the one of them that
brings most, with how many go alike: fifty lines then show fifty different moves.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from segmentation.definition import Definition
from segmentation.models import DraftCurve, ModelDraft
from segmentation.queries.explain import AxisPart, Quantiles, axes_of, quantiles
from segmentation.queries.rows import Row, half_up, source

MOST_MOVERS, MOST_REASONS = 50, 3
HARDLY = Fraction(1, 20)  # a part that moves the score by less is no reason


def movers(
    draft: ModelDraft, as_of: date, live: Definition, found: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """The moves of most steps, then of most points, then those that bring most; with their reasons."""
    rank = {tier.code: place for place, tier in enumerate(draft.rules.tiers)}
    moving = [row for row in found if row["foremost"] is not None]
    moving.sort(key=lambda row: _weight_of(row, rank), reverse=True)
    chosen = moving[:MOST_MOVERS]
    rows = _rows([int(row["foremost"][1]) for row in chosen], as_of)
    points = _draft_quantiles(draft)
    return [_told(row, rows[int(row["foremost"][1])], live, draft.rules, points) for row in chosen]


def _weight_of(row: Mapping[str, Any], rank: Mapping[str, int]) -> tuple[Any, ...]:
    steps = abs(rank.get(row["tier"], -1) - rank.get(row["live_tier"], -1))
    points = abs((row["points"] or 0) - (row["live_points"] or 0))
    return steps, points, row["foremost"][0], row["foremost"][1]


def _rows(ids: list[int], as_of: date) -> dict[int, Row]:
    table: Any = source(as_of)
    kept = table.objects.filter(client_id__in=ids, as_of=as_of).select_related("client", "model_version")
    return {row.client_id: row for row in kept}


def _draft_quantiles(draft: ModelDraft) -> Mapping[str, Quantiles]:
    found: dict[str, dict[str, Sequence[Decimal]]] = {}
    for curve in DraftCurve.objects.filter(draft=draft):
        found.setdefault(curve.kind, {})[curve.indicator] = curve.quantiles
    return found


def _told(
    way: Mapping[str, Any], row: Row, live: Definition, rules: Definition, points: Mapping[str, Quantiles]
) -> dict[str, Any]:
    served = row.model_version.rules if row.model_version else live
    before = axes_of(row, served, quantiles(row.model_version, row.kind))
    after = axes_of(row, rules, points.get(row.kind, {}))
    score = _score(after)
    return {
        "client_no": row.client.client_no,
        "from": way["live_tier"],
        "to": way["tier"],
        "live_score": None if row.score is None else str(row.score),
        "score": None if score is None else str(score),
        "contribution": str(row.contribution_12m),
        "alike": way["clients"],
        "parts": parts(before, after),
        "cuts": _cuts(way, served, rules),
    }


def _score(axes: Sequence[AxisPart]) -> Decimal | None:
    adds = [axis.adds for axis in axes if axis.adds is not None]
    return half_up(half_up_exact(sum(adds, Fraction(0))), 2) if adds else None


def half_up_exact(value: Fraction) -> Fraction:
    """Rounded through 9 places, as the statement does."""
    return Fraction(half_up(value, 9))


def parts(before: Sequence[AxisPart], after: Sequence[AxisPart]) -> list[list[str]]:
    """The indicators that move the score most: [code, points more or less], the strongest first."""
    old, new = _adds(before), _adds(after)
    moved = {code: new[code] - old.get(code, Fraction(0)) for code in new}
    strongest = sorted(moved.items(), key=lambda item: (-abs(item[1]), item[0]))
    return [
        [code, str(half_up(points, 2))] for code, points in strongest[:MOST_REASONS] if abs(points) >= HARDLY
    ]


def _adds(axes: Sequence[AxisPart]) -> dict[str, Fraction]:
    return {part.indicator.code: part.adds or Fraction(0) for axis in axes for part in axis.indicators}


def _cuts(way: Mapping[str, Any], live: Definition, rules: Definition) -> list[list[str]]:
    """Cut-offs of the two tiers that the draft moves: [tier, before, after]."""
    found = []
    for code in (way["live_tier"], way["tier"]):
        old, new = live.tier(code), rules.tier(code)
        if old and new and old.cut is not None and new.cut is not None and old.cut != new.cut:
            found.append([code, str(old.cut), str(new.cut)])
    return found
