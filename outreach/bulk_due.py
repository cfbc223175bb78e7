"""Bulk deeds on due contacts: put off, hand to somebody, close by hand, give a task for the client."""

from dataclasses import replace
from datetime import date
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy

from core.bulk import BulkDeed, BulkForm, BulkResult, BulkWork
from outreach.actions import due
from outreach.bulk import AssignManyForm, GiveForm
from outreach.bulk import give as give_clients
from outreach.bulk import give_back as give_clients_back
from outreach.forms.tasks import DayInput
from outreach.models import DueContact
from staff.models import Person

OVER = _lazy("It is over already.")


class PutOffForm(BulkForm):
    until = forms.DateField(label=_lazy("Put off until"), widget=DayInput)

    def clean_until(self) -> date:
        until: date = self.cleaned_data["until"]
        try:
            due.check_day(until)
        except forms.ValidationError as error:
            raise forms.ValidationError(error.messages) from error
        return until

    def frozen(self) -> dict[str, Any]:
        return {"until": self.cleaned_data["until"].isoformat()}

    def summary(self) -> str:
        return self.cleaned_data["until"].isoformat()


class CloseForm(BulkForm):
    why = forms.CharField(label=_lazy("Why without a contact"), max_length=300)


def put_off(work: BulkWork) -> BulkResult:
    until = date.fromisoformat(work.data["until"])
    return _told(work, due.put_off(actor=work.person, ids=work.ids, until=until), str(OVER))


def hand_to(work: BulkWork) -> BulkResult:
    person = Person.objects.get(pk=work.data["assignee"])
    taken = due.hand_to(actor=work.person, ids=work.ids, person=person)
    return _told(work, taken, _("It is over already, or the person may not see the client."))


def close(work: BulkWork) -> BulkResult:
    return _told(work, due.close(actor=work.person, ids=work.ids, why=work.data["why"]), str(OVER))


def back(work: BulkWork) -> dict[int, str]:
    """Each entry as it was, unless something followed."""
    before = {int(pk): kept for pk, kept in (work.undo or {}).get("before", {}).items()}
    stayed = due.take_back(actor=work.person, before={pk: before[pk] for pk in work.ids if pk in before})
    return dict.fromkeys(stayed, _("Somebody worked on it since."))


def give(work: BulkWork) -> BulkResult:
    """A task for the client of each entry; a client of several entries gets one."""
    clients = dict(DueContact.objects.filter(pk__in=work.ids).values_list("pk", "client_id"))
    told = give_clients(replace(work, ids=sorted(set(clients.values()))))
    failures = {pk: told.failures[client] for pk, client in clients.items() if client in told.failures}
    return BulkResult(failures=failures)


def give_back(work: BulkWork) -> dict[int, str]:
    clients = dict(DueContact.objects.filter(pk__in=work.ids).values_list("pk", "client_id"))
    stayed = give_clients_back(replace(work, ids=sorted(set(clients.values()))))
    return {pk: stayed[client] for pk, client in clients.items() if client in stayed}


def _told(work: BulkWork, taken: due.Before, reason: str) -> BulkResult:
    failures = dict.fromkeys(set(work.ids) - set(taken), reason)
    return BulkResult(undo={"before": taken}, failures=failures)


DEEDS = [
    BulkDeed("put_off", "Put off", "alarm-clock", "tasks.work", apply=put_off, undo=back, form=PutOffForm),
    BulkDeed(
        "hand", "Give on", "user-round-check", "tasks.assign", apply=hand_to, undo=back, form=AssignManyForm
    ),
    BulkDeed(
        "give_task", "Give a task", "list-plus", "tasks.assign", apply=give, undo=give_back, form=GiveForm
    ),
    BulkDeed(
        "close", "Close without a contact", "check", "tasks.work", apply=close, undo=back, form=CloseForm
    ),
]
