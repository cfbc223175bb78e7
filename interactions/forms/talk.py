"""Forms within a conversation: answer, note, hand on, put aside, check who speaks; and a first message."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Consent
from core.files.forms import ManyFiles
from interactions.models import Line, Verification
from staff.models import Person, Unit

LATER = [
    ("1h", _("In one hour")),
    ("tomorrow", _("Tomorrow at 9")),
    ("week", _("In one week")),
    ("at", _("At the time below")),
]


class ReplyForm(forms.Form):
    text = forms.CharField(label=_("Your answer"), max_length=8000, widget=forms.Textarea(attrs={"rows": 4}))
    attachments = ManyFiles(label=_("Files"), required=False)
    seen = forms.IntegerField(required=False, min_value=0)  # the newest message the page showed


class NoteForm(forms.Form):
    text = forms.CharField(max_length=2000)


class TransferForm(forms.Form):
    """To a colleague or into the queue of a unit."""

    to = forms.ChoiceField(label=_("To"), required=False)
    unit = forms.ChoiceField(label=_("Or into the queue of"), required=False)
    reason = forms.CharField(label=_("Why"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, people: Sequence[Person], units: Sequence[Unit]) -> None:
        super().__init__(data)
        self.people = {person.username: person for person in people}
        self.units = {unit.code: unit for unit in units}
        words = [(person.username, f"{person.name} {person.username}") for person in people]
        self._choices("to", words)
        self._choices("unit", [(unit.code, unit.name) for unit in units])

    def _choices(self, name: str, words: list[tuple[str, str]]) -> None:
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [("", "—"), *words]

    def whom(self) -> Person | None:
        return self.people.get(self.cleaned_data["to"])

    def where(self) -> Unit | None:
        return self.units.get(self.cleaned_data["unit"])


class SnoozeForm(forms.Form):
    later = forms.ChoiceField(label=_("Until"), choices=LATER)
    at = forms.DateTimeField(
        label=_("Time"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        told = self.cleaned_data
        if told.get("later") == "at" and not told.get("at") and "at" not in self.errors:
            self.add_error("at", _now("Say until when."))
        return told

    def until(self) -> datetime:
        now = timezone.localtime()
        morning = now.replace(hour=9, minute=0, second=0, microsecond=0) + timedelta(days=1)
        fixed = {"1h": now + timedelta(hours=1), "tomorrow": morning, "week": now + timedelta(days=7)}
        return fixed.get(self.cleaned_data["later"]) or self.cleaned_data["at"]


class VerifyForm(forms.Form):
    method = forms.ChoiceField(label=_("How"), choices=Verification.Method.choices)
    passed = forms.ChoiceField(
        label=_("Result"), choices=[("1", _("It is the client")), ("0", _("Not proved"))]
    )
    note = forms.CharField(label=_("Note"), max_length=300, required=False)


class WriteForm(forms.Form):
    """A message that begins a conversation with a client."""

    line = forms.ModelChoiceField(
        label=pgettext_lazy("channel", "Line"), queryset=Line.objects.none(), to_field_name="code",
        empty_label=None,
    )  # fmt: skip
    subject = forms.CharField(
        label=_("Subject"),
        max_length=200,
        required=False,
        help_text=_("Emails need one; others leave it out."),
    )
    text = forms.CharField(label=_("Message"), max_length=8000, widget=forms.Textarea(attrs={"rows": 6}))
    purpose = forms.ChoiceField(
        label=_("Purpose"), choices=Consent.Purpose.choices, help_text=_("Decides which consent is asked.")
    )
    attachments = ManyFiles(label=_("Files"), required=False)

    def __init__(self, *args: Any, lines: Any) -> None:
        super().__init__(*args)
        field = self.fields["line"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = lines
