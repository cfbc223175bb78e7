"""Everything that is a setting: thresholds, costs, the value model, the scheme with its targets."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from fractions import Fraction

TIERS = ("V1", "V2", "V3", "V4", "V5")
NEW = "NEW"


@dataclass(frozen=True)
class Thresholds:
    """The lifecycle's thresholds, in force from a date on (L11); money in CNY."""

    effective_assets: Decimal = Decimal(10000)
    effective_commission: Decimal = Decimal(50)
    soft_assets: Decimal = Decimal(1000)
    soft_share_of_peak: Decimal = Decimal("0.10")
    soft_outflow_share: Decimal = Decimal("0.50")
    transferred_residual: Decimal = Decimal(100)
    reactivated_assets: Decimal = Decimal(10000)


@dataclass(frozen=True)
class Indicator:
    """One indicator: how its raw value is rounded, whether positive values only rank (S6), direction."""

    name: str
    axis: str
    weight: Decimal
    digits: int
    positive_only: bool = False
    inverted: bool = False
    fixed: bool = False


INDICATORS = (
    Indicator("contribution_12m", "current", Decimal("0.70"), 4, positive_only=True),
    Indicator("contribution_3m_x4", "current", Decimal("0.30"), 4, positive_only=True),
    Indicator("assets_avg_3m", "potential", Decimal("0.50"), 4, positive_only=True),
    Indicator("net_inflow_ratio", "potential", Decimal("0.25"), 6),
    Indicator("declared_outside_assets", "potential", Decimal("0.25"), 4, positive_only=True),
    Indicator("recency_days", "loyalty", Decimal("0.15"), 0, inverted=True),
    Indicator("active_months_12m", "loyalty", Decimal("0.15"), 0),
    Indicator("turnover_12m", "loyalty", Decimal("0.10"), 4),
    Indicator("product_families", "loyalty", Decimal("0.25"), 0),
    Indicator("tenure_years", "loyalty", Decimal("0.25"), 6),
    Indicator("complaints_12m", "loyalty", Decimal("0.10"), 0, fixed=True),
)


@dataclass(frozen=True)
class Model:
    """The value model without its breakpoints: weights, cut-offs and hysteresis."""

    axes: Mapping[str, Decimal] = field(
        default_factory=lambda: {
            "current": Decimal("0.50"),
            "potential": Decimal("0.30"),
            "loyalty": Decimal("0.20"),
        }
    )
    indicators: tuple[Indicator, ...] = INDICATORS
    cuts: Mapping[str, Decimal] = field(
        default_factory=lambda: {
            "V5": Decimal(85),
            "V4": Decimal(70),
            "V3": Decimal(50),
            "V2": Decimal(30),
            "V1": Decimal(0),
        }
    )
    up_margin: Decimal = Decimal(2)
    down_margin: Decimal = Decimal(3)
    closes_before_down: Mapping[str, int] = field(
        default_factory=lambda: {"V5": 5, "V4": 5, "V3": 2, "V2": 2}
    )
    matrix_cut: Decimal = Decimal(60)
    new_months: int = 3
    dormant_assets: Decimal = Decimal(10000)
    at_risk_share: Decimal = Decimal("0.50")
    clv_discount: Decimal = Decimal("0.10")
    clv_years: int = 5


Points = tuple[Decimal, ...]


@dataclass(frozen=True)
class Published:
    """Breakpoints published as of a date: 101 quantiles per client kind and indicator, () where none (S5)."""

    version: int
    as_of: date
    breakpoints: Mapping[tuple[str, str], Points]


@dataclass(frozen=True)
class Targets:
    """Floors (0 points) and targets (100 points); profitability per group of tiers."""

    new: tuple[Decimal, Decimal] | None = None
    lost: tuple[Decimal, Decimal] | None = None
    upgraded: tuple[Decimal, Decimal] | None = None
    profitability: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)


@dataclass(frozen=True)
class Scheme:
    """The scorecard's scheme: weights, groups of tiers and the constants of small bases."""

    weights: Mapping[str, Decimal] = field(
        default_factory=lambda: {
            "new": Decimal(20),
            "lost": Decimal(30),
            "upgraded": Decimal(30),
            "profitability": Decimal(20),
        }
    )
    groups: Mapping[str, tuple[str, ...]] = field(
        default_factory=lambda: {"H": ("V5", "V4"), "M": ("V3", "V2"), "L": ("V1", "NEW")}
    )
    group_weights: Mapping[str, Decimal] = field(
        default_factory=lambda: {"H": Decimal("0.5"), "M": Decimal("0.3"), "L": Decimal("0.2")}
    )
    small_base: int = 200
    base_added: int = 100
    small_group: int = 30
    group_added: int = 30
    cap: Decimal = Decimal(100)
    share_needed: Decimal = Decimal("0.70")
    undo_days: int = 30
    months_behind: int = 12


@dataclass(frozen=True)
class ByHand:
    """A tier that two persons gave a client, from a day to a day, both included."""

    client_no: str
    tier: str
    first: date
    last: date


@dataclass(frozen=True)
class Config:
    """All settings a computation reads; the defaults are those the firm starts with.

    thresholds: (in force from, values), oldest first.  channel_costs: cost per minute and per message
    by channel.  targets: by (period kind, "firm" or "branch:1001" ...); the firm's serve units without
    their own.  declared: declared outside assets by client.  called_back: when the firm itself passed the
    callback of a client's opening (decision 0060).  by_hand: tiers given by hand (decision 0070).
    bad_share: of a file's rows, above which a package is refused, once there are bad_rows_at_least.
    """

    thresholds: tuple[tuple[date, Thresholds], ...] = ((date.min, Thresholds()),)
    channel_costs: Mapping[str, tuple[Decimal, Decimal]] = field(default_factory=dict)
    model: Model = field(default_factory=Model)
    published: tuple[Published, ...] = ()
    scheme: Scheme = field(default_factory=Scheme)
    targets: Mapping[tuple[str, str], Targets] = field(default_factory=dict)
    declared: Mapping[str, Decimal] = field(default_factory=dict)
    called_back: Mapping[str, date] = field(default_factory=dict)
    by_hand: tuple[ByHand, ...] = ()
    bad_share: Fraction = Fraction(1, 1000)
    bad_rows_at_least: int = 10

    def thresholds_on(self, day: date) -> Thresholds:
        """The thresholds in force on a month end or event date (L11)."""
        return [values for since, values in self.thresholds if since <= day][-1]

    def targets_for(self, kind: str, unit: str) -> Targets:
        """A unit's own targets for a kind of period, else the firm's, else none at all."""
        return self.targets.get((kind, unit), self.targets.get((kind, "firm"), Targets()))

    def given_by_hand(self, client_no: str, day: date) -> ByHand | None:
        """The override that holds for a client on a day."""
        for given in self.by_hand:
            if given.client_no == client_no and given.first <= day <= given.last:
                return given
        return None

    def serving(self, day: date) -> Published | None:
        """The version that serves a close or night: the newest published as of it, else the first (S2)."""
        serving = None
        for published in self.published:
            if serving is None or published.as_of <= day:
                serving = published
        return serving
