"""A model version's definition as typed values: axes, indicators, tiers, cut-offs (segmentation.md)."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import Any

NEW = "NEW"
ALL, POSITIVE, INVERTED, FIXED = "all", "positive", "inverted", "fixed"


@dataclass(frozen=True)
class Indicator:
    """One indicator of an axis.

    places: decimal places its raw value is rounded to (S4). ranks: all values, positive ones only (S6),
    inverted (less is better), or fixed (points by a rule instead of breakpoints).
    """

    code: str
    axis: str
    weight: Decimal
    places: int
    ranks: str = ALL

    @property
    def has_breakpoints(self) -> bool:
        return self.ranks != FIXED


@dataclass(frozen=True)
class Tier:
    """A rung: lowest score for it, and at how many previous closes a client must stand below to leave it."""

    code: str
    cut: Decimal | None
    closes_before_down: int
    names: Mapping[str, str]
    colour: str

    def name(self, language: str) -> str:
        """The tier's name in a language, else in English."""
        return self.names.get(language) or self.names.get("en", self.code)


@dataclass(frozen=True)
class AssetClass:
    """A class of the old split by assets alone; the last one has no lower limit."""

    code: str
    assets: Decimal | None


@dataclass(frozen=True)
class Definition:
    """The whole model; `data` is ModelVersion.definition."""

    data: Mapping[str, Any]

    @cached_property
    def axes(self) -> dict[str, Decimal]:
        return {axis["code"]: Decimal(axis["weight"]) for axis in self.data["axes"]}

    @cached_property
    def indicators(self) -> tuple[Indicator, ...]:
        return tuple(
            Indicator(row["code"], row["axis"], Decimal(row["weight"]), row["places"], row["ranks"])
            for row in self.data["indicators"]
        )

    @cached_property
    def tiers(self) -> tuple[Tier, ...]:
        """Lowest first."""
        return tuple(
            Tier(row["code"], _decimal(row["cut"]), row["closes_before_down"], row["names"], row["colour"])
            for row in self.data["tiers"]
        )

    @cached_property
    def asset_classes(self) -> tuple[AssetClass, ...]:
        """Richest first."""
        return tuple(AssetClass(row["code"], _decimal(row["assets"])) for row in self.data["asset_classes"])

    @property
    def up_margin(self) -> Decimal:
        return Decimal(self.data["hysteresis"]["up"])

    @property
    def down_margin(self) -> Decimal:
        return Decimal(self.data["hysteresis"]["down"])

    @property
    def new_months(self) -> int:
        return int(self.data["new_months"])

    @property
    def complaint_points(self) -> int:
        return int(self.data["complaint_points"])

    @property
    def discount(self) -> Decimal:
        """Yearly discount of the client lifetime value."""
        return Decimal(self.data["clv"]["discount"])

    @property
    def clv_years(self) -> int:
        return int(self.data["clv"]["years"])

    def tier(self, code: str) -> Tier | None:
        return next((tier for tier in self.tiers if tier.code == code), None)

    def indicators_of(self, axis: str) -> list[Indicator]:
        return [indicator for indicator in self.indicators if indicator.axis == axis]

    def raw_params(self) -> dict[str, Any]:
        """What the raw values need: caps, the time before a first score, the at-risk share."""
        return {
            "new_months": self.new_months,
            "family_cap": self.data["caps"]["product_families"],
            "tenure_cap": self.data["caps"]["tenure_years"],
            "assets_share": self.data["flags"]["at_risk"]["assets_share"],
        }

    def score_params(self) -> dict[str, Any]:
        """Weights, and the cut-offs of matrix and stage."""
        stages, matrix = self.data["stages"], self.data["matrix"]
        weights = {f"w_{indicator.code}": indicator.weight for indicator in self.indicators}
        weights |= {f"w_{axis}": weight for axis, weight in self.axes.items()}
        return weights | {
            "complaint_points": self.complaint_points,
            "matrix_current": matrix["current"],
            "matrix_potential": matrix["potential"],
            "repeat_active_months": stages["repeat"]["active_months"],
            "repeat_families": stages["repeat"]["product_families"],
            "client_active_months": stages["client"]["active_months"],
            "client_families": stages["client"]["product_families"],
            "client_tenure": stages["client"]["tenure_years"],
            "advocate_months": stages["advocate"]["referral_months"],
            "advocate_nps": stages["advocate"]["nps"],
        }

    def class_params(self) -> dict[str, Any]:
        """The old split by assets as arrays, poorest class first."""
        classes = self.asset_classes[::-1]
        limits = [one.assets for one in classes if one.assets is not None]
        return {"class_codes": [one.code for one in classes], "class_limits": limits}

    def tier_params(self) -> dict[str, Any]:
        """The ladder as arrays, lowest tier first, and what the flags need."""
        flags = self.data["flags"]
        return {
            "codes": [tier.code for tier in self.tiers],
            "cuts": [tier.cut for tier in self.tiers if tier.cut is not None],
            "closes_before_down": [tier.closes_before_down for tier in self.tiers],
            "up_margin": self.up_margin,
            "down_margin": self.down_margin,
            "dormant_assets": Decimal(flags["dormant_asset"]["assets"]),
            "contribution_share": Decimal(flags["at_risk"]["contribution_share"]),
            "at_risk_tiers": flags["at_risk"]["tiers"],
        }


def _decimal(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)
