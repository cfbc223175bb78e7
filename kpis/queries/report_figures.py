"""The figures of a client analysis report: what moved in a month, read from what the nights keep.

Each section is {"facts": {name: [kind, value]}, …}: plain JSON with decimals as text. The kinds are those of
kpis.reporting.facts. Changes are against the close before; None where there is none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from core.errors import Refusal
from core.months import add_months, month_end
from kpis.models import Scorecard, UnitType
from kpis.queries.report_service import service
from kpis.rules import Period
from kpis.rules.periods import MONTH
from kpis.rules.scheme import INDICATORS
from segmentation.models import ModelVersion, ScoreClose, TierFigure
from segmentation.queries import overview
from segmentation.queries.figures import TiersOn, over_time
from segmentation.queries.overview import Points, Segment
from segmentation.queries.units import UnitChoice

FIRM = UnitChoice(firm=True)
MOST_POINTS = 60
TOP_SHARES = {"top1": 0.01, "top5": 0.05, "top20": 0.2}
LOW = 60  # points of a card
FROZEN = Q(sign_off__isnull=False, sign_off__replaced_by=None)
Figures = dict[str, Any]


class NoFigures(Refusal):
    """The month cannot be reported on yet."""


@dataclass(frozen=True)
class Gathered:
    """What a report says, by section, and whether some card behind it may still change."""

    as_of: date
    provisional: bool
    sections: Mapping[str, Figures]


def gather(period: Period) -> Gathered:
    """The figures of a month that is over. Raises NoFigures."""
    cards = _cards(period)
    if period.type != MONTH or not cards or not TierFigure.objects.filter(as_of=period.end).exists():
        raise NoFigures(_("The figures of this month are not there yet; the nightly run makes them."))
    closes = [period.end, period.opening_day, month_end(add_months(period.start, -12))]
    past = {one.as_of: one for one in over_time(closes, FIRM)}
    now, before, year = (past[close] for close in closes)
    earlier = _cards(period.shifted(-1))
    sections = {
        "movement": _movement(now, before, year, _firm(cards), _firm(earlier)),
        "segments": _segments(now, before, ladder(period.end)),
        "migration": _migration(period, ladder(period.end)),
        "concentration": _concentration(period),
        "at_risk": _at_risk(now, before),
        "units": _units(cards, earlier),
        "service": service(period),
    }
    final = all(card.state == Scorecard.State.FINAL for card in cards)
    return Gathered(period.end, not final, sections)


def ladder(day: date) -> list[str]:
    """Codes of the tiers that hold on a day, lowest first."""
    version = ModelVersion.objects.serving(day) or ModelVersion.objects.first_version()
    return [tier.code for tier in version.rules.tiers]


def _cards(period: Period) -> list[Scorecard]:
    """The cards of the firm, its regions and branches: the frozen one of a unit, else its current one."""
    kinds = [UnitType.FIRM, UnitType.REGION, UnitType.BRANCH]
    rows = Scorecard.objects.filter(
        FROZEN | Q(current=True), period=period.name, unit_type__in=kinds
    ).annotate(is_frozen=FROZEN)
    found = rows.defer("inputs", "notes").prefetch_related("lines")
    by_unit = {(card.unit_type, card.unit_code): card for card in found.order_by("is_frozen")}
    return [by_unit[unit] for unit in sorted(by_unit)]


def _firm(cards: Sequence[Scorecard]) -> Scorecard | None:
    return next((card for card in cards if card.unit_type == UnitType.FIRM), None)


def whole(tiers: TiersOn) -> Segment:
    """All tiers of a date together."""
    found = Segment()
    for segment in tiers.tiers.values():
        found.add(vars(segment))
    return found


def text(value: Any) -> str | None:
    """A number as JSON keeps it."""
    return None if value is None else str(value)


def change(now: Any, before: Any) -> Any:
    """The difference; None without one of the two."""
    return None if now is None or before is None else now - before


def growth(now: Any, before: Any) -> Any:
    """The change as a share of what was before; None where that is not positive."""
    if now is None or before is None or before <= 0:
        return None
    return (Decimal(now) - Decimal(before)) / Decimal(before)


def share(part: Any, all_of_it: Any) -> Any:
    return Decimal(part) / Decimal(all_of_it) if all_of_it and all_of_it > 0 else None


def facts(**told: tuple[str, Any]) -> dict[str, list[Any]]:
    """name=(kind, value) as JSON."""
    return {name: [kind, text(value)] for name, (kind, value) in told.items()}


def _movement(
    now: TiersOn, before: TiersOn, year: TiersOn, card: Scorecard | None, earlier: Scorecard | None
) -> Figures:
    at, back, then = whole(now), whole(before), whole(year)
    had, had_then = before.clients or None, year.clients or None
    counts = card.counts if card else {}
    lines = card.lines_by_name() if card else {}
    rates = {name: lines[name].used if name in lines else None for name in ("new", "lost", "upgraded")}
    total, total_before = card.total if card else None, earlier.total if earlier else None
    told = facts(
        clients=("number", at.clients),
        clients_change=("signed", change(at.clients, had)),
        clients_year=("signed_percent", growth(at.clients, had_then)),
        new=("number", counts.get("N")),
        back=("number", counts.get("R")),
        lost=("number", counts.get("L")),
        new_rate=("percent", rates["new"]),
        lost_rate=("percent", rates["lost"]),
        upgraded_rate=("percent", rates["upgraded"]),
        contribution=("money", at.contribution),
        contribution_change=("signed_percent", growth(at.contribution, back.contribution if had else None)),
        contribution_year=(
            "signed_percent",
            growth(at.contribution, then.contribution if had_then else None),
        ),
        assets=("money", at.assets),
        assets_change=("signed_percent", growth(at.assets, back.assets if had else None)),
        total=("points", total),
        total_change=("signed_points", change(total, total_before)),
    )
    return {"facts": told, "counts": counts}


def _segments(now: TiersOn, before: TiersOn, codes: Sequence[str]) -> Figures:
    """Sizes and value by tier, highest first; those without a tier stand under ''."""
    at, top = whole(now), codes[-2:]
    order = [*reversed(codes), *sorted(set(now.tiers) - set(codes))]
    rows = [
        _tier_row(code, now.tiers.get(code, Segment()), before.tiers.get(code, Segment())) for code in order
    ]
    high = Segment()
    for code in top:
        high.add(vars(now.tiers.get(code, Segment())))
    had = sum(before.tiers.get(code, Segment()).clients for code in top) if before.clients else None
    largest = max(order, key=lambda code: now.tiers.get(code, Segment()).clients)
    told = facts(
        top_clients=("number", high.clients),
        top_change=("signed", change(high.clients, had)),
        top_of_clients=("percent", share(high.clients, at.clients)),
        top_of_value=("percent", share(high.contribution, at.contribution)),
        top_per_client=("money", high.per_client),
        per_client=("money", at.per_client),
        largest=("tier", largest),
        largest_of_clients=("percent", share(now.tiers.get(largest, Segment()).clients, at.clients)),
    )
    return {"facts": told, "tiers": rows}


def _tier_row(code: str, now: Segment, before: Segment) -> Figures:
    return {
        "code": code, "clients": now.clients, "clients_before": before.clients,
        "contribution": text(now.contribution), "contribution_before": text(before.contribution),
        "assets": text(now.assets),
    }  # fmt: skip


def _migration(period: Period, codes: Sequence[str]) -> Figures:
    moves = overview.migrations(period.opening_day, period.end, FIRM)
    rose, fell, stayed = overview.moved(moves, codes)
    both, top = rose + fell + stayed, set(codes[-2:])
    told = facts(
        rose=("number", rose),
        fell=("number", fell),
        stayed=("number", stayed),
        rose_share=("percent", share(rose, both)),
        fell_share=("percent", share(fell, both)),
        into_top=("number", _crossed(moves, lambda code: code in top)),
        out_of_top=("number", _crossed(moves, lambda code: code not in top)),
    )
    return {"facts": told, "moves": [[a, b, count] for (a, b), count in sorted(moves.items())]}


def _crossed(moves: Mapping[tuple[str, str], int], inside: Any) -> int:
    """How many of those with a tier at both ends came inside from outside."""
    ends = ((a, b, count) for (a, b), count in moves.items() if a and b)
    return sum(count for a, b, count in ends if inside(b) and not inside(a))


def _concentration(period: Period) -> Figures:
    curves = {
        name: overview.overview(day, FIRM).concentration()
        for name, day in (("now", period.end), ("before", period.opening_day))
    }
    gini, gini_before = overview.gini(curves["now"]), overview.gini(curves["before"])
    tops = {name: ("percent", _reached(curves["now"], top)) for name, top in TOP_SHARES.items()}
    told = facts(**tops, gini=("ratio", gini), gini_change=("signed_ratio", change(gini, gini_before)))
    return {"facts": told, "curves": {name: _thinned(points) for name, points in curves.items()}}


def _reached(points: Points, at: float) -> float | None:
    """The share of value that this share of the clients brings, straight between the curve's points."""
    for (x0, y0), (x1, y1) in pairwise(points):
        if x0 <= at <= x1 and x1 > x0:
            return y0 + (y1 - y0) * (at - x0) / (x1 - x0)
    return None


