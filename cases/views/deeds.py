"""Deeds of the case page, one address each: every one is a POST and leads back to the case."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from cases.actions import answering, complaints, incidents, merging, working
from cases.actions.cases import name_client
from cases.forms.deeds import ClassifyForm, GiveForm, NoteForm
from cases.models import Case, Incident
from cases.queries import listed
from cases.queries.reach import may_lead, person_named
from cases.queries.ways import line_for
from cases.views.cases import number, visible_case
from clients.models import Client
from core.errors import Conflict, Refusal
from staff.access import PersonRequest, needs
from staff.models import Person

Deed = Callable[[PersonRequest, Case], Any]


@require_POST
@needs("cases.work")
def deed(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    """Does it, or says why not; htmx (the board) gets only the state of things."""
    case = visible_case(request, pk)
    if name not in DEEDS:
        raise Http404
    fault = ""
    try:
        DEEDS[name](request, case)
    except Refusal as refusal:
        fault = refusal.message
    except ValidationError as error:
        fault = " ".join(error.messages)
    if request.headers.get("X-Board"):
        return HttpResponse(fault, status=409 if fault else 204, content_type="text/plain; charset=utf-8")
    if fault:
        messages.error(request, fault)
    else:
        messages.success(request, _("Saved."))
    return redirect("cases:list" if name == "recuse" and _gone(request, case) else case)


def _gone(request: PersonRequest, case: Case) -> bool:
    return not Case.objects.visible_to(request.user).filter(pk=case.pk).exists()


def _take(request: PersonRequest, case: Case) -> None:
    working.take(actor=request.user, case=case)


def _give(request: PersonRequest, case: Case) -> None:
    form = GiveForm(request.POST, case=case)
    if not form.is_valid():
        raise Conflict(_("This person cannot work on the case."))
    told = form.cleaned_data
    working.assign(
        actor=request.user, case=case, owner=told["owner"], why=told["why"], version=_seen(request)
    )


def _state(request: PersonRequest, case: Case) -> None:
    working.change_state(
        actor=request.user, case=case, state=request.POST.get("state", ""),
        result=request.POST.get("result", ""), version=_seen(request),
    )  # fmt: skip


def _note(request: PersonRequest, case: Case) -> None:
    form = NoteForm(request.POST, case=case, can_send=line_for(case) is not None)
    if not form.is_valid():
        raise Conflict(_("Write something first."))
    told = form.cleaned_data
    if told.get("send"):
        answering.send(actor=request.user, case=case, text=told["text"])
    else:
        working.add_note(actor=request.user, case=case, text=told["text"], kind=told["kind"])


def _step(request: PersonRequest, case: Case) -> None:
    working.tick(
        actor=request.user, case=case, step=request.POST.get("step", ""), done=request.POST.get("done") == "1"
    )


def _watch(request: PersonRequest, case: Case) -> None:
    working.watch(actor=request.user, case=case, wanted=request.POST.get("wanted") == "1")


def _client(request: PersonRequest, case: Case) -> None:
    numbers = Client.objects.visible_to(request.user)
    client = numbers.filter(client_no=request.POST.get("client_no", "").strip().upper()).first()
    if client is None:
        raise Conflict(_("There is no such client."))
    name_client(actor=request.user, case=case, client=client)


def _join(request: PersonRequest, case: Case) -> None:
    typed = request.POST.get("into", "").strip().upper().removeprefix("CS").lstrip("0")
    into = Case.objects.visible_to(request.user).filter(pk=number(typed)).first()
    if into is None:
        raise Conflict(_("There is no such case."))
    merging.merge(actor=request.user, case=case, into=into)


def _incident(request: PersonRequest, case: Case) -> None:
    if not (request.user.may("incidents.manage") and may_lead(request.user, case)):
        raise Conflict(_("Somebody who leads there does that."))
    rows = listed.incidents_of(request.user)
    incident: Incident = get_object_or_404(rows, pk=number(request.POST.get("incident", "")))
    incidents.put_under(actor=request.user, ids=[case.pk], incident=incident)


def _classify(request: PersonRequest, case: Case) -> None:
    form = ClassifyForm(request.POST)
    if not form.is_valid():
        raise ValidationError([fault for faults in form.errors.values() for fault in faults])
    complaints.classify(
        actor=request.user, case=case, version=_seen(request) or case.version, **form.cleaned_data
    )


def _recuse(request: PersonRequest, case: Case) -> None:
    complaints.recuse(actor=request.user, case=case, person=_person(request))


def _let_in(request: PersonRequest, case: Case) -> None:
    complaints.end_recusal(actor=request.user, case=case, person=_person(request))


def _person(request: PersonRequest) -> Person:
    """By sign-in name, number or name: whoever complains knows one of them."""
    found = person_named(request.POST.get("person", ""))
    if found is None:
        raise Conflict(_("Nobody here is known by that."))
    return found


def _longer(request: PersonRequest, case: Case) -> None:
    complaints.ask_longer(actor=request.user, case=case, reason=request.POST.get("reason", ""))


def _longer_approve(request: PersonRequest, case: Case) -> None:
    complaints.approve_longer(actor=request.user, case=case)


def _decide(request: PersonRequest, case: Case) -> None:
    complaints.decide(actor=request.user, case=case, outcome=request.POST.get("outcome", ""))


def _seen(request: PersonRequest) -> int | None:
    """The version that the page showed; without one nothing is compared."""
    return number(request.POST.get("version", "")) or None


DEEDS: dict[str, Deed] = {
    "take": _take,
    "give": _give,
    "state": _state,
    "note": _note,
    "step": _step,
    "watch": _watch,
    "client": _client,
    "join": _join,
    "incident": _incident,
    "classify": _classify,
    "recuse": _recuse,
    "let-in": _let_in,
    "longer": _longer,
    "longer-approve": _longer_approve,
    "decide": _decide,
}
