"""Pages of proposals: the list, one of them with what became of its clients, writing and answering."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from knowledge.markup import rendered
from kpis.actions import proposals as deeds
from kpis.actions.cohorts import count_cohort
from kpis.forms.proposals import AcceptForm, DeclineForm, DoneForm, ProposalForm
from kpis.lists import MemberList
from kpis.lists.proposals import LATE, ProposalList, state_badge
from kpis.models import Proposal, Report
from kpis.queries import proposals, reports
from kpis.reporting.outcomes import outcome
from kpis.views.reports import number_in
from staff.access import PersonRequest, needs

State = Proposal.State


@require_GET
@needs("reports.view")
def proposal_list(request: PersonRequest) -> HttpResponse:
    """Those in sight, the first due on top."""
    states = [(value, words) for value, words in State.choices if value != State.DRAFT]
    context = {"states": [*states, (LATE, _("Overdue"))], "firm": request.user.scope_for("reports.view").firm}
    return ProposalList(request, proposals.listed(request.user)).render("kpis/proposals/list.html", context)


@require_GET
@needs("reports.view")
def proposal(request: PersonRequest, pk: int) -> HttpResponse:
    """One of them, with the deeds that the reader may do."""
    return _page(request, _visible(request, pk), {})


@require_GET
@needs("clients.view")
def proposal_clients(request: PersonRequest, pk: int) -> HttpResponse:
    """The kept clients in the reader's sight."""
    held = _visible(request, pk)
    found = proposals.clients_of(held, request.user)
    return MemberList(request, found).render("kpis/proposals/clients.html", {"proposal": held})


@require_http_methods(["GET", "POST"])
@needs("reports.manage")
def proposal_new(request: PersonRequest, period: str) -> HttpResponse:
    """A new one within a draft report."""
    report = reports.in_sight(request.user, period)
    return _write(request, report, None)


@require_http_methods(["GET", "POST"])
@needs("reports.manage")
def proposal_edit(request: PersonRequest, pk: int) -> HttpResponse:
    held = _visible(request, pk)
    return _write(request, reports.in_sight(request.user, held.report.period), held)


@require_POST
@needs("reports.view")
def proposal_deed(request: PersonRequest, pk: int, deed: str) -> HttpResponse:
    """Accept, decline, finish or drop, as the page showed it."""
    held = _visible(request, pk)
    if deed not in DEEDS:
        raise Http404
    if not _may(request, held, deed):
        raise PermissionDenied
    act = DEEDS[deed]
    form = _forms(request, held, request.POST).get(deed)
    if form is not None and not form.is_valid():
        return _page(request, held, {deed: form}, 422)
    more = form.cleaned_data if form else {}
    try:
        act(actor=request.user, proposal=held, version=number_in(request.POST, "version"), **more)
    except ValidationError as error:
        assert form is not None
        for field, words in error.message_dict.items():
            form.add_error(field, words)
        return _page(request, held, {deed: form}, 422)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(held)
    messages.success(request, _("Saved."))
    return redirect(held.report if deed == "drop" else held)


DEEDS: dict[str, Callable[..., Any]] = {
    "accept": deeds.accept, "decline": deeds.decline, "done": deeds.finish, "drop": deeds.drop_proposal,
}  # fmt: skip


def _may(request: PersonRequest, held: Proposal, deed: str) -> bool:
    if deed == "drop":
        return request.user.may("reports.manage")
    owns = deed == "done" and held.owner_id == request.user.pk
    return owns or proposals.may_answer(request.user, held)


def _visible(request: PersonRequest, pk: int) -> Proposal:
    return get_object_or_404(proposals.listed(request.user), pk=pk)


def _forms(request: PersonRequest, held: Proposal, data: Any) -> dict[str, forms.Form]:
    return {
        "accept": AcceptForm(data, held, request.user),
        "decline": DeclineForm(data),
        "done": DoneForm(data),
    }


def _page(
    request: PersonRequest, held: Proposal, wrong: dict[str, forms.Form], status: int = 200
) -> HttpResponse:
    user, answers = request.user, proposals.may_answer(request.user, held)
    context = {
        "proposal": held,
        "badge": state_badge(held),
        "text": rendered(held.text),
        "rule": proposals.rule_words(held),
        "forms": _forms(request, held, None) | wrong,
        "may_answer": answers and held.state == State.OPEN and held.proposed_by_id != user.pk,
        "may_finish": held.state == State.ACCEPTED and (answers or held.owner_id == user.pk),
        "may_write": held.report.is_draft and user.scope_for("reports.manage").firm,
        "may_report": user.scope_for("reports.view").firm,
        "outcome": outcome(proposals.measures_of(held)),
        "may_clients": user.may("clients.view") and held.state != State.DRAFT,
    }
    return render(request, "kpis/proposals/page.html", context, status=status)


def _write(request: PersonRequest, report: Report, held: Proposal | None) -> HttpResponse:
    """Shows the form, or does what it says and goes to the proposal."""
    if request.method == "GET":
        form = ProposalForm.of(held) if held else ProposalForm()
        return _form(request, report, held, form)
    form = ProposalForm(request.POST)
    if not form.is_valid():
        return _form(request, report, held, form, 422)
    version = form.cleaned_data["version"] or 0
    try:
        made = deeds.write_proposal(
            actor=request.user, report=report, told=form.told(), proposal=held, version=version
        )
    except ValidationError as error:
        for field, words in error.message_dict.items():
            form.add_error(field, words)
        return _form(request, report, held, form, 422)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _form(request, report, held, form, refusal.status)
    told = _("Saved; it is about %(count)s clients as things stand.") % {"count": count_cohort(made)}
    messages.success(request, told)
    return redirect(made)


def _form(
    request: PersonRequest, report: Report, held: Proposal | None, form: ProposalForm, status: int = 200
) -> HttpResponse:
    context = {"report": report, "proposal": held, "form": form}
    return render(request, "kpis/proposals/edit.html", context, status=status)
