"""Figures of whole segments: sizes, value, concentration, the old split, migration between two dates."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Sum

from core import sql
from segmentation.dates import is_month_end
from segmentation.models import ModelVersion, SegmentFigure, TierFigure
from segmentation.queries.units import UnitChoice

ZERO = Decimal(0)
SUMS = ("clients", "scored", "score_sum", "contribution", "assets")
Points = list[tuple[float, float]]
TOPS = (Decimal("0.01"), Decimal("0.05"), Decimal("0.1"), Decimal("0.2"), Decimal("0.5"))
LAST_PLACE = Decimal("0.0001")


@dataclass
class Segment:
    """The sums of a tier or a class: clients, their contribution over 12 months and their assets (CNY)."""

    clients: int = 0
    scored: int = 0
    score_sum: Decimal = ZERO
    contribution: Decimal = ZERO
    assets: Decimal = ZERO

    def add(self, row: dict[str, Any]) -> None:
        for name in SUMS:
            setattr(self, name, getattr(self, name) + row[name])

    @property
    def average_score(self) -> Decimal | None:
        return self.score_sum / self.scored if self.scored else None

    @property
    def per_client(self) -> Decimal | None:
        return self.contribution / self.clients if self.clients else None


@dataclass
class Overview:
    """Sums on a date by tier ('' without one), by class of the old split, and by both at once."""

    tiers: dict[str, Segment] = field(default_factory=lambda: defaultdict(Segment))
    classes: dict[str, Segment] = field(default_factory=lambda: defaultdict(Segment))
    crossed: dict[tuple[str, str], int] = field(default_factory=lambda: defaultdict(int))
    whole: Segment = field(default_factory=Segment)
    bins: dict[int, Segment] = field(default_factory=lambda: defaultdict(Segment))

    def share(self, segment: Segment) -> Decimal | None:
        """The segment's share of the whole contribution; None when that is not positive."""
        return segment.contribution / self.whole.contribution if self.whole.contribution > 0 else None

    def share_of_clients(self, segment: Segment) -> Decimal | None:
        return Decimal(segment.clients) / self.whole.clients if self.whole.clients else None

    def concentration(self) -> Points:
        """Share of clients, most valuable first, against share of contribution, at the edges of the bins."""
        if self.whole.contribution <= 0:
            return []
        points, clients, value = [(0.0, 0.0)], 0, ZERO
        for _bin, segment in sorted(self.bins.items(), reverse=True):
            clients += segment.clients
            value += segment.contribution
            points.append((clients / self.whole.clients, float(value / self.whole.contribution)))
        return points

    def tops(self) -> list["Top"]:
        """The most valuable clients, each time as many bins as hold at least that share of all clients."""
        found: dict[int, Top] = {}
        clients, value, marks = 0, ZERO, list(TOPS)
        for edge, segment in sorted(self.bins.items(), reverse=True):
            clients += segment.clients
            value += segment.contribution
            passed = [mark for mark in marks if clients >= mark * self.whole.clients]
            if passed and self.whole.contribution > 0:
                found[edge] = Top(
                    clients, Decimal(clients) / self.whole.clients, value / self.whole.contribution,
                    bin_start(edge),
                )  # fmt: skip
            marks = marks[len(passed) :]
        return list(found.values())


@dataclass(frozen=True)
class Top:
    """The clients from a contribution (CNY over 12 months) on, with their share of clients and of value."""

    clients: int
    of_clients: Decimal
    of_value: Decimal
    contribution_from: Decimal


def bin_start(value_bin: int) -> Decimal:
    """The least contribution in a bin or above it (sql/segment_figure.sql), to the last place kept."""
    if value_bin > 0:
        edge = (Decimal(value_bin) / 8).exp() - 1
        return edge.quantize(LAST_PLACE, ROUND_CEILING)
    edge = 1 - (Decimal(1 - value_bin) / 8).exp()
    return edge.quantize(LAST_PLACE, ROUND_FLOOR) + LAST_PLACE


def overview(as_of: date, unit: UnitChoice) -> Overview:
    """The sums of a date's clients on record with a unit; few queries, over small tables of figures."""
    found = Overview()
    for row in _figures(as_of, unit):
        found.tiers[row["tier"]].add(row)
        found.classes[row["asset_class"]].add(row)
        found.crossed[row["asset_class"], row["tier"]] += row["clients"]
        found.bins[row["value_bin"]].add(row)
        found.whole.add(row)
    return found


def _figures(as_of: date, unit: UnitChoice) -> Any:
    """The figures are kept by branch; those of managers alone are added up when they are asked for."""
    if unit.manager_nos and not unit.firm and not unit.branch_ids:
        return _of_managers(as_of, unit)
    rows = SegmentFigure.objects.filter(as_of=as_of).order_by()
    rows = rows if unit.firm else rows.filter(branch_id__in=unit.branch_ids)
    kept = rows.values("tier", "asset_class", "value_bin")
    return kept.annotate(**{name: Sum(name) for name in SUMS})


def _of_managers(as_of: date, unit: UnitChoice) -> list[dict[str, Any]]:
    places = unit.narrow(TierFigure.objects.filter(as_of=as_of)).order_by().distinct()
    rules = (ModelVersion.objects.serving(as_of) or ModelVersion.objects.first_version()).rules
    params = {
        **rules.class_params(), "as_of": as_of, "is_close": is_month_end(as_of),
        "branch_ids": list(places.values_list("branch_id", flat=True)), "manager_nos": list(unit.manager_nos),
    }  # fmt: skip
    return list(sql.rows("segmentation", "segment_of_manager", params))


def gini(points: Points) -> float | None:
    """How unevenly contribution is spread: 0 when even, towards 1 when few bring all; twice the area between
    the curve and the diagonal. It passes 1 where some cost more than they bring."""
    if len(points) < 2:
        return None
    area = sum((x1 - x0) * (y0 + y1) / 2 for (x0, y0), (x1, y1) in pairwise(points))
    return 2 * area - 1


def migrations(start: date, end: date, unit: UnitChoice) -> dict[tuple[str, str], int]:
    """Clients by (tier at start, tier at end); '' without a tier at that end (S9)."""
    params = {
        **unit.params(), "from_date": start, "from_is_close": is_month_end(start), "to_date": end,
        "to_is_close": is_month_end(end),
    }  # fmt: skip
    rows = sql.rows("segmentation", "tier_migration", params)
    return {(row["tier_before"], row["tier_after"]): row["clients"] for row in rows}


def moved(moves: dict[tuple[str, str], int], order: Iterable[str]) -> tuple[int, int, int]:
    """(rose, fell, stayed) among the clients with a tier of the ladder at both ends."""
    rank = {code: place for place, code in enumerate(order)}
    rose = fell = stayed = 0
    for (before, after), count in moves.items():
        if before in rank and after in rank:
            rose += count if rank[after] > rank[before] else 0
            fell += count if rank[after] < rank[before] else 0
            stayed += count if after == before else 0
    return rose, fell, stayed
