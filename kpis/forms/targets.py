"""Targets of a unit on one form: floor and target of each rate and of each group of tiers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from clients.models import FIRST_DAY
from kpis.models import SchemeGroup, Target
from kpis.queries.shape import plain
from kpis.queries.targets import serving
from kpis.rules import Limits, Period, Targets, parse_period
from kpis.rules.scheme import RATES

RATE_WORDS = {
    "new": _("New client rate"),
    "lost": _("Lost client rate"),
    "upgraded": _("Upgraded client rate"),
}


# What tells whose targets these are; a change fetches the form anew with the values that serve there.
KEY = ("period_type", "unit", "from_period")
FETCHES = {
    "hx-get": "",
    "hx-trigger": "change",
    "hx-include": ", ".join(f"[name={name}]" for name in KEY),
    "hx-target": "closest form",
    "hx-select": "#target-form",
    "hx-swap": "outerHTML",
}


class TargetForm(forms.Form):
    """Rates as fractions (0.02 is 2 %), groups in CNY per average client over the period."""

    period_type = forms.ChoiceField(
        choices=Target.PeriodType.choices, label=_("Period type"), widget=forms.Select(FETCHES)
    )
    unit = forms.ChoiceField(label=_("Unit"))
    from_period = forms.CharField(
        required=False,
        label=_("From period"),
        help_text=_("2026-10, 2026-Q4 or 2026; empty for all periods"),
        widget=forms.TextInput(FETCHES),
    )

    def __init__(self, data: Any = None, *, units: list[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["unit"] = forms.ChoiceField(choices=units, label=_("Unit"), widget=forms.Select(FETCHES))
        for name in RATES:
            self._pair(name, RATE_WORDS[name], places=6)
        self.groups = list(
            dict.fromkeys(SchemeGroup.objects.order_by("-scheme", "position").values_list("name", flat=True))
        )
        for name in self.groups:
            self._pair(f"group_{name}", _("Group %(name)s") % {"name": name}, places=4)

    @classmethod
    def of(cls, asked: Any, units: list[tuple[str, str]]) -> "TargetForm":
        """The form for the asked period type, unit and first period, with the values that serve there now."""
        key = {
            "period_type": asked.get("period_type") or Target.PeriodType.MONTH,
            "unit": asked.get("unit") or next((value for value, _words in units), ""),
            "from_period": asked.get("from_period", ""),
        }
        target = _serving(**key) if key["unit"] in dict(units) else None
        return cls(units=units, initial=key | (_values(target) if target else {}))

    def _pair(self, name: str, words: Any, *, places: int) -> None:
        for end, end_words in (("floor", _("floor")), ("target", _("target"))):
            self.fields[f"{name}_{end}"] = forms.DecimalField(
                required=False, decimal_places=places, label=f"{words}, {end_words}"
            )

    def clean_from_period(self) -> Period | None:
        text = self.cleaned_data["from_period"].strip()
        if not text:
            return None
        try:
            return parse_period(text)
        except ValueError as error:
            raise forms.ValidationError(_("Write 2026-10, 2026-Q4 or 2026.")) from error

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for name in (*RATES, *(f"group_{group}" for group in self.groups)):
            ends = cleaned.get(f"{name}_floor"), cleaned.get(f"{name}_target")
            if (ends[0] is None) != (ends[1] is None):
                self.add_error(f"{name}_floor", _("Fill in both floor and target, or neither."))
        return cleaned

    def targets(self) -> Targets:
        return Targets(
            {name: limits for name in RATES if (limits := self._limits(name))},
            {name: limits for name in self.groups if (limits := self._limits(f"group_{name}"))},
        )

    def _limits(self, name: str) -> Limits | None:
        floor, target = self.cleaned_data[f"{name}_floor"], self.cleaned_data[f"{name}_target"]
        return None if floor is None else Limits(floor, target)


def _serving(period_type: str, unit: str, from_period: str) -> Target | None:
    unit_type, _colon, unit_code = unit.partition(":")
    try:
        start = parse_period(from_period.strip()).start if from_period.strip() else FIRST_DAY
    except ValueError:
        return None
    return serving(period_type, unit_type, unit_code, start)


def _values(target: Target) -> dict[str, str | None]:
    rules = target.as_rules()
    limits = {**rules.rates, **{f"group_{name}": one for name, one in rules.groups.items()}}
    return {f"{name}_floor": plain(one.floor) for name, one in limits.items()} | {
        f"{name}_target": plain(one.target) for name, one in limits.items()
    }
