"""Deeds over many cases at once: give them to somebody, another state, put them under an incident."""

from typing import Any

from django import forms
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from cases.actions import incidents, working
from cases.models import Case, Incident, State
from core.bulk import BulkDeed, BulkForm, BulkResult, BulkWork
from core.errors import Refusal
from staff.models import Membership, Person
from staff.roles import RIGHTS

WORKERS = [role for role, rights in RIGHTS.items() if "cases.work" in rights]


class GiveForm(BulkForm):
    owner = forms.CharField(label=_("To whom: sign-in name"), max_length=60)
    why = forms.CharField(label=_("Why"), max_length=300, required=False)

    def clean_owner(self) -> str:
        name = self.cleaned_data["owner"].strip()
        works = Membership.objects.filter(role__in=WORKERS).values("person_id")
        if not Person.objects.filter(username=name, is_active=True, pk__in=works).exists():
            raise forms.ValidationError(_("Nobody here is known by that."))
        return name

    def summary(self) -> str:
        return str(self.cleaned_data["owner"])


class StateForm(BulkForm):
    state = forms.ChoiceField(
        label=_("State"), choices=[one for one in State.choices if one[0] not in (State.NEW, State.REOPENED)]
    )
    result = forms.CharField(label=_("What came out"), max_length=2000, required=False)

    def summary(self) -> str:
        return str(dict(State.choices)[self.cleaned_data["state"]])


class IncidentForm(BulkForm):
    incident = forms.ModelChoiceField(label=_("Incident"), queryset=Incident.objects.none())

    def __init__(self, data: Any = None, *, person: Any) -> None:
        super().__init__(data, person=person)
        rows = Incident.objects.visible_to(person).exclude(state=Incident.State.CLOSED)
        self.fields["incident"].queryset = rows  # type: ignore[attr-defined]

    def frozen(self) -> dict[str, Any]:
        return {"incident": self.cleaned_data["incident"].pk}

    def summary(self) -> str:
        return str(self.cleaned_data["incident"])


def give(work: BulkWork) -> BulkResult:
    owner = Person.objects.get(username=work.data["owner"])

    def one(case: Case) -> None:
        working.assign(actor=work.person, case=case, owner=owner, why=work.data["why"])

    return _each(work, one)


def move(work: BulkWork) -> BulkResult:
    """Each case by its own way; those that cannot go there are told with the reason."""

    def one(case: Case) -> None:
        working.change_state(
            actor=work.person, case=case, state=work.data["state"], result=work.data["result"]
        )

    return _each(work, one)


def put_under(work: BulkWork) -> BulkResult:
    incident = Incident.objects.get(pk=work.data["incident"])
    taken = incidents.put_under(actor=work.person, ids=work.ids, incident=incident)
    reason = str(_("It is there already, is done, or is a complaint."))
    return BulkResult(failures=dict.fromkeys(set(work.ids) - set(taken), reason))


def _each(work: BulkWork, do: Any) -> BulkResult:
    """A case at a time in a savepoint: clocks and notices of each follow its own rules."""
    failures: dict[int, str] = {}
    for case in Case.objects.visible_to(work.person).filter(pk__in=work.ids).order_by("pk"):
        try:
            with transaction.atomic():
                do(case)
        except Refusal as refusal:
            failures[case.pk] = refusal.message
        except (ValidationError, PermissionDenied) as error:
            failures[case.pk] = " ".join(getattr(error, "messages", [])) or str(_("You may not do this."))
    return BulkResult(failures=failures)


DEEDS = [
    BulkDeed("give", "Give to somebody", "user-round-plus", "cases.assign", apply=give, form=GiveForm),
    BulkDeed("state", "Change the state", "workflow", "cases.assign", apply=move, form=StateForm),
    BulkDeed(
        "incident", "Put under an incident", "siren", "incidents.manage", apply=put_under, form=IncidentForm
    ),
]