def _thinned(points: Points) -> list[list[float]]:
    step = max(1, len(points) // MOST_POINTS)
    kept = [*points[::step], *(points[-1:] if (len(points) - 1) % step else [])]
    return [[round(x, 6), round(y, 6)] for x, y in kept]


def _at_risk(now: TiersOn, before: TiersOn) -> Figures:
    """Clients flagged at risk or with dormant assets at the close, by tier."""
    rows, earlier = _flagged(now.as_of), _flagged(before.as_of)
    at_risk, dormant = _sums(rows, "at_risk"), _sums(rows, "dormant_asset")
    had = _sums(earlier, "at_risk") if before.clients else None
    worth = sum((row["contribution"] or Decimal(0) for row in rows), Decimal(0))
    told = facts(
        clients=("number", at_risk),
        clients_change=("signed", change(at_risk, had)),
        of_clients=("percent", share(at_risk, now.clients)),
        contribution=("money", worth),
        of_value=("percent", share(worth, whole(now).contribution)),
        dormant=("number", dormant),
    )
    kept = ("tier", "at_risk", "dormant_asset")
    tiers = [{name: row[name] for name in kept} | {"contribution": text(row["contribution"])} for row in rows]
    return {"facts": told, "tiers": tiers}


def _flagged(day: date) -> list[dict[str, Any]]:
    flags = ("at_risk", "dormant_asset")
    rows = ScoreClose.objects.filter(as_of=day, flags__overlap=list(flags)).order_by().values("tier")
    counts = {name: Count("client_id", filter=Q(flags__contains=[name])) for name in flags}
    worth = Sum("contribution_12m", filter=Q(flags__contains=["at_risk"]))
    found: Any = rows.annotate(**counts, contribution=worth).order_by("-tier")
    return list(found)


def _sums(rows: Sequence[Mapping[str, Any]], name: str) -> int:
    return sum(row[name] for row in rows)


def _units(cards: Sequence[Scorecard], earlier: Sequence[Scorecard]) -> Figures:
    """The cards of regions and branches beside those of the month before, best total first."""
    totals = {(card.unit_type, card.unit_code): card.total for card in earlier}
    rows = [_unit_row(card, totals.get((card.unit_type, card.unit_code))) for card in cards if card.unit_code]
    for row in rows:
        row["place"] = _place(row, rows)
    rows.sort(key=lambda row: (row["kind"] != UnitType.REGION, row["place"] or len(rows), row["code"]))
    ranked = [row for row in rows if row["kind"] == UnitType.BRANCH and row["total"] is not None]
    values = [Decimal(row["total"]) for row in ranked]
    best, worst = (ranked[0], ranked[-1]) if ranked else ({}, {})
    told = facts(
        branches=("number", len([row for row in rows if row["kind"] == UnitType.BRANCH])),
        average=("points", sum(values, Decimal(0)) / len(values) if values else None),
        best=("name", best.get("name")),
        best_total=("points", best.get("total")),
        last=("name", worst.get("name")),
        last_total=("points", worst.get("total")),
        improved=("number", len([row for row in ranked if Decimal(row["change"] or 0) > 0])),
        low=("number", len([value for value in values if value < LOW])),
    )
    return {"facts": told, "units": rows}


def _place(row: Figures, rows: Sequence[Figures]) -> int | None:
    """The rank by total among the units of its kind; equal totals share one."""
    if row["total"] is None:
        return None
    total = Decimal(row["total"])
    others = [Decimal(one["total"]) for one in rows if one["kind"] == row["kind"] and one["total"]]
    return 1 + sum(1 for other in others if other > total)


def _unit_row(card: Scorecard, before: Decimal | None) -> Figures:
    lines = card.lines_by_name()
    return {
        "kind": card.unit_type, "code": card.unit_code, "name": card.unit_name,
        "clients": card.counts["E"], "total": text(card.total), "change": text(change(card.total, before)),
        "scores": {name: text(lines[name].score) if name in lines else None for name in INDICATORS},
        "final": card.state == Scorecard.State.FINAL,
    }  # fmt: skip
