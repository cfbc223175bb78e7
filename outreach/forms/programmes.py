"""The form of a callback programme: its terms, what to say, and the questions."""

import re
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from outreach import questions
from outreach.actions.programmes import LONGEST_GREETING, LONGEST_WORDS, MOST_QUESTIONS, Asked, Terms
from outreach.models import CallbackKind, CallbackProgramme

SPARE_QUESTIONS = 2
RISK_LEVELS = [(level, level) for level in ("C1_lowest", "C1", "C2", "C3", "C4", "C5")]
QUESTION_KINDS = [
    ("yes_no", _("Yes or no")),
    ("choice", _("One of several")),
    ("text", _("Words")),
    ("number", _("Number")),
]
YES_NO = {"是": "yes", "否": "no", "有": "yes", "没有": "no"}
BETWEEN = re.compile(r"\s*[/、;；]\s*")
Clock = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


def _text(label: Any, **more: Any) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, max_length=LONGEST_GREETING, widget=area, **more)


class ProgrammeForm(forms.Form):
    """Terms of a kind, which decides which of the fields there are; version: of the draft that was seen."""

    days = forms.IntegerField(
        label=_("Days to call"), min_value=1, max_value=366,
        help_text=_("From opening, assessment or end of the complaint; at most 30 for new accounts."),
    )  # fmt: skip
    share = forms.DecimalField(
        label=_("Share of the existing clients"), min_value=0, max_value=1, decimal_places=4,
        help_text=_("Of every branch, rounded up; at least 0.1."),
    )  # fmt: skip
    risk_levels = forms.MultipleChoiceField(
        label=_("Risk levels"), choices=RISK_LEVELS, widget=forms.CheckboxSelectMultiple,
        help_text=_("Clients newly assessed as one of these are called."),
    )  # fmt: skip
    attempts = forms.IntegerField(
        label=_("Attempts"), min_value=1, max_value=9,
        help_text=_("After so many calls that nobody answered, on different days, a client is unreachable."),
    )  # fmt: skip
    call_from = forms.TimeField(label=_("Calls from"), widget=Clock)
    call_to = forms.TimeField(label=_("Calls to"), widget=Clock)
    greeting_zh = _text(_("What to say first, in Chinese"))
    greeting_en = _text(_("What to say first, in English"), required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kind: str, **more: Any) -> None:
        super().__init__(*args, **more)
        is_yearly = kind == CallbackKind.YEARLY
        del self.fields["days" if is_yearly else "share"]
        if kind != CallbackKind.PRODUCT_RISK:
            del self.fields["risk_levels"]


class QuestionForm(forms.Form):
    """One question; without Chinese words it is left out."""

    key = forms.CharField(widget=forms.HiddenInput, max_length=10, required=False)
    zh = forms.CharField(label=_("Question in Chinese"), max_length=LONGEST_WORDS, required=False)
    en = forms.CharField(label=_("In English"), max_length=LONGEST_WORDS, required=False)
    kind = forms.ChoiceField(label=_("Kind of answer"), choices=QUESTION_KINDS, required=False)
    choices = forms.CharField(
        label=_("Answers to choose from"), max_length=300, required=False, help_text=_("With / between them.")
    )
    exceptions = forms.CharField(
        label=_("Answers that are exceptions"), max_length=300, required=False,
        help_text=_("With / between them: yes or no, some of the answers, or bounds such as <18 / >70."),
    )  # fmt: skip
    required = forms.BooleanField(label=_("Has to be asked"), required=False, initial=True)


QuestionForms = forms.formset_factory(
    QuestionForm, extra=SPARE_QUESTIONS, max_num=MOST_QUESTIONS, validate_max=True, can_order=True
)


def terms_of(form: ProgrammeForm, asked: forms.BaseFormSet) -> Terms:
    """What two valid forms say together; questions in the order of their numbers, new ones last."""
    told = {name: value for name, value in form.cleaned_data.items() if name != "version"}
    rows = [_asked(one.cleaned_data) for one in asked.ordered_forms if one.cleaned_data.get("zh")]
    return Terms(**told, questions=rows)


def initial_of(programme: CallbackProgramme) -> dict[str, Any]:
    """A version as the form shows it; the number of its draft, 0 when a next one begins."""
    names = ("days", "share", "risk_levels", "attempts", "call_from", "call_to", "greeting_zh", "greeting_en")
    version = programme.version if programme.is_being_written else 0
    return {name: getattr(programme, name) for name in names} | {"version": version}


def questions_of(programme: CallbackProgramme) -> list[dict[str, Any]]:
    """Its questions as the forms show them."""
    return [
        {**one, "choices": " / ".join(one["choices"]),
         "exceptions": " / ".join(questions.spoken(one, answer) for answer in one["exceptions"])}
        for one in programme.questions
    ]  # fmt: skip


def _asked(told: dict[str, Any]) -> Asked:
    marked = _split(told["exceptions"])
    if told["kind"] == "yes_no":
        yes_no = {words.lower(): value for value, words in questions.choices_of({"kind": "yes_no"})}
        marked = [yes_no.get(one.lower(), YES_NO.get(one, one.lower())) for one in marked]
    choices = _split(told["choices"]) if told["kind"] == "choice" else []
    return Asked(
        zh=told["zh"], en=told["en"], kind=told["kind"], required=told["required"], key=told["key"],
        choices=choices, exceptions=marked,
    )  # fmt: skip


def _split(text: str) -> list[str]:
    return [one for one in BETWEEN.split(text.strip()) if one]
