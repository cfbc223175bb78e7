"""Forms of appeals: what a unit holds against a line, and how it is answered."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.files.forms import ManyFiles, uploads
from kpis.actions.appeals import Answer, Wish
from kpis.models import CardAppeal, Scorecard
from kpis.models.appeals import REFERENCE, TEXT
from kpis.queries.appeals import line_words, subjects


class AppealForm(forms.Form):
    line = forms.ChoiceField(label=_("Line of the card"), choices=lambda: list(line_words().items()))
    text = forms.CharField(label=_("What is wrong"), max_length=TEXT, widget=forms.Textarea({"rows": 5}))
    clients = forms.CharField(
        label=_("Clients concerned"), required=False, widget=forms.Textarea({"rows": 2}),
        help_text=_("Client numbers, separated by spaces or commas"),
    )  # fmt: skip
    attachments = ManyFiles(label=_("Evidence"), required=False)

    def wish(self) -> Wish:
        """What the deed takes."""
        told = self.cleaned_data
        numbers = told["clients"].replace(",", " ").replace("，", " ").split()
        return Wish(line=told["line"], text=told["text"], client_nos=numbers, uploads=uploads(self))


class AnswerForm(forms.Form):
    """The answer; remedy and what follows from it only where the appeal is accepted."""

    answer = forms.CharField(
        label=_("Answer"), max_length=TEXT, required=False, widget=forms.Textarea({"rows": 4})
    )
    remedy = forms.ChoiceField(
        label=pgettext_lazy("scorecard appeal", "Remedy"), required=False,
        choices=[("", "–"), *CardAppeal.Remedy.choices],
    )  # fmt: skip
    reference = forms.CharField(
        label=_("Where it is corrected"), max_length=REFERENCE, required=False,
        help_text=_("Feed package, case or task that puts the source right"),
    )  # fmt: skip
    subject = forms.ChoiceField(label=_("What is adjusted"), required=False)
    amount = forms.DecimalField(
        label=_("By how much"), required=False, max_digits=20, decimal_places=4,
        help_text=_("Events of a rate, or CNY of a group; with a minus sign for less"),
    )  # fmt: skip

    def __init__(self, data: Any = None, *, card: Scorecard) -> None:
        super().__init__(data)
        choices = [("", "–"), *subjects(card).items()]
        self.fields["subject"].choices = choices  # type: ignore[attr-defined]

    def told(self) -> Answer:
        """What the deeds take."""
        given = self.cleaned_data
        return Answer(
            text=given["answer"], remedy=given["remedy"], reference=given["reference"],
            subject=given["subject"], amount=given["amount"],
        )  # fmt: skip
