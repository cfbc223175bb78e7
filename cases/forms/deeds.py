"""Small forms of the case page."""

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from cases.models import Case, CaseNote, Complaint, ComplaintDecision
from cases.queries.reach import possible_owners
from core.files.forms import ManyFiles
from staff.models import Person


class NoteForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it is"), choices=CaseNote.Kind.choices)
    text = forms.CharField(label=_("Text"), max_length=4000, widget=forms.Textarea({"rows": 3}))
    send = forms.BooleanField(label=_("Send it to the client as well"), required=False)

    def __init__(self, data: Any = None, *, case: Case, can_send: bool = False) -> None:
        super().__init__(data, auto_id="note_%s")
        if not can_send:
            del self.fields["send"]
        if not case.is_complaint:
            kept = [one for one in CaseNote.Kind.choices if one[0] != CaseNote.Kind.ACKNOWLEDGED]
            self.fields["kind"].choices = kept  # type: ignore[attr-defined]


class GiveForm(forms.Form):
    owner = forms.ChoiceField(label=_("To whom"), required=False)
    why = forms.CharField(label=_("Why"), max_length=300, required=False)

    def __init__(self, data: Any = None, *, case: Case) -> None:
        super().__init__(data, auto_id="give_%s")
        self.people = {str(one.pk): one for one in possible_owners(case)}
        choices = [(key, f"{one.name} · {one.employee_no}") for key, one in self.people.items()]
        self.fields["owner"].choices = [("", _("Back to the queue")), *choices]  # type: ignore[attr-defined]

    def clean_owner(self) -> Person | None:
        return self.people.get(self.cleaned_data["owner"])


class ClassifyForm(forms.ModelForm):
    class Meta:
        model = Complaint
        fields = ("business", "severity", "source", "source_no", "complainants")
        labels: ClassVar = {
            "business": _("Business"), "severity": _("Severity"), "source": _("Came from"),
            "source_no": _("Their number"), "complainants": _("Number of complainants"),
        }  # fmt: skip


class FilesForm(forms.Form):
    attachments = ManyFiles(label=_("Files"))


class DecideForm(forms.Form):
    outcome = forms.ChoiceField(label=_("Decision"), choices=ComplaintDecision.Outcome.choices)


class IncidentForm(forms.Form):
    title = forms.CharField(label=_("Title"), max_length=120)
    text = forms.CharField(
        label=_("What happened"), max_length=2000, required=False, widget=forms.Textarea({"rows": 3})
    )
