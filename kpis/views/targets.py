"""Floors and targets: in force, proposed, answered."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core.errors import Conflict
from kpis import actions
from kpis.forms import TargetForm
from kpis.models import Target
from kpis.queries import pages
from kpis.queries.target_grid import waiting
from kpis.queries.targets import visible_targets
from staff.access import PersonRequest, needs


@require_http_methods(["GET", "POST"])
@needs("kpis.targets")
def targets(request: PersonRequest) -> HttpResponse:
    """Targets in force and proposed, and the form that sets or proposes them."""
    units = pages.units_to_set(request.user)
    posted = request.method == "POST"
    form = TargetForm(request.POST, units=units) if posted else TargetForm.of(request.GET, units)
    if posted and form.is_valid() and _told(request, form):
        return redirect("kpis:targets")
    context = {
        "form": form,
        "targets": pages.targets_in_force(request.user),
        "waiting": waiting(request.user),
        "may_approve": request.user.may("kpis.approve"),
        "me": actions.who(request.user),
    }
    return render(request, "kpis/targets.html", context, status=422 if form.errors else 200)


@require_POST
@needs("kpis.approve")
def answer_targets(request: PersonRequest, pk: int, answer: str) -> HttpResponse:
    """Approves or rejects proposed targets; only someone other than the proposer approves."""
    deeds = {"approve": actions.approve_targets, "reject": actions.reject_targets}
    target = visible_targets(request.user).filter(pk=pk).first()
    if target is None or answer not in deeds:
        raise Http404
    try:
        deeds[answer](actor=request.user, target=target)
    except Conflict as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Answered; the cards follow with the next nightly run."))
    return redirect("kpis:targets")


def _told(request: PersonRequest, form: TargetForm) -> bool:
    kind, _colon, code = form.cleaned_data["unit"].partition(":")
    try:
        target = actions.tell_targets(
            actor=request.user,
            period_type=form.cleaned_data["period_type"],
            unit_type=kind,
            unit_code=code,
            from_period=form.cleaned_data["from_period"],
            targets=form.targets(),
        )
    except ValidationError as error:
        for field, words in error.message_dict.items():
            form.add_error(_form_field(field, form), words)
        return False
    proposed = target.state == Target.State.PROPOSED
    messages.success(request, _("Proposed; a second person must approve.") if proposed else _("In force."))
    return True


def _form_field(field: str, form: TargetForm) -> str | None:
    """The form's field for a field of the deed."""
    name = field.removeprefix("profitability.")
    wanted = (
        f"group_{name}_target"
        if name != field
        else f"{name}_target"
        if f"{name}_target" in form.fields
        else name
    )
    return wanted if wanted in form.fields else None
