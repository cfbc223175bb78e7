"""Rows of the value model's tables, with their words, for pages."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import get_language

from segmentation.definition import NEW, Definition
from segmentation.links import Links
from segmentation.models import Contribution
from segmentation.queries.cells import NONE
from segmentation.queries.explain import AxisPart, Explanation, IndicatorPart, shown
from segmentation.queries.overview import Overview, Segment, Top
from segmentation.queries.rows import half_up
from segmentation.queries.steps import Changes, Step
from segmentation.words import axis_words, class_words, indicator_words, raw_words, service_words

ZERO = Decimal(0)


@dataclass(frozen=True)
class SegmentRow:
    """A tier's or class's sums with its shares of the whole; url leads to its clients."""

    code: str
    name: str
    segment: Segment
    of_clients: Decimal | None
    of_value: Decimal | None
    url: str


def tier_codes(rules: Definition) -> list[str]:
    """Highest first, NEW after them."""
    return [*(tier.code for tier in reversed(rules.tiers)), NEW]


def tier_name(rules: Definition, code: str) -> str:
    """The name the version gives a tier, '' for those it does not name."""
    tier = rules.tier(code)
    return tier.name(get_language() or "en") if tier else ""


def segment_table(figures: Overview, rules: Definition, as_of: date, links: Links) -> list[SegmentRow]:
    """One row a tier, highest first; clients without a tier come last, if there are any."""
    codes = tier_codes(rules)
    if figures.tiers.get("") is not None:
        codes.append("")
    return [
        _row(
            figures, code, tier_name(rules, code), figures.tiers.get(code, Segment()),
            links.to(as_of, tier_on=code or NONE),
        )
        for code in codes
    ]  # fmt: skip


def class_table(
    figures: Overview, rules: Definition, as_of: date, links: Links
) -> list[tuple[SegmentRow, list[tuple[int, str]]]]:
    """What the old split by assets says, richest first, with how the tiers fall into each class."""
    words = class_words()
    return [
        (
            _row(
                figures, one.code, words.get(one.code, one.code), figures.classes.get(one.code, Segment()),
                links.to(as_of, asset_class=one.code),
            ),
            [
                (
                    figures.crossed.get((one.code, code), 0),
                    links.to(as_of, asset_class=one.code, tier_on=code),
                )
                for code in tier_codes(rules)
            ],
        )
        for one in rules.asset_classes
    ]  # fmt: skip


def _row(figures: Overview, code: str, name: str, segment: Segment, url: str) -> SegmentRow:
    return SegmentRow(code, name, segment, figures.share_of_clients(segment), figures.share(segment), url)


def top_table(figures: Overview, as_of: date, links: Links) -> list[tuple[Top, str]]:
    """The most valuable clients by share of all, each with where it leads."""
    return [(top, links.to(as_of, contribution_from=top.contribution_from)) for top in figures.tops()]


@dataclass(frozen=True)
class PartRow:
    """An indicator or axis as the page shows it; numbers in points with 2 places, shares as ratios."""

    name: str
    raw: str
    score: Decimal | None
    share: Fraction
    adds: Decimal | None
    parts: list["PartRow"] = field(default_factory=list)

    @property
    def share_text(self) -> Decimal:
        return Decimal(self.share.numerator) / self.share.denominator


def explanation_table(explanation: Explanation) -> list[PartRow]:
    """The axes with their indicators."""
    return [_axis_row(axis) for axis in explanation.axes]


def _axis_row(axis: AxisPart) -> PartRow:
    parts = [_indicator_row(part) for part in axis.indicators]
    return PartRow(
        axis_words().get(axis.code, axis.code), "", shown(axis.score), axis.share, shown(axis.adds), parts
    )


def _indicator_row(part: IndicatorPart) -> PartRow:
    code = part.indicator.code
    name = indicator_words().get(code, code)
    return PartRow(name, raw_words(code, part.raw), shown(part.score), part.share, shown(part.adds))


@dataclass(frozen=True)
class ChangeRow:
    """An indicator that moved the score: raw values in words, points with 2 places."""

    name: str
    before: str
    now: str
    points: Decimal


def change_rows(found: Changes) -> list[ChangeRow]:
    """The strongest first; what moved less than a hundredth of a point is left out."""
    words = indicator_words()
    rows = [
        ChangeRow(
            words.get(part.code, part.code), raw_words(part.code, part.raw_before),
            raw_words(part.code, part.raw_now), half_up(part.points, 2),
        )
        for part in found.movers
    ]  # fmt: skip
    return [row for row in rows if row.points]


@dataclass(frozen=True)
class StepRow:
    """A service that would raise the score: gain and score in points with 2 places."""

    words: str
    gain: Decimal
    score: Decimal
    tier: str


def step_rows(found: Sequence[Step]) -> list[StepRow]:
    words = service_words()
    rows = [
        StepRow(words[step.service], half_up(step.gain, 2), half_up(step.score, 2), step.tier)
        for step in found
    ]
    return [row for row in rows if row.gain]


@dataclass
class MonthRow:
    """A client's month over all units of record."""

    month: date
    contribution: Decimal = ZERO
    income: Decimal = ZERO
    service_cost: Decimal = ZERO
    turnover: Decimal = ZERO
    trades: int = 0
    inflow: Decimal = ZERO
    outflow: Decimal = ZERO
    assets_sum: Decimal = ZERO
    trading_days: int = 0
    branches: list[str] = field(default_factory=list)

    def add(self, row: Contribution) -> None:
        for name in ("contribution", "service_cost", "turnover", "trades", "inflow", "outflow", "assets_sum"):
            setattr(self, name, getattr(self, name) + getattr(row, name))
        self.trading_days += row.trading_days
        self.income += row.contribution + row.service_cost
        if row.branch.name not in self.branches:
            self.branches.append(row.branch.name)

    @property
    def assets_avg(self) -> Decimal | None:
        return self.assets_sum / self.trading_days if self.trading_days else None


def months_table(rows: Sequence[Contribution]) -> list[MonthRow]:
    """Rows by month, newest first."""
    months: dict[date, MonthRow] = {}
    for row in rows:
        months.setdefault(row.month, MonthRow(row.month)).add(row)
    return sorted(months.values(), key=lambda month: month.month, reverse=True)
