"""What moved a client's score since the last month close, and which single service would raise it most."""

from collections.abc import Iterator, Mapping
from copy import copy
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from segmentation.definition import Definition
from segmentation.models import ModelVersion
from segmentation.queries.explain import AxisPart, Explanation, IndicatorPart, axes_of, quantiles
from segmentation.queries.rows import Row

STEP = Decimal("0.10")
"""A realistic step: so much more traded and earned, or so much of the assets brought in."""
LEAST_INFLOW = Decimal(10_000)  # CNY
MONTHS = 12
NOTHING = Fraction(0)


@dataclass(frozen=True)
class PartChange:
    """An indicator or axis at the close before and now; points: what it adds now less what it added then."""

    code: str
    raw_before: Decimal | int | None
    raw_now: Decimal | int | None
    score_before: Fraction | None
    score_now: Fraction | None
    points: Fraction
    parts: tuple["PartChange", ...] = ()


@dataclass(frozen=True)
class Changes:
    """Between the close before and now; the axes' points add up to the score's. versions: (then, now)."""

    since: date
    score_before: Decimal
    score_now: Decimal
    axes: tuple[PartChange, ...]
    versions: tuple[int | None, int | None]

    @property
    def points(self) -> Decimal:
        return self.score_now - self.score_before

    @property
    def movers(self) -> list[PartChange]:
        """The indicators that moved the score, the strongest first."""
        parts = [part for axis in self.axes for part in axis.parts if part.points]
        return sorted(parts, key=lambda part: abs(part.points), reverse=True)

    @property
    def is_one_version(self) -> bool:
        return self.versions[0] == self.versions[1]


def changes(explanation: Explanation) -> Changes | None:
    """Part by part; None when there is no score now or none at the close before."""
    before, row = explanation.before, explanation.row
    if before is None or before.score is None or row.score is None:
        return None
    version = before.model_version
    rules = (version or ModelVersion.objects.first_version()).rules
    then = axes_of(before, rules, quantiles(version, before.kind) if before.mature else {})
    old = {axis.code: axis for axis in then}
    return Changes(
        since=before.as_of,
        score_before=before.score,
        score_now=row.score,
        axes=tuple(_axis_change(old.get(axis.code), axis) for axis in explanation.axes),
        versions=(_number(version), _number(explanation.version)),
    )


def _number(version: ModelVersion | None) -> int | None:
    return version.number if version else None


def _axis_change(old: AxisPart | None, new: AxisPart) -> PartChange:
    known = {part.indicator.code: part for part in old.indicators} if old else {}
    parts = tuple(_part_change(known.get(part.indicator.code), part) for part in new.indicators)
    adds = old.adds if old else None
    points = (new.adds or NOTHING) - (adds or NOTHING)
    return PartChange(new.code, None, None, old.score if old else None, new.score, points, parts)


def _part_change(old: IndicatorPart | None, new: IndicatorPart) -> PartChange:
    points = (new.adds or NOTHING) - ((old.adds if old else None) or NOTHING)
    before = (old.raw, old.score) if old else (None, None)
    return PartChange(new.indicator.code, before[0], new.raw, before[1], new.score, points)


@dataclass(frozen=True)
class Step:
    """A service, the raw values it would lead to, and what that would add to the score (points, exact).

    tier: the higher tier that the score would then reach by the margin; '' for none.
    """

    service: str
    values: Mapping[str, Decimal | int]
    gain: Fraction
    score: Fraction
    tier: str = ""


def steps(explanation: Explanation) -> list[Step]:
    """Each service that would raise the score, the one with the largest gain first; empty without a score."""
    row, rules, version = explanation.row, explanation.rules, explanation.version
    if row.score is None:
        return []
    points = quantiles(version, row.kind)
    now = _total(axes_of(row, rules, points))
    found = []
    for service, values in _services(row, rules):
        after = copy(row)
        for name, value in values.items():
            setattr(after, name, value)
        score = _total(axes_of(after, rules, points))
        if score > now:
            found.append(Step(service, values, score - now, score, _reached(row.tier, score, rules)))
    return sorted(found, key=lambda step: (-step.gain, step.service))


def _total(axes: list[AxisPart]) -> Fraction:
    return sum((axis.adds for axis in axes if axis.adds is not None), NOTHING)


def _reached(tier: str, score: Fraction, rules: Definition) -> str:
    """The highest tier above the present one that the score passes by the margin (S3)."""
    codes = [one.code for one in rules.tiers]
    if tier not in codes:
        return ""
    higher = rules.tiers[codes.index(tier) + 1 :]
    passed = [one.code for one in higher if one.cut is not None and score >= one.cut + rules.up_margin]
    return passed[-1] if passed else ""


def _services(row: Row, rules: Definition) -> Iterator[tuple[str, dict[str, Any]]]:
    """The services with the raw values each would lead to, one realistic step away."""
    families, cap = row.product_families or 0, int(rules.data["caps"]["product_families"])
    if families < cap:
        yield "one_more_family", {"product_families": families + 1}
    months = row.active_months_12m or 0
    yield "stay_active", {"active_months_12m": min(months + 1, MONTHS), "recency_days": 0}
    if row.declared_outside_assets is None and row.assets_avg_3m:
        yield "ask_outside", {"declared_outside_assets": row.assets_avg_3m}
    yield "bring_assets", _inflow(row)
    more = ("contribution_12m", "contribution_3m_x4", "turnover_12m")
    traded = {name: _more(getattr(row, name)) for name in more if (getattr(row, name) or 0) > 0}
    if traded:
        yield "trade_more", traded


def _more(value: Decimal) -> Decimal:
    return (value * (1 + STEP)).quantize(Decimal("0.0001"))


def _inflow(row: Row) -> dict[str, Any]:
    """A tenth of the assets, at least 10 000, once it has stood for three months."""
    assets = row.assets_avg_3m or Decimal(0)
    inflow = max((assets * STEP).quantize(Decimal("0.0001")), LEAST_INFLOW)
    values: dict[str, Any] = {"assets_avg_3m": assets + inflow}
    if assets > 0 and row.net_inflow_ratio is not None:
        values["net_inflow_ratio"] = row.net_inflow_ratio + (inflow / assets).quantize(Decimal("0.000001"))
    return values
