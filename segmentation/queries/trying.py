"""What a draft would do to all clients of a date: one pass over the kept raw values, then a few sums.

Everything before the date stays as it was: hysteresis looks at the tiers and scores that the closes were
given, as it would on the first night of a version that is published (S2, S3). "Settled" is the tier by the
plain cut-offs, to which clients move over the months after.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from core import sql
from core.runs import last_finished
from segmentation.dates import earlier_closes, is_month_end
from segmentation.definition import Definition
from segmentation.models import ModelDraft
from segmentation.queries.movers import movers

AXES = ("current", "potential", "loyalty")
PARTS = (
    "contribution_12m", "contribution_3m_x4", "assets_avg_3m", "net_inflow_ratio", "declared_outside_assets",
    "recency_days", "active_months_12m", "turnover_12m", "product_families", "tenure_years", "complaints_12m",
)  # fmt: skip
SUMS = ("clients", "contribution", "assets", "scored", "score_sum")


def tried_params(draft: ModelDraft, as_of: date) -> dict[str, Any]:
    """What the function segmentation_tried asks for; weights in the order of its places."""
    rules = draft.rules
    params = rules.score_params()
    ladder = rules.tier_params()
    run = last_finished()
    most = max(ladder["closes_before_down"])
    return {
        "draft": draft.pk,
        "as_of": as_of,
        "is_night": run is not None and run.as_of == as_of,
        "is_close": is_month_end(as_of),
        "weights": [float(params[f"w_{name}"]) for name in (*PARTS, *AXES)],
        "complaint_points": float(rules.complaint_points),
        "closes": earlier_closes(as_of, max(most, 1)),
        **{
            name: ladder[name] for name in ("codes", "cuts", "closes_before_down", "up_margin", "down_margin")
        },
    }


def let_workers_help() -> None:
    """The statements of this transaction are shared out to several workers of the database.

    The planner prices every row that a worker hands over; here workers hand over sums, whose number it
    overrates so much that it would do without them. It also takes the ways for many more than they are and
    would sort all clients by them; with room enough it counts them by hash, a fifth faster.
    """
    with connection.cursor() as cursor:
        for setting in (
            "max_parallel_workers_per_gather = 4",
            "parallel_tuple_cost = 0",
            "work_mem = '64MB'",
        ):
            cursor.execute(f"SET LOCAL {setting}")


def ways(draft: ModelDraft, as_of: date) -> list[dict[str, Any]]:
    """The clients of a date by the way they go, a row for each (sql/what_if.sql)."""
    return sql.rows("segmentation", "what_if", tried_params(draft, as_of))


def what_if(draft: ModelDraft, as_of: date, live: Definition, found: list[dict[str, Any]]) -> dict[str, Any]:
    """The result of a what-if as plain JSON, money and points as text."""
    return {
        "clients": sum(row["clients"] for row in found),
        "by_hand": sum(row["by_hand"] for row in found),
        "moves": _moves(found, "tier"),
        "settled": _moves(found, "plain"),
        "tiers": {
            "live": _sizes(found, "live_tier", "live_scored", "live_sum"),
            "draft": _sizes(found, "tier", "scored", "score_sum"),
            "settled": _sizes(found, "plain", "scored", "score_sum"),
        },
        "curves": {"live": curve(found, "live_points"), "draft": curve(found, "points")},
        "movers": movers(draft, as_of, live, found),
    }


def _moves(found: Iterable[Mapping[str, Any]], end: str) -> list[list[Any]]:
    """[tier now, tier then, clients]; '' stands for none."""
    counts: dict[tuple[str, str], int] = defaultdict(int)
    for row in found:
        counts[row["live_tier"], row[end]] += row["clients"]
    return [[before, after, count] for (before, after), count in sorted(counts.items())]


def _sizes(found: Iterable[Mapping[str, Any]], tier: str, scored: str, score_sum: str) -> dict[str, Any]:
    """By tier: clients, contribution over 12 months, assets, and what an average score needs."""
    sums: dict[str, list[Any]] = defaultdict(lambda: [0, Decimal(0), Decimal(0), 0, Decimal(0)])
    for row in found:
        held = sums[row[tier]]
        for place, name in enumerate(("clients", "contribution", "assets", scored, score_sum)):
            held[place] += row[name]
    return {
        code: {name: str(value) if isinstance(value, Decimal) else value for name, value in _named(held)}
        for code, held in sums.items()
    }


def _named(held: list[Any]) -> Iterable[tuple[str, Any]]:
    return zip(SUMS, held, strict=True)


def curve(found: Iterable[Mapping[str, Any]], points: str) -> list[list[float]]:
    """Share of the scored clients, the highest score first, against their share of the contribution.

    Exact at whole points of the score; empty when the contribution of all is not positive.
    """
    bins: dict[int, list[Any]] = defaultdict(lambda: [0, Decimal(0)])
    for row in found:
        if row[points] is not None:
            held = bins[row[points]]
            held[0] += row["clients"]
            held[1] += row["contribution"]
    clients, value = sum(held[0] for held in bins.values()), sum(held[1] for held in bins.values())
    if value <= 0:
        return []
    drawn, so_far, brought = [[0.0, 0.0]], 0, Decimal(0)
    for _points, (count, amount) in sorted(bins.items(), reverse=True):
        so_far, brought = so_far + count, brought + amount
        drawn.append([round(so_far / clients, 6), round(float(brought / value), 6)])
    return drawn


@dataclass(frozen=True)
class Shift:
    """How many of those with a tier at both ends rise, fall and stay."""

    rose: int
    fell: int
    stayed: int


def shift(moves: Iterable[list[Any]], rules: Definition) -> Shift:
    rank = {tier.code: place for place, tier in enumerate(rules.tiers)}
    counts = {1: 0, -1: 0, 0: 0}
    for before, after, clients in moves:
        if before in rank and after in rank:
            counts[(rank[after] > rank[before]) - (rank[after] < rank[before])] += clients
    return Shift(counts[1], counts[-1], counts[0])
