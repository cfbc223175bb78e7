"""A draft of the scheme on one form: weights, groups of tiers, constants, from when on and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.templatetags.ui import tier_names
from kpis.definition import base_words, number_words
from kpis.exports.tables import indicator_words
from kpis.models import SchemeDraft, UnitType
from kpis.rules import Scheme, parse_period
from kpis.rules.profits import TIERS
from kpis.rules.rewards import CLIENTS, LINEAR, STEPS, RewardRule
from kpis.rules.scheme import INDICATORS, GroupRule
from kpis.rules.told_scheme import DECIMALS, WHOLE_NUMBERS

GROUPS = 5  # rows for groups, of which empty ones are left out
REWARDED = (UnitType.REGION, UnitType.BRANCH, UnitType.MANAGER)
DIGITS = {"cap": (5, 2), "share_needed": (4, 3)}


@dataclass(frozen=True)
class GroupRow:
    """The fields of one group of tiers."""

    name: Any
    weight: Any
    tiers: Any


class SchemeForm(forms.Form):
    """Weights in percent; the groups' weights as shares of 1."""

    from_period = forms.CharField(
        required=False, max_length=7, label=_("From period"), help_text=_("2026-10, 2026-Q4 or 2026")
    )
    reason = forms.CharField(
        required=False, max_length=500, label=_("Reason"), widget=forms.Textarea({"rows": 2})
    )

    def __init__(self, data: Any = None, *, draft: SchemeDraft, **kwargs: Any) -> None:
        super().__init__(data, initial=_initial(draft), **kwargs)
        self._scheme = draft.as_rules()
        words, numbers = indicator_words(), number_words()
        for name in INDICATORS:
            label = _("Weight of %(name)s") % {"name": words[name]}
            self.fields[f"weight_{name}"] = _decimal(label, 5, 2)
        for at in range(GROUPS):
            self._group(at)
        for name in DECIMALS:
            self.fields[name] = _decimal(numbers[name], *DIGITS[name])
        for name in WHOLE_NUMBERS:
            self.fields[name] = forms.IntegerField(min_value=0, label=numbers[name])
        for kind in REWARDED:
            self._reward(kind)

    def _group(self, at: int) -> None:
        place = {"number": at + 1}
        choices = [(tier, tier_names().get(tier, tier)) for tier in TIERS]
        self.fields[f"group_{at}_name"] = forms.CharField(
            required=False, max_length=10, label=_("Name of group %(number)s") % place
        )
        self.fields[f"group_{at}_weight"] = _decimal(_("Weight of group %(number)s") % place, 4, 3, False)
        self.fields[f"group_{at}_tiers"] = forms.MultipleChoiceField(
            required=False, choices=choices, widget=forms.CheckboxSelectMultiple,
            label=_("Tiers of group %(number)s") % place,
        )  # fmt: skip

    def _reward(self, kind: UnitType) -> None:
        place = {"kind": kind.label}
        self.fields[f"rewards_{kind}"] = forms.CharField(
            required=False, max_length=200, label=_("%(kind)s: score and coefficient") % place,
            help_text=_("Such as 60:0.6, 80:1; empty: not rewarded"),
        )  # fmt: skip
        self.fields[f"reward_kind_{kind}"] = forms.ChoiceField(
            choices=[(STEPS, _("By steps")), (LINEAR, _("On lines between"))],
            label=_("%(kind)s: between scores") % place,
        )  # fmt: skip
        self.fields[f"reward_base_{kind}"] = forms.ChoiceField(
            choices=list(base_words().items()), label=_("%(kind)s: times") % place
        )

    @property
    def rewards(self) -> list[Any]:
        parts = ("rewards", "reward_kind", "reward_base")
        return [self[f"{part}_{kind}"] for kind in REWARDED for part in parts]

    @property
    def weights(self) -> list[Any]:
        return [self[f"weight_{name}"] for name in INDICATORS]

    @property
    def group_rows(self) -> Iterator[GroupRow]:
        for at in range(GROUPS):
            yield GroupRow(*(self[f"group_{at}_{part}"] for part in ("name", "weight", "tiers")))

    @property
    def numbers(self) -> list[Any]:
        return [self[name] for name in (*DECIMALS, *WHOLE_NUMBERS)]

    def clean_from_period(self) -> date | None:
        text = self.cleaned_data["from_period"].strip()
        try:
            return parse_period(text).start if text else None
        except ValueError as error:
            raise forms.ValidationError(_("Write 2026-10, 2026-Q4 or 2026.")) from error

    def scheme(self) -> Scheme:
        told = self.cleaned_data
        return Scheme(
            number=self._scheme.number,
            weights={name: told[f"weight_{name}"] for name in INDICATORS},
            groups=tuple(self._told_groups()),
            **{name: told[name] for name in (*DECIMALS, *WHOLE_NUMBERS)},
            rewards={kind.value: rule for kind in REWARDED if (rule := told[f"rewards_{kind}"])},
        )

    def clean(self) -> dict[str, Any]:
        """Each kind of unit's points become its rule."""
        told = super().clean() or {}
        for kind in REWARDED:
            text = told.get(f"rewards_{kind}", "")
            points = _points(text)
            if points is None:
                self.add_error(f"rewards_{kind}", _("Write scores and coefficients such as 60:0.6, 80:1."))
            told[f"rewards_{kind}"] = points and RewardRule(
                told.get(f"reward_kind_{kind}", STEPS), points, told.get(f"reward_base_{kind}", CLIENTS)
            )
        return told

    def _told_groups(self) -> Iterator[GroupRule]:
        for at in range(GROUPS):
            name, tiers = (
                self.cleaned_data[f"group_{at}_name"].strip(),
                self.cleaned_data[f"group_{at}_tiers"],
            )
            if name or tiers:
                weight = self.cleaned_data[f"group_{at}_weight"] or Decimal(0)
                yield GroupRule(name, tuple(tiers), weight)

    def take_faults(self, faults: dict[str, list[str]]) -> None:
        """Puts what the deed found wrong beside the fields, or above the form."""
        places = {"serves_from": "from_period"}
        for field, words in faults.items():
            place = places.get(field, field)
            self.add_error(place if place in self.fields else None, words)


