"""A scheme as plain JSON and back: what a draft keeps, what addresses and other systems tell."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from kpis.rules.rewards import RewardRule
from kpis.rules.scheme import INDICATORS, GroupRule, Scheme

WHOLE_NUMBERS = ("small_base", "base_added", "small_group", "group_added", "undo_days", "months_behind")
DECIMALS = ("cap", "share_needed")
# what changes who is counted, not only how counts are scored: no arithmetic over kept counts can try it
COUNTING = ("undo_days", "months_behind")


def scheme_to_json(scheme: Scheme) -> dict[str, Any]:
    """All of a version except its number, decimals as text."""
    return {
        "weights": {name: plain(scheme.weights[name]) for name in INDICATORS},
        "groups": [
            {"name": rule.name, "tiers": list(rule.tiers), "weight": plain(rule.weight)}
            for rule in scheme.groups
        ],
        **{name: plain(getattr(scheme, name)) for name in DECIMALS},
        **{name: getattr(scheme, name) for name in WHOLE_NUMBERS},
        "rewards": {kind: rule.to_json() for kind, rule in sorted(scheme.rewards.items())},
    }


def scheme_from_json(kept: Mapping[str, Any], number: int = 0) -> Scheme:
    """The scheme of what scheme_to_json gave; KeyError, TypeError or ArithmeticError for anything else."""
    numbers: dict[str, Any] = {name: Decimal(kept[name]) for name in DECIMALS}
    numbers |= {name: int(kept[name]) for name in WHOLE_NUMBERS}
    return Scheme(
        number=number,
        weights={name: Decimal(kept["weights"][name]) for name in INDICATORS},
        groups=tuple(
            GroupRule(one["name"], tuple(one["tiers"]), Decimal(one["weight"])) for one in kept["groups"]
        ),
        **numbers,
        rewards={kind: RewardRule.from_json(rule) for kind, rule in kept.get("rewards", {}).items()},
    )


def plain(value: Decimal) -> str:
    """As it was given: 20.00 is 20."""
    return f"{value.normalize():f}"
