"""The form of a script: what it says, where it is shown, and the steps of its checklist."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from core.templatetags.ui import tier_names
from knowledge.actions.scripts import LONGEST_BODY, LONGEST_STEP, LONGEST_TITLE, MOST_STEPS, Step, Wording
from knowledge.models import TIERS, ScriptVersion
from knowledge.queries.scripts import CATEGORIES, CHANNELS, offered

SPARE_STEPS = 3
Boxes = forms.CheckboxSelectMultiple


def category_choices() -> list[tuple[str, str]]:
    """Categories by code, those below another one indented."""
    indented = [(choice.value, "\u3000" * len(choice.above) + choice.words) for choice in offered(CATEGORIES)]
    return [("", str(_("All categories"))), *indented]


def channel_choices() -> list[tuple[str, str]]:
    return [(choice.value, choice.words) for choice in offered(CHANNELS)]


def tier_choices() -> list[tuple[str, str]]:
    names = tier_names()
    return [(code, f"{code} {names[code]}") for code in TIERS]


def _text(label: Any, rows: int, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, max_length=LONGEST_BODY, widget=area, **more)


class ScriptForm(forms.Form):
    """A script's words; `version` is the script's when the form was made. The code is asked for once."""

    code = forms.CharField(
        label=_("Code"), max_length=40, help_text=_("Small letters, digits and dashes; it never changes.")
    )
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=LONGEST_TITLE)
    title_en = forms.CharField(label=_("Title in English"), max_length=LONGEST_TITLE, required=False)
    category = forms.ChoiceField(label=_("Category"), choices=category_choices, required=False)
    tiers = forms.MultipleChoiceField(
        label=_("Tiers"), choices=tier_choices, required=False, widget=Boxes, help_text=_("None chosen: all.")
    )
    channels = forms.MultipleChoiceField(
        label=_("Channels"), choices=channel_choices, required=False, widget=Boxes,
        help_text=_("None chosen: all."),
    )  # fmt: skip
    body_zh = _text(_("What to say, in Chinese"), 8)
    body_en = _text(
        _("What to say, in English"), 6, required=False, help_text=_("Left empty, the Chinese is shown.")
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, known: bool, **more: Any) -> None:
        super().__init__(*args, **more)
        if known:
            del self.fields["code"]


class StepForm(forms.Form):
    """One step; without Chinese words it is left out."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=10, required=False)
    zh = forms.CharField(label=_("Step in Chinese"), max_length=LONGEST_STEP, required=False)
    en = forms.CharField(label=_("In English"), max_length=LONGEST_STEP, required=False)
    required = forms.BooleanField(label=_("Must not be missed"), required=False)

    def clean(self) -> dict[str, Any]:
        told = super().clean() or {}
        if told.get("en") and not told.get("zh"):
            self.add_error("zh", _("Write the step in Chinese too."))
        return told


StepForms = forms.formset_factory(
    StepForm, extra=SPARE_STEPS, max_num=MOST_STEPS, validate_max=True, can_order=True
)


def initial_of(version: ScriptVersion) -> dict[str, Any]:
    """A version as the form shows it."""
    names = ("title_zh", "title_en", "category", "tiers", "channels", "body_zh", "body_en")
    return {name: getattr(version, name) for name in names} | {"version": version.script.version}


def wording(form: ScriptForm, steps: forms.BaseFormSet) -> Wording:
    """What two valid forms say together; steps in the order of their numbers, new ones last."""
    told = {name: value for name, value in form.cleaned_data.items() if name not in ("code", "version")}
    return Wording(**told, steps=[_step(one.cleaned_data) for one in steps.ordered_forms if _said(one)])


def _said(form: forms.Form) -> bool:
    return bool(form.cleaned_data.get("zh"))


def _step(told: dict[str, Any]) -> Step:
    return Step(zh=told["zh"], en=told["en"], required=told["required"], key=told["key"])
