"""How a call went, and the answers to a programme's questions."""

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from outreach import questions
from outreach.actions.callbacks import LONGEST_NOTE, REACHED, Told
from outreach.models import CallbackProgramme, CallbackTry
from outreach.moments import later

PREFIX = "question_"


class CallForm(forms.Form):
    """The questions in their order, and the note.

    The buttons give the outcome, some with more behind a dot: no_answer.busy, later.hour. Without a button,
    as Enter sends it, somebody was reached.
    """

    outcome = forms.CharField(widget=forms.HiddenInput, required=False)
    note = forms.CharField(
        label=_("What was said"), max_length=LONGEST_NOTE, required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip
    again_at = forms.DateTimeField(
        label=_("Call again at"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip

    def __init__(self, *args: Any, programme: CallbackProgramme, **more: Any) -> None:
        super().__init__(*args, **more)
        self.programme = programme
        for one in programme.questions:
            self.fields[PREFIX + one["key"]] = _field(one)

    def asked(self) -> list[tuple[dict[str, Any], forms.BoundField]]:
        """The questions with their fields."""
        return [(one, self[PREFIX + one["key"]]) for one in self.programme.questions]

    def answers(self) -> dict[str, str]:
        """What was answered, complete or not."""
        given = {one["key"]: self.data.get(PREFIX + one["key"], "") for one in self.programme.questions}
        return {key: answer.strip() for key, answer in given.items() if answer.strip()}

    def told(self) -> Told:
        """Of a valid form."""
        said = self.cleaned_data
        outcome, _dot, more = said["outcome"].partition(".")
        is_later = outcome == CallbackTry.Outcome.LATER
        return Told(
            outcome=outcome or REACHED, answers=self.answers(), note=said["note"],
            reason="" if is_later else more,
            again_at=(later(more, timezone.now()) or said["again_at"]) if is_later else None,
        )  # fmt: skip


def initial_of(answers: dict[str, str], note: str) -> dict[str, str]:
    """What was typed before, as the form shows it."""
    return {PREFIX + key: answer for key, answer in answers.items()} | {"note": note}


def _field(one: dict[str, Any]) -> forms.Field:
    """Never required here: the outcome decides whether it has to be answered."""
    choices = questions.choices_of(one)
    words: dict[str, Any] = {"label": questions.words_of(one), "required": False}
    if choices:
        return forms.ChoiceField(choices=choices, widget=forms.RadioSelect, **words)
    attrs = {"inputmode": "decimal"} if one["kind"] == "number" else {}
    return forms.CharField(max_length=questions.LONGEST, widget=forms.TextInput(attrs=attrs), **words)
