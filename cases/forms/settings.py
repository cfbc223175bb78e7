"""The form of a type: names, times, fields and steps; lines without words are left out."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from cases.models import TypeVersion

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


FieldLines = forms.formset_factory(FieldLine, extra=2, max_num=20)
StepLines = forms.formset_factory(StepLine, extra=2, max_num=20)


def lines_of(version: TypeVersion) -> dict[str, list[dict[str, Any]]]:
    """What the formsets begin with."""
    fields = [{**one, "choices": ", ".join(one["choices"])} for one in version.fields]
    return {"fields": fields, "steps": list(version.steps)}


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


def told_seconds(post: Mapping[str, str]) -> dict[int, int]:
    """Seconds by the id of the time, from inputs named time-<id>."""
    return {
        int(name[5:]): int(value)
        for name, value in post.items()
        if name.startswith("time-") and name[5:].isdecimal() and value.isdecimal() and len(value) < 9
    }


def _filled(lines: Any) -> list[dict[str, Any]]:
    return [dict(one) for one in lines.cleaned_data if one and one.get("zh", "").strip()]
