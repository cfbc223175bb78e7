"""Forms of proposals: what one says and about whom, and what the department answers."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.templatetags.ui import tier_names
from kpis.actions.proposals import LONGEST_ANSWER, LONGEST_TEXT, LONGEST_TITLE, Told
from kpis.forms.reports import MARKS
from kpis.models import Proposal
from kpis.models.proposals import ROLE_CHOICES
from kpis.queries.proposals import owners_of
from outreach.forms.tasks import DayInput
from segmentation.words import matrix_words
from staff.models import Person, Unit

Boxes = forms.CheckboxSelectMultiple
ASKED = ("title", "text", "unit", "role", "due_on", "tiers", "cells", "flag")


def tier_choices() -> list[tuple[str, str]]:
    return list(tier_names().items())


def cell_choices() -> list[tuple[str, str]]:
    return list(matrix_words().items())


def units_to_ask() -> Any:
    kinds = [Unit.Kind.HQ, Unit.Kind.REGION, Unit.Kind.BRANCH]
    return Unit.objects.filter(kind__in=kinds, closed_on=None).order_by("kind", "code")


class UnitField(forms.ModelChoiceField):
    def label_from_instance(self, unit: Unit) -> str:
        return f"{unit.name} {unit.code}"


class PersonField(forms.ModelChoiceField):
    def label_from_instance(self, person: Person) -> str:
        return f"{person.name} ({person.username})"


class ProposalForm(forms.Form):
    """What should be done, by whom, until when, about which clients; `version` as the writer saw it."""

    title = forms.CharField(label=_("Title"), max_length=LONGEST_TITLE)
    text = forms.CharField(
        label=_("What should be done, and why"), max_length=LONGEST_TEXT, help_text=MARKS,
        widget=forms.Textarea(attrs={"rows": 8}),
    )  # fmt: skip
    unit = UnitField(label=_("Department"), queryset=Unit.objects.none())
    role = forms.ChoiceField(label=_("Answered by role"), choices=ROLE_CHOICES)
    due_on = forms.DateField(label=_("Due"), widget=DayInput)
    tiers = forms.MultipleChoiceField(
        label=_("Tiers"), choices=tier_choices, required=False, widget=Boxes, help_text=_("None chosen: all.")
    )
    cells = forms.MultipleChoiceField(
        label=_("Fields of the value matrix"), choices=cell_choices, required=False, widget=Boxes,
        help_text=_("None chosen: all."),
    )  # fmt: skip
    flag = forms.ChoiceField(label=_("Flag"), choices=Proposal.Flag.choices, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["unit"]
        assert isinstance(field, UnitField)
        field.queryset = units_to_ask()

    @classmethod
    def of(cls, proposal: Proposal) -> "ProposalForm":
        told = {name: getattr(proposal, name) for name in (*ASKED, "version")}
        return cls(initial={**told, "unit": proposal.unit_id})

    def told(self) -> Told:
        return Told(**{name: self.cleaned_data[name] for name in ASKED})


class AcceptForm(forms.Form):
    """Who owns it, and until when the department means to have it done."""

    owner = PersonField(label=_("Owner"), queryset=Person.objects.none())
    due_on = forms.DateField(label=_("Done by"), widget=DayInput)

    def __init__(self, data: Any, proposal: Proposal, person: Person) -> None:
        owners = owners_of(proposal)
        mine = person.pk if owners.filter(pk=person.pk).exists() else None
        super().__init__(data, initial={"owner": mine, "due_on": proposal.due_on})
        field = self.fields["owner"]
        assert isinstance(field, PersonField)
        field.queryset = owners


class DeclineForm(forms.Form):
    why = forms.CharField(
        label=_("Reason"), max_length=LONGEST_ANSWER, widget=forms.Textarea(attrs={"rows": 3})
    )


class DoneForm(forms.Form):
    note = forms.CharField(
        label=pgettext_lazy("proposal", "What was done"),
        max_length=LONGEST_ANSWER,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
