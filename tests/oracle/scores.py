"""Indicators, breakpoints and scores (segmentation.md "Model", S1-S8, S13, S14)."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from . import dates
from .config import Config, Indicator, Model, Points, Published
from .exact import ratio, rounded, rounded_or_none
from .facts import Facts
from .lifecycle import Life

Raw = dict[str, Decimal | None]


@dataclass(frozen=True)
class Score:
    """A client's score on a day: raw values, indicator and axis scores kept exact, the score to 2 places."""

    raw: Raw
    indicators: dict[str, Fraction | None]
    axes: dict[str, Fraction | None]
    score: Decimal | None
    provisional: bool
    version: int


def is_new(life: Life, day: date, model: Model) -> bool:
    """Whether a held client is too young for a score (S1).

    Three months from month end to month end; for opening stock from opened_on (L3).
    """
    entered = life.events[0].date
    if life.is_opening:
        return dates.add_months(entered, model.new_months) > day
    return dates.month_end(dates.add_months(entered, model.new_months)) > day


def scored_clients(lives: Mapping[str, Life], day: date, model: Model) -> list[str]:
    """The clients to be scored on a day: held and no longer NEW (S1)."""
    return [no for no, life in lives.items() if life.held_on(day) and not is_new(life, day, model)]


def raw_values(facts: Facts, client_no: str, day: date, config: Config) -> Raw:
    """All indicators' raw values as of a day, rounded as they are stored (S4, S7, S13)."""
    client = facts.clients[client_no]
    year, quarter = _Window(facts, client_no, day, 12), _Window(facts, client_no, day, 3)
    traded = [trade.day for trade in facts.trades.get(client_no, ()) if trade.day <= day]
    since = max(traded, default=client.opened_on)
    exact = {
        "contribution_12m": year.flow("contribution"),
        "contribution_3m_x4": 4 * quarter.flow("contribution"),
        "assets_avg_3m": quarter.assets_avg(),
        "net_inflow_ratio": _net_inflow_ratio(year),
        "declared_outside_assets": config.declared.get(client_no),
        "recency_days": (day - since).days,
        "active_months_12m": year.active_months(),
        "turnover_12m": year.flow("turnover"),
        "product_families": min(facts.product_families(client_no, day), 6),
        "tenure_years": min(Fraction((day - client.opened_on).days * 100, 36525), Fraction(10)),
        "complaints_12m": 0,
    }
    return {known.name: rounded_or_none(exact[known.name], known.digits) for known in config.model.indicators}


class _Window:
    """The months that end with a day's month, and the weight of the month that is leaving (S13)."""

    def __init__(self, facts: Facts, client_no: str, day: date, length: int) -> None:
        months = dates.window(day, length)
        self.totals = [facts.total(client_no, month) for month in months]
        self.leaving = facts.total(client_no, dates.add_months(months[0], -1))
        self.leaving_weight = 1 - Fraction(day.day, dates.days_in_month(day))

    def flow(self, name: str) -> Fraction:
        """Sum of a flow over the window, the leaving month weighted; not rounded."""
        inside = sum((getattr(total, name) for total in self.totals), Decimal(0))
        return Fraction(inside) + self.leaving_weight * Fraction(getattr(self.leaving, name))

    def assets_avg(self) -> Fraction | None:
        """Sum of assets_sum / sum of trading_days, unweighted; None without trading days."""
        assets = sum((total.assets_sum for total in self.totals), Decimal(0))
        return ratio(assets, sum(total.trading_days for total in self.totals))

    def active_months(self) -> int:
        """Months of the window with a trade."""
        return sum(1 for total in self.totals if total.trades)


def _net_inflow_ratio(year: _Window) -> Fraction | None:
    average = year.assets_avg()
    if average is None or average <= 0:
        return None
    return (year.flow("inflow") - year.flow("outflow")) / average


