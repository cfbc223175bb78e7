"""Incidents: the list, opening one, its page, and what can be done with it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from cases.actions import incidents as deeds
from cases.forms.deeds import IncidentForm
from cases.lists.cases import CaseList, IncidentList
from cases.models import Incident
from cases.queries import listed
from cases.views.cases import number
from core.errors import Refusal
from core.keyset import capped_count
from staff.access import PersonRequest, needs


@require_http_methods(["GET", "POST"])
@needs("cases.view")
def incident_list(request: PersonRequest) -> HttpResponse:
    """The list; who manages incidents opens one here."""
    manages = request.user.may("incidents.manage")
    if request.method == "POST" and not manages:
        raise PermissionDenied
    form = IncidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = deeds.open_incident(actor=request.user, **form.cleaned_data)
        return redirect(made)
    rows = listed.incidents_of(request.user)
    return IncidentList(request, rows).render("cases/incidents.html", {"form": form, "manages": manages})


@require_GET
@needs("cases.view")
def incident(request: PersonRequest, pk: int) -> HttpResponse:
    """What happened, the answer, and the cases under it that the reader may see."""
    found: Incident = get_object_or_404(listed.incidents_of(request.user), pk=pk)
    rows = listed.cases_of(request.user).filter(incident=found)
    context = {
        "incident": found,
        "count": capped_count(rows, 1000)[0],
        "unfinished": capped_count(rows.unfinished(), 1000)[0],
        "manages": request.user.may("incidents.manage"),
        "own": found.proposed_by_id == request.user.pk,
    }
    return CaseList(request, rows).render("cases/incident.html", context)


@require_POST
@needs("incidents.manage")
def incident_deed(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    """Propose, approve, or close; each with the version of the page."""
    found: Incident = get_object_or_404(listed.incidents_of(request.user), pk=pk)
    if name not in DEEDS:
        raise Http404
    told: dict[str, Any] = {"version": number(request.POST.get("version", ""))}
    if name == "propose":
        told["answer"] = request.POST.get("answer", "")
    try:
        DEEDS[name](actor=request.user, incident=found, **told)
        messages.success(request, _("Saved."))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect(found)


DEEDS: dict[str, Callable[..., Any]] = {
    "propose": deeds.propose_answer,
    "approve": deeds.approve_answer,
    "close": deeds.close_all,
}
