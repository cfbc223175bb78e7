"""What is tried, as the address of the page says it: empty fields keep what stands."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kpis.actions.schemes import scheme_faults
from kpis.definition import number_words
from kpis.exports.tables import indicator_words
from kpis.queries.whatif import Trial
from kpis.rules import Limits, Scheme, Targets
from kpis.rules.scheme import INDICATORS, LOWER_IS_BETTER, RATES

NUMBERS = ("cap", "share_needed", "small_base", "base_added", "small_group", "group_added")


class WhatIfForm(forms.Form):
    """Over a scheme: its weights, groups' weights and constants, and limits for all units."""

    def __init__(self, data: Any, *, scheme: Scheme) -> None:
        super().__init__(data)
        self._scheme = scheme
        self.group_names = [rule.name for rule in scheme.groups]
        words, numbers = indicator_words(), number_words()
        for name in INDICATORS:
            label = _("Weight of %(name)s") % {"name": words[name]}
            self._add(f"weight_{name}", label, 5, 2, scheme.weights[name])
        for rule in scheme.groups:
            label = _("Weight of group %(number)s") % {"number": rule.name}
            self._add(f"weight_group_{rule.name}", label, 4, 3, rule.weight)
        for name in NUMBERS:
            self._add(name, numbers[name], 8, 3, getattr(scheme, name))
        for name in RATES:
            self._pair(name, words[name], 6)
        for name in self.group_names:
            self._pair(f"group_{name}", _("Group %(name)s") % {"name": name}, 4)

    def _add(self, name: str, label: Any, digits: int, places: int, standing: Any = None) -> None:
        hint = "" if standing is None else f"{Decimal(standing).normalize():f}"
        widget = forms.TextInput({"inputmode": "decimal", "placeholder": hint})
        self.fields[name] = forms.DecimalField(
            label=label, required=False, max_digits=digits, decimal_places=places, widget=widget
        )

    def _pair(self, name: str, words: Any, places: int) -> None:
        for end, end_words in (("floor", _("floor")), ("target", _("target"))):
            self._add(f"{name}_{end}", f"{words}, {end_words}", 20, places)

    @property
    def weights(self) -> list[Any]:
        groups = (f"group_{name}" for name in self.group_names)
        return [self[f"weight_{name}"] for name in (*INDICATORS, *groups)]

    @property
    def numbers(self) -> list[Any]:
        return [self[name] for name in NUMBERS]

    @property
    def limits(self) -> list[Any]:
        names = (*RATES, *(f"group_{name}" for name in self.group_names))
        return [self[f"{name}_{end}"] for name in names for end in ("floor", "target")]

    @property
    def has_numbers(self) -> bool:
        """Whether any constant is tried, so that the page shows them."""
        return any(field.value() or field.errors for field in self.numbers)

    @property
    def has_limits(self) -> bool:
        return any(field.value() or field.errors for field in self.limits)

    @property
    def highest(self) -> Decimal:
        """The cap tried: how long a bar can get."""
        return self.trial().scheme.cap

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if self.errors:
            return told
        for words in scheme_faults(self._tried()).values():
            self.add_error(None, words)
        for name in (*RATES, *(f"group_{group}" for group in self.group_names)):
            self._check_pair(name, told.get(f"{name}_floor"), told.get(f"{name}_target"))
        return told

    def _check_pair(self, name: str, floor: Decimal | None, target: Decimal | None) -> None:
        if (floor is None) != (target is None):
            self.add_error(f"{name}_floor", _("Fill in both floor and target, or neither."))
            return
        limits = Limits(floor, target) if floor is not None and target is not None else None
        if limits and not limits.is_right_way(lower_is_better=name in LOWER_IS_BETTER):
            self.add_error(f"{name}_target", _("The target stands on the wrong side of the floor."))

    def trial(self) -> Trial:
        rates = {name: limits for name in RATES if (limits := self._limits(name))}
        groups = {name: limits for name in self.group_names if (limits := self._limits(f"group_{name}"))}
        return Trial(self._tried(), Targets(rates, groups))

    def _limits(self, name: str) -> Limits | None:
        floor, target = self.cleaned_data[f"{name}_floor"], self.cleaned_data[f"{name}_target"]
        return None if floor is None else Limits(floor, target)

    def _tried(self) -> Scheme:
        scheme, told = self._scheme, self.cleaned_data
        numbers = {name: told[name] for name in NUMBERS if told.get(name) is not None}
        whole = {name: int(value) for name, value in numbers.items() if name not in ("cap", "share_needed")}
        return replace(
            scheme,
            weights={name: _or(told.get(f"weight_{name}"), scheme.weights[name]) for name in INDICATORS},
            groups=tuple(
                replace(rule, weight=_or(told.get(f"weight_group_{rule.name}"), rule.weight))
                for rule in scheme.groups
            ),
            **{**numbers, **whole},
        )


def _or(told: Decimal | None, standing: Decimal) -> Decimal:
    return standing if told is None else told
