"""A draft of the scheme on one form: weights, groups of tiers, constants, from when on and why."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.templatetags.ui import tier_names
from kpis.definition import number_words
from kpis.exports.tables import indicator_words
from kpis.models import SchemeDraft
from kpis.rules import Scheme, parse_period
from kpis.rules.profits import TIERS
from kpis.rules.scheme import INDICATORS, GroupRule
from kpis.rules.told_scheme import DECIMALS, WHOLE_NUMBERS

GROUPS = 5  # rows for groups, of which empty ones are left out
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
        )

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
    }
