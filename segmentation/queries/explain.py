"""Why a client has its score and tier: every indicator with raw value, score, weight and what it adds."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from clients.models import Client
from segmentation.dates import earlier_closes, is_month_end, previous_close
from segmentation.definition import Definition, Indicator
from segmentation.interpolation import indicator_score
from segmentation.models import Breakpoint, ModelVersion, ScoreClose, TierOverride
from segmentation.queries import overrides
from segmentation.queries.rows import Row, half_up, lifetime_value, retention_on, row_of

Quantiles = Mapping[str, Sequence[Decimal]]


@dataclass(frozen=True)
class IndicatorPart:
    """One indicator: share is its weight in the axis after missing weight was spread, adds what it brings
    to the whole score (points)."""

    indicator: Indicator
    raw: Decimal | int | None
    score: Fraction | None
    share: Fraction
    adds: Fraction | None


@dataclass(frozen=True)
class AxisPart:
    """One axis: share is its weight in the score after missing axes were spread, adds its points."""

    code: str
    weight: Decimal
    score: Fraction | None
    share: Fraction
    adds: Fraction | None
    indicators: list[IndicatorPart]


@dataclass(frozen=True)
class Explanation:
    """Everything behind one row; `before` is the row of the close before, `line` and `below` the score that
    endangers its tier and at how many closes in a row, this one included, the client stood below it. Where
    the tier was set by hand, `override` says by whom, and `without` is the tier by the rules alone."""

    row: Row
    version: ModelVersion | None
    rules: Definition
    axes: list[AxisPart]
    clv: Decimal | None
    before: ScoreClose | None
    line: Decimal | None
    below: int
    override: TierOverride | None
    without: str

    @property
    def is_scored(self) -> bool:
        return self.row.score is not None

    @property
    def next_cut(self) -> Decimal | None:
        """The score that lifts the client to the next tier; None at the top and without a tier."""
        codes = [tier.code for tier in self.rules.tiers]
        if self.row.tier not in codes or self.row.tier == codes[-1]:
            return None
        cut = self.rules.tiers[codes.index(self.row.tier) + 1].cut
        return None if cut is None else cut + self.rules.up_margin


def explain(client: Client, as_of: date | None = None) -> Explanation:
    """The explanation of a client's row on a date (None: the current one). Raises rows.NoScore."""
    row = row_of(client, as_of)
    version = row.model_version
    rules = (version or ModelVersion.objects.first_version()).rules
    closes = ScoreClose.objects.filter(client=client, as_of=previous_close(row.as_of))
    before = closes.select_related("model_version").first()
    line = _line(before, rules)
    by_hand = row.tier_reason == "override"
    return Explanation(
        row=row,
        version=version,
        rules=rules,
        axes=axes_of(row, rules, quantiles(version, row.kind) if row.mature else {}),
        clv=lifetime_value(row.contribution_12m, retention_on(row.as_of).get(row.tier), rules),
        before=before,
        line=line,
        below=_closes_below(row, line),
        override=overrides.in_force(client.pk, row.as_of) if by_hand else None,
        without=overrides.tier_without(row) if by_hand else row.tier,
    )


def axes_of(row: Row, rules: Definition, points: Quantiles) -> list[AxisPart]:
    """The parts of a row's score, exact; all empty when it is not scored (S8)."""
    scores = {one.code: _score(row, one, rules, points) for one in rules.indicators}
    axes = {axis: _mean(rules.indicators_of(axis), scores) for axis in rules.axes}
    there = sum(
        (Fraction(rules.axes[axis]) for axis, score in axes.items() if score is not None), Fraction(0)
    )
    parts = []
    for axis, weight in rules.axes.items():
        share = Fraction(weight) / there if axes[axis] is not None else Fraction(0)
        score = axes[axis]
        indicators = _indicator_parts(row, rules.indicators_of(axis), scores, share)
        parts.append(
            AxisPart(axis, weight, score, share, None if score is None else share * score, indicators)
        )
    return parts


def _score(row: Row, indicator: Indicator, rules: Definition, points: Quantiles) -> Fraction | None:
    if not points:
        return None
    raw = getattr(row, indicator.code)
    value = None if raw is None else Decimal(raw)
    return indicator_score(indicator, value, points.get(indicator.code, ()), rules.complaint_points)


def _mean(indicators: list[Indicator], scores: Mapping[str, Fraction | None]) -> Fraction | None:
    """The axis: null when more than half of its weight is missing (S8)."""
    weights = {one.code: Fraction(one.weight) for one in indicators}
    there = _there(indicators, scores)
    if not there or 2 * there < sum(weights.values()):
        return None
    return sum((weights[one.code] * (scores[one.code] or 0) for one in indicators), Fraction(0)) / there


def _there(indicators: list[Indicator], scores: Mapping[str, Fraction | None]) -> Fraction:
    return sum((Fraction(one.weight) for one in indicators if scores[one.code] is not None), Fraction(0))


def _indicator_parts(
    row: Row, indicators: list[Indicator], scores: Mapping[str, Fraction | None], axis_share: Fraction
) -> list[IndicatorPart]:
    there = _there(indicators, scores)
    parts = []
    for one in indicators:
        score = scores[one.code]
        share = Fraction(one.weight) / there if score is not None and there else Fraction(0)
        adds = None if score is None or not axis_share else axis_share * share * score
        parts.append(IndicatorPart(one, getattr(row, one.code), score, share, adds))
    return parts


def quantiles(version: ModelVersion | None, kind: str) -> Quantiles:
    """The version's quantiles for a kind of client, by indicator; empty without a version."""
    if version is None or version.published_at is None:
        return {}
    return _quantiles(version.pk, version.published_at, kind)


@lru_cache(maxsize=32)
def _quantiles(version_id: int, _published_at: datetime, kind: str) -> Quantiles:
    """Kept in memory: a published version never changes."""
    found: dict[str, list[Decimal]] = defaultdict(list)
    rows = Breakpoint.objects.filter(model_version_id=version_id, kind=kind).order_by("indicator", "p")
    for indicator, value in rows.values_list("indicator", "value"):
        found[indicator].append(value)
    return dict(found)


def _line(before: ScoreClose | None, rules: Definition) -> Decimal | None:
    """The score below which the tier of the close before is in danger; None for the lowest and for none."""
    tier = rules.tier(before.tier) if before is not None else None
    return None if tier is None or tier.cut is None else tier.cut - rules.down_margin


def _closes_below(row: Row, line: Decimal | None) -> int:
    """Month closes in a row, the newest first, at which the score stood below the line."""
    if line is None:
        return 0
    days = [*([row.as_of] if is_month_end(row.as_of) else []), *earlier_closes(row.as_of, 12)]
    kept = dict(
        ScoreClose.objects.filter(client_id=row.client_id, as_of__in=days).values_list("as_of", "score")
    )
    count = 0
    for day in days:
        score = kept.get(day)
        if score is None or score >= line:
            break
        count += 1
    return count


def shown(value: Fraction | None, places: int = 2) -> Decimal | None:
    """An exact score as pages and API show it (S4)."""
    return None if value is None else half_up(value, places)
