"""What the changeable values of a model are called, how they are written, and how two models differ."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import formats
from core.templatetags.ui import tier_names
from segmentation.leaves import COUNT, CUT, MONEY, SHARE, TIERS, WEIGHT, Leaf, Value, leaves, values_of
from segmentation.words import axis_words, indicator_words


@dataclass(frozen=True)
class Change:
    """A value that two models have differently, in words."""

    name: str
    label: str
    before: str
    after: str

    @property
    def words(self) -> str:
        return f"{self.label}: {self.before} → {self.after}"


def label(name: str) -> str:
    """What a value is called, in the reader's language."""
    kind, _sign, code = name.partition("__")
    if kind == "axis":
        return axis_words().get(code, code)
    if kind == "weight":
        return indicator_words().get(code, code)
    if kind in _of_a_tier():
        return _of_a_tier()[kind] % {"tier": tier_names().get(code, code)}
    return _plain().get(name, name)


def _of_a_tier() -> dict[str, str]:
    return {
        "cut": _("Cut-off of %(tier)s"),
        "closes": _("Closes below the line before leaving %(tier)s"),
        "name_zh_hans": _("Chinese name of %(tier)s"),
        "name_en": _("English name of %(tier)s"),
    }


def _plain() -> dict[str, str]:
    return {
        "hysteresis__up": _("Points above a cut-off to rise"),
        "hysteresis__down": _("Points below the own cut-off to fall"),
        "matrix__current": _("Matrix: current value from"),
        "matrix__potential": _("Matrix: potential from"),
        "repeat__active_months": _("Repeat: months with trades, of 12"),
        "repeat__product_families": _("Repeat: product families"),
        "client__active_months": _("Client: months with trades, of 12"),
        "client__product_families": _("Client: product families"),
        "client__tenure_years": _("Client: years with the firm"),
        "advocate__referral_months": _("Advocate: a referral within months"),
        "advocate__nps": _("Advocate: recommends from"),
        "dormant__assets": _("Dormant: assets from"),
        "at_risk__assets_share": _("At risk: assets below this share of their peak"),
        "at_risk__contribution_share": _("At risk: contribution below this share of the year's"),
        "at_risk__tiers": _("At risk: tiers that are watched"),
        "complaint_points": _("Points off for a substantiated complaint"),
    }


def written(leaf: Leaf, value: Value) -> str:
    """A value as people read it."""
    if leaf.kind == WEIGHT and value == 0:
        return pgettext("indicator", "off")
    if leaf.kind in {WEIGHT, SHARE}:
        return formats.percent(value, 2 if value * 10_000 % 100 else 0)
    if leaf.kind == CUT:
        return formats.number(value, 2 if value % 1 else 0)
    if leaf.kind == MONEY:
        return formats.money_short(value)
    if leaf.kind == COUNT:
        return formats.number(value)
    return ", ".join(tier_names().get(code, code) for code in value) if leaf.kind == TIERS else str(value)


def differences(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    """The values that a later definition has otherwise, in the order of the form."""
    old, new = values_of(before), values_of(after)
    return [
        Change(leaf.name, label(leaf.name), written(leaf, old[leaf.name]), written(leaf, new[leaf.name]))
        for leaf in leaves(after)
        if leaf.name in old and old[leaf.name] != new[leaf.name]
    ]