def publish(facts: Facts, lives: Mapping[str, Life], config: Config, version: int) -> Published:
    """The breakpoints taken from the clients to be scored on the run's date (S2, S5, S6)."""
    day = facts.as_of
    raws = {no: raw_values(facts, no, day, config) for no in scored_clients(lives, day, config.model)}
    breakpoints: dict[tuple[str, str], Points] = {}
    for kind in ("individual", "institution", "product"):
        for known in config.model.indicators:
            if known.fixed:
                continue
            values = [raw[known.name] for no, raw in raws.items() if facts.clients[no].kind == kind]
            breakpoints[kind, known.name] = quantiles(known, values)
    return Published(version, day, breakpoints)


def quantiles(known: Indicator, values: list[Decimal | None]) -> Points:
    """101 nearest-rank quantiles, nulls left out, of positive values only where S6 says so; () for none."""
    usable = sorted(value for value in values if value is not None and (value > 0 or not known.positive_only))
    if not usable:
        return ()
    count = len(usable)
    return tuple(usable[max(0, -(-p * count // 100) - 1)] for p in range(101))


def rank(points: Points, value: Decimal) -> Fraction:
    """Where a value lies among the quantiles, 0 to 100 (S5)."""
    if value < points[0]:
        return Fraction(0)
    if value > points[-1]:
        return Fraction(100)
    above = bisect_left(points, value)
    if points[above] == value:
        return _middle(points, above)
    lower, upper = _middle(points, above - 1), _middle(points, above)
    share = Fraction(value - points[above - 1]) / Fraction(points[above] - points[above - 1])
    return lower + share * (upper - lower)


def _middle(points: Points, place: int) -> Fraction:
    """The middle of the ranks of all quantiles equal to the one at `place`."""
    value = points[place]
    return Fraction(bisect_left(points, value) + bisect_right(points, value) - 1, 2)


def indicator_score(known: Indicator, value: Decimal | None, points: Points) -> Fraction | None:
    """0 to 100, exact; None when the value or the breakpoints are missing."""
    if known.fixed:
        return Fraction(max(0, 100 - 25 * int(value or 0)))
    if value is None or not points:
        return None
    if known.positive_only:
        return Fraction(0) if value <= 0 else 10 + Fraction(9, 10) * rank(points, value)
    return 100 - rank(points, value) if known.inverted else rank(points, value)


def score(raw: Raw, kind: str, published: Published, model: Model) -> Score:
    """The whole score of one client; missing weight is spread (S8)."""
    indicators = {
        known.name: indicator_score(known, raw[known.name], published.breakpoints.get((kind, known.name), ()))
        for known in model.indicators
    }
    axes = {axis: _axis_score(axis, indicators, model) for axis in model.axes}
    total = _spread([(model.axes[axis], value) for axis, value in axes.items()])
    missing = total is not None and any(value is None for value in axes.values())
    return Score(raw, indicators, axes, rounded_or_none(total, 2), missing, published.version)


def _axis_score(axis: str, indicators: Mapping[str, Fraction | None], model: Model) -> Fraction | None:
    """Weighted mean of the axis; None when more than half of its weight is missing (S8)."""
    parts = [(known.weight, indicators[known.name]) for known in model.indicators if known.axis == axis]
    there = sum(weight for weight, value in parts if value is not None)
    return None if 2 * there < sum(weight for weight, _ in parts) else _spread(parts)


def _spread(parts: list[tuple[Decimal, Fraction | None]]) -> Fraction | None:
    """Weighted mean of the values that are there; None when none is."""
    there = [(Fraction(weight), value) for weight, value in parts if value is not None]
    if not there:
        return None
    weighted = sum((weight * value for weight, value in there), Fraction(0))
    return weighted / sum((weight for weight, _ in there), Fraction(0))


def scores_on(
    facts: Facts, lives: Mapping[str, Life], day: date, config: Config, published: Published | None = None
) -> dict[str, Score]:
    """Scores of all clients to be scored on a day, by the version that serves it; {} when none does.

    `published` scores the day under another version instead.
    """
    serving = published or config.serving(day)
    if serving is None:
        return {}
    return {
        no: score(raw_values(facts, no, day, config), facts.clients[no].kind, serving, config.model)
        for no in scored_clients(lives, day, config.model)
    }


def shown(value: Fraction | None) -> Decimal | None:
    """An axis or indicator score as the page and the API show it: 2 places (S4)."""
    return None if value is None else rounded(value, 2)
