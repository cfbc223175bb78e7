"""The form of a type: names, times, fields and steps; lines without words are left out."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.actions.settings import LONGEST
from cases.models import ClockKind, TypeVersion
from cases.queries.explain import amount_words
from interactions.models import Channel, ServiceThreshold, TierBand

FIELD_KINDS = [
    ("text", _("Text")), ("number", pgettext_lazy("field", "Number")), ("date", _("Date")),
    ("choice", _("Choice")), ("account", _("Client's account")),
]  # fmt: skip
WHO = [("owner", _("Owner")), ("lead", _("Team lead"))]


class TypeForm(forms.Form):
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=40)
    name_en = forms.CharField(label=_("Name in English"), max_length=60, required=False)
    number = forms.IntegerField(widget=forms.HiddenInput)


class FieldLine(forms.Form):
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    zh = forms.CharField(label=_("Field"), max_length=40, required=False)
    en = forms.CharField(label=_("In English"), max_length=60, required=False)
    kind = forms.ChoiceField(label=_("Kind"), choices=FIELD_KINDS)
    choices = forms.CharField(label=_("Choices, with commas"), max_length=500, required=False)
    required = forms.BooleanField(label=_("Must be filled in"), required=False)


class StepLine(forms.Form):
    key = forms.CharField(required=False, widget=forms.HiddenInput)
    zh = forms.CharField(label=_("Step"), max_length=60, required=False)
    en = forms.CharField(label=_("In English"), max_length=100, required=False)
    who = forms.ChoiceField(label=_("Done by"), choices=WHO)
    required = forms.BooleanField(label=_("Must not be missed"), required=False)


class ClockLine(forms.Form):
    """One time; without a number of seconds it is left out."""

    kind = forms.ChoiceField(label=_("Clock"), choices=ClockKind.choices)
    channel = forms.ChoiceField(label=_("Channel"), required=False)
    band = forms.ChoiceField(label=_("Tier"), required=False)
    hours = forms.ChoiceField(label=_("Time that counts"), choices=ServiceThreshold.Hours.choices)
    seconds = forms.IntegerField(label=_("Seconds"), min_value=1, max_value=LONGEST, required=False)

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        for name, choices in (("channel", Channel.choices), ("band", TierBand.choices)):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = [("", _("All")), *choices]

    @property
    def words(self) -> str:
        """The time as it stands, in words."""
        told = self.initial
        return amount_words(told["seconds"], told["hours"]) if told.get("seconds") else ""


MOST_LINES, MOST_TIMES, SPARE = 20, 120, 2
FieldLines = forms.formset_factory(
    FieldLine, extra=SPARE, max_num=MOST_LINES, validate_max=True, can_order=True
)
StepLines = forms.formset_factory(
    StepLine, extra=SPARE, max_num=MOST_LINES, validate_max=True, can_order=True
)
ClockLines = forms.formset_factory(ClockLine, extra=SPARE, max_num=MOST_TIMES, validate_max=True)


def lines_of(version: TypeVersion) -> dict[str, list[dict[str, Any]]]:
    """What the formsets begin with."""
    fields = [{**one, "choices": ", ".join(one["choices"])} for one in version.fields]
    names = ("kind", "channel", "band", "hours", "seconds", "statutory")
    times = list(version.times.order_by("kind", "channel", "band").values(*names))
    return {"fields": fields, "steps": list(version.steps), "times": times}


def told_fields(lines: Any) -> list[dict[str, Any]]:
    return [
        {
            **one,
            "choices": [
                word.strip() for word in one["choices"].replace("，", ",").split(",") if word.strip()
            ],
        }
        for one in _filled(lines)
    ]


def told_steps(lines: Any) -> list[dict[str, Any]]:
    return _filled(lines)


def told_times(lines: Any) -> list[dict[str, Any]]:
    return [dict(one.cleaned_data) for one in lines if one.cleaned_data.get("seconds")]


def _filled(lines: Any) -> list[dict[str, Any]]:
    """In the order of their numbers, new ones last; those without words are left out."""
    told = (one.cleaned_data for one in lines.ordered_forms)
    return [
        {name: value for name, value in one.items() if name != "ORDER"}
        for one in told
        if one.get("zh", "").strip()
    ]