def _points(text: str) -> tuple[tuple[Decimal, Decimal], ...] | None:
    """60:0.6, 80:1 as pairs; None when it can't be read."""
    try:
        pairs = [
            part.split(":") for part in text.replace("，", ",").replace("：", ":").split(",") if part.strip()
        ]
        found = tuple((Decimal(score.strip()), Decimal(value.strip())) for score, value in pairs)
    except (ValueError, ArithmeticError):
        return None
    return found if all(number.is_finite() for point in found for number in point) else None


def _decimal(label: Any, digits: int, places: int, required: bool = True) -> forms.DecimalField:
    return forms.DecimalField(
        label=label, max_digits=digits, decimal_places=places, required=required, min_value=0
    )


def _initial(draft: SchemeDraft) -> dict[str, Any]:
    content = draft.content
    groups = {
        f"group_{at}_{part}": one[part]
        for at, one in enumerate(content["groups"])
        for part in ("name", "weight", "tiers")
    }
    return {
        "from_period": draft.first_month,
        "reason": draft.reason,
        **{f"weight_{name}": weight for name, weight in content["weights"].items()},
        **groups,
        **{name: content[name] for name in (*DECIMALS, *WHOLE_NUMBERS)},
        **_initial_rewards(content.get("rewards", {})),
    }


def _initial_rewards(kept: dict[str, Any]) -> dict[str, str]:
    told = {}
    for kind, rule in kept.items():
        told[f"rewards_{kind}"] = ", ".join(f"{score}:{value}" for score, value in rule["points"])
        told |= {f"reward_kind_{kind}": rule["kind"], f"reward_base_{kind}": rule["base"]}
    return told
