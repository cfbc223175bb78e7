"""The scheme (weights, groups, constants of small bases) and targets, as plain values."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kpis.rules.rewards import CLIENTS, STEPS, RewardRule

RATES = ("new", "lost", "upgraded")
PROFITABILITY = "profitability"
INDICATORS = (*RATES, PROFITABILITY)
LOWER_IS_BETTER = frozenset({"lost"})
RATE_PLACES, MONEY_PLACES = 6, 4
"""Decimal places that floors and targets are kept with."""


@dataclass(frozen=True)
class GroupRule:
    """A group of tiers with its weight inside profitability."""

    name: str
    tiers: tuple[str, ...]
    weight: Decimal


DEFAULT_GROUPS = (
    GroupRule("H", ("V5", "V4"), Decimal("0.5")),
    GroupRule("M", ("V3", "V2"), Decimal("0.3")),
    GroupRule("L", ("V1", "NEW"), Decimal("0.2")),
)
DEFAULT_WEIGHTS = {
    "new": Decimal(20), "lost": Decimal(30), "upgraded": Decimal(30), PROFITABILITY: Decimal(20),
}  # fmt: skip


_STEPS = (("60", "0.6"), ("70", "0.8"), ("80", "1"), ("90", "1.2"))
_BY_CLIENTS = RewardRule(STEPS, tuple((Decimal(score), Decimal(value)) for score, value in _STEPS), CLIENTS)
DEFAULT_REWARDS = {"branch": _BY_CLIENTS, "manager": _BY_CLIENTS}


@dataclass(frozen=True)
class Scheme:
    """One version of the scheme.

    cap: highest score. small_base, base_added: rates on fewer than small_base clients are mixed with
    base_added clients at the firm's rate; small_group, group_added: the same for average clients of a group.
    share_needed: of the weight, for a total. undo_days: transfers so long before a loss are undone (K3).
    months_behind: loaded months that the upgraded rate needs (S15). rewards: by type of unit.
    """

    number: int = 1
    weights: Mapping[str, Decimal] = field(default_factory=lambda: dict(DEFAULT_WEIGHTS))
    groups: tuple[GroupRule, ...] = DEFAULT_GROUPS
    cap: Decimal = Decimal(100)
    small_base: int = 200
    base_added: int = 100
    small_group: int = 30
    group_added: int = 30
    share_needed: Decimal = Decimal("0.70")
    undo_days: int = 30
    months_behind: int = 12
    rewards: Mapping[str, RewardRule] = field(default_factory=lambda: dict(DEFAULT_REWARDS))


@dataclass(frozen=True)
class Limits:
    """Floor (0 points) and target (100 points) of an indicator or a group."""

    floor: Decimal
    target: Decimal

    def is_right_way(self, *, lower_is_better: bool) -> bool:
        """Whether the target is better than the floor; equal ones are refused too."""
        return self.target < self.floor if lower_is_better else self.target > self.floor


@dataclass(frozen=True)
class Targets:
    """Limits by rate and by group of tiers; what is absent has none and is missing (K8)."""

    rates: Mapping[str, Limits] = field(default_factory=dict)
    groups: Mapping[str, Limits] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """{"new": ["0.02", "0.08"], ..., "profitability": {"H": [floor, target]}}."""
        return {
            **{name: _pair(limits) for name, limits in sorted(self.rates.items())},
            PROFITABILITY: {name: _pair(limits) for name, limits in sorted(self.groups.items())},
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> "Targets":
        return cls(
            {name: _limits(pair) for name, pair in kept.items() if name != PROFITABILITY},
            {name: _limits(pair) for name, pair in kept.get(PROFITABILITY, {}).items()},
        )


def _pair(limits: Limits) -> list[str]:
    return [str(limits.floor), str(limits.target)]


def _limits(pair: list[str]) -> Limits:
    return Limits(Decimal(pair[0]), Decimal(pair[1]))


def scaled(targets: Targets, factor: Decimal, names: Iterable[str]) -> Targets:
    """Floors and targets of these indicators and groups times a factor, rounded as they are kept."""
    wanted = set(names)

    def times(kept: Mapping[str, Limits], places: int) -> dict[str, Limits]:
        return {
            name: _times(limits, factor, places) if name in wanted else limits
            for name, limits in kept.items()
        }

    return Targets(times(targets.rates, RATE_PLACES), times(targets.groups, MONEY_PLACES))


def _times(limits: Limits, factor: Decimal, places: int) -> Limits:
    return Limits(round(limits.floor * factor, places), round(limits.target * factor, places))
