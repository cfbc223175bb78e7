"""The forms of the model workbench: begin a draft, change it, try it out, propose it."""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from clients.models import Client
from core import formats
from core.templatetags.ui import tier_names
from outreach.forms.tasks import DayInput
from segmentation.actions.drafts import LONGEST_NAME, LONGEST_NOTE, DraftTold
from segmentation.definition import Definition
from segmentation.leaf_words import label
from segmentation.leaves import COUNT, SHARE, TIERS, WEIGHT, WORDS, Leaf, leaves, values_of, with_values
from segmentation.models import ModelDraft
from segmentation.words import axis_words

HUNDRED = Decimal(100)
PLACE = Decimal("0.0001")


class BeginForm(forms.Form):
    """A new draft and what it begins with: a version or another draft."""

    name = forms.CharField(label=_("Name of the draft"), max_length=LONGEST_NAME)
    source = forms.ChoiceField(label=_("Begin with"))

    def __init__(self, *args: Any, sources: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["source"]
        field.choices = sources


class TrialForm(forms.Form):
    """The date whose clients a draft is tried on."""

    as_of = forms.TypedChoiceField(label=_("As of"), coerce=date.fromisoformat)

    def __init__(self, *args: Any, days: list[date], **more: Any) -> None:
        super().__init__(*args, **more)
        field: Any = self.fields["as_of"]
        field.choices = [(day.isoformat(), formats.day(day)) for day in days]


class ProposeForm(forms.Form):
    serves_from = forms.DateField(
        label=_("In force from"), widget=DayInput, help_text=_("Closed months keep their tiers.")
    )


class DraftForm(forms.Form):
    """All changeable values of a draft; weights and shares in percent, an indicator is on or off."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    name = forms.CharField(label=_("Name of the draft"), max_length=LONGEST_NAME)
    note = forms.CharField(label=_("What it is for"), max_length=LONGEST_NOTE, required=False)
    spread = forms.BooleanField(
        label=_("Bring weights to 100 %"), required=False,
        help_text=_("The weights of each axis and of the axes keep their proportion and add up."),
    )  # fmt: skip
    renew_on = forms.TypedChoiceField(
        label=_("Breakpoints as of"), coerce=date.fromisoformat, required=False, empty_value=None
    )
    renew_kinds = forms.MultipleChoiceField(
        label=_("Taken anew for"), choices=Client.Kind.choices, required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("All others keep those of the version it began with."),
    )  # fmt: skip
    short_history = forms.BooleanField(label=_("Take them although the history is short"), required=False)

    def __init__(self, data: Any = None, *, draft: ModelDraft, days: list[date]) -> None:
        super().__init__(data, initial=_initial(draft))
        self.draft = draft
        self.leaves = leaves(draft.definition)
        field: Any = self.fields["renew_on"]
        field.choices = [("", "–"), *((day.isoformat(), formats.day(day)) for day in days)]
        for leaf in self.leaves:
            self.fields[leaf.name] = _field(leaf, draft.rules)
            if leaf.name.startswith("weight__"):
                self.fields[_switch(leaf)] = forms.BooleanField(required=False, label=label(leaf.name))

    def clean(self) -> dict[str, Any]:
        given = super().clean() or {}
        for leaf in self.leaves:
            if leaf.name.startswith("weight__") and leaf.name in given and not given[_switch(leaf)]:
                given[leaf.name] = Decimal(0)
            elif leaf.kind in {WEIGHT, SHARE} and leaf.name in given:
                given[leaf.name] = given[leaf.name] / HUNDRED
        if given.get("spread") and not self.errors:
            for names in self._groups():
                spread(given, names)
        return given

    def told(self) -> DraftTold:
        given = self.cleaned_data
        values = {leaf.name: _plain(leaf, given[leaf.name]) for leaf in self.leaves}
        return DraftTold(
            name=given["name"], note=given["note"], renew_on=given["renew_on"],
            renew_kinds=given["renew_kinds"], short_history=given["short_history"],
            definition=with_values(self.draft.definition, values),
        )  # fmt: skip

    def add_faults(self, error: ValidationError) -> None:
        """What the deed found wrong, at the fields where it stands."""
        for name, words in error.message_dict.items():
            self.add_error(name if name in self.fields else None, words)

    def _groups(self) -> Iterator[list[str]]:
        yield [leaf.name for leaf in self.leaves if leaf.name.startswith("axis__")]
        for axis in self.draft.rules.axes:
            yield [f"weight__{one.code}" for one in self.draft.rules.indicators_of(axis)]

    @property
    def axes(self) -> list[dict[str, Any]]:
        """The axes with the fields of their weight and of their indicators, for the page."""
        rules, words = self.draft.rules, axis_words()
        return [
            {
                "name": words.get(axis, axis),
                "weight": self[f"axis__{axis}"],
                "indicators": [
                    {"name": label(f"weight__{one.code}"), "on": self[f"on__{one.code}"],
                     "weight": self[f"weight__{one.code}"]}
                    for one in rules.indicators_of(axis)
                ],
            }
            for axis in rules.axes
        ]  # fmt: skip

    @property
    def tiers(self) -> list[dict[str, Any]]:
        """The tiers, highest first, with their fields; the lowest has no cut-off."""
        found = []
        for tier in reversed(self.draft.rules.tiers):
            names = {name: f"{name}__{tier.code}" for name in ("cut", "closes", "name_zh_hans", "name_en")}
            fields = {name: self[field] for name, field in names.items() if field in self.fields}
            found.append({"code": tier.code, **fields})
        return found

    @property
    def ladder(self) -> list[Any]:
        return self._named("hysteresis__", "matrix__")

    @property
    def cut_offs(self) -> list[Any]:
        return self._named("repeat__", "client__", "advocate__", "dormant__", "at_risk__", "complaint_points")

    def _named(self, *heads: str) -> list[Any]:
        return [self[leaf.name] for leaf in self.leaves if leaf.name.startswith(heads)]

    @property
    def breakpoints(self) -> list[Any]:
        return [self[name] for name in ("renew_on", "renew_kinds", "short_history")]


def spread(given: dict[str, Any], names: list[str]) -> None:
    """Brings weights to 1 in proportion, the heaviest taking what rounding leaves over."""
    total = sum((given[name] for name in names), Decimal(0))
    if total == 0:
        return
    for name in names:
        given[name] = (given[name] / total).quantize(PLACE, ROUND_HALF_UP)
    heaviest = max(names, key=lambda name: given[name])
    given[heaviest] += 1 - sum((given[name] for name in names), Decimal(0))


def _switch(leaf: Leaf) -> str:
    return leaf.name.replace("weight__", "on__")


def _initial(draft: ModelDraft) -> dict[str, Any]:
    values: Mapping[str, Any] = values_of(draft.definition)
    found: dict[str, Any] = {
        "version": draft.version, "name": draft.name, "note": draft.note, "renew_kinds": draft.renew_kinds,
        "renew_on": draft.renew_on and draft.renew_on.isoformat(), "short_history": draft.short_history,
    }  # fmt: skip
    for leaf in leaves(draft.definition):
        value = values[leaf.name]
        found[leaf.name] = _short(value * HUNDRED) if leaf.kind in {WEIGHT, SHARE} else _short(value)
        if leaf.name.startswith("weight__"):
            found[_switch(leaf)] = value > 0
    return found


def _short(value: Any) -> Any:
    """Without zeros at the end of decimals."""
    return format(value.normalize(), "f") if isinstance(value, Decimal) else value


def _field(leaf: Leaf, rules: Definition) -> forms.Field:
    words = label(leaf.name)
    if leaf.kind == WORDS:
        return forms.CharField(label=words, max_length=int(leaf.most))
    if leaf.kind == TIERS:
        names = tier_names()
        choices = [(tier.code, names.get(tier.code, tier.code)) for tier in reversed(rules.tiers)]
        return forms.MultipleChoiceField(
            label=words, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
        )
    if leaf.kind == COUNT:
        return forms.IntegerField(label=words, min_value=int(leaf.least), max_value=int(leaf.most))
    if leaf.kind in {WEIGHT, SHARE}:
        return forms.DecimalField(
            label=f"{words} (%)", min_value=0, max_value=100, decimal_places=2, max_digits=5
        )
    places = 2 if leaf.kind == "cut" else 4
    return forms.DecimalField(
        label=words, min_value=leaf.least, max_value=leaf.most, decimal_places=places, max_digits=16
    )


def _plain(leaf: Leaf, value: Any) -> Any:
    """As the definition's leaves read it."""
    return sorted(value) if leaf.kind == TIERS else value
