"""A unit's targets over time, its return to the firm's, and answers to many proposals at once."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from core.errors import Refusal
from kpis import actions
from kpis.forms.target_grid import ReturnForm
from kpis.models import Target
from kpis.queries import target_grid as queries
from kpis.queries.pages import managers_to_set, units_to_set
from kpis.rules import Targets
from kpis.target_table import TargetColumn, cell_text, columns
from staff.access import PersonRequest, needs

RIGHT = "kpis.targets"


@require_GET
@needs(RIGHT)
def target_history(request: PersonRequest) -> HttpResponse:
    """Every set of targets that a unit had or was proposed, the newest first."""
    units = _units(request)
    period_type = request.GET.get("period_type", Target.PeriodType.MONTH)
    unit = request.GET.get("unit") or next((label for label, _name in units), "")
    if unit not in dict(units) or period_type not in Target.PeriodType.values:
        raise Http404
    return _page(request, units, unit, period_type)


@require_POST
@needs(RIGHT)
def return_targets(request: PersonRequest) -> HttpResponse:
    """From a period on the firm's targets serve the unit again; its own stay in the history."""
    units = _units(request)
    form = ReturnForm(request.POST, units=units)
    known = request.POST.get("unit") in dict(units)
    if not known or request.POST.get("period_type") not in Target.PeriodType.values:
        raise Http404
    if form.is_valid() and (target := _returned(request, form)):
        waits = target.state == Target.State.PROPOSED
        messages.success(request, _("Proposed; a second person must approve.") if waits else _("In force."))
        return redirect(
            f"{reverse('kpis:target_history')}?unit={target.unit}&period_type={target.period_type}"
        )
    return _page(request, units, request.POST["unit"], request.POST["period_type"], form)


def _returned(request: PersonRequest, form: ReturnForm) -> Target | None:
    """The set that says so, or None with what is wrong on the form."""
    told = form.cleaned_data
    unit_type, _colon, code = told["unit"].partition(":")
    try:
        return actions.return_to_firm(
            actor=request.user, period_type=told["period_type"], unit_type=unit_type, unit_code=code,
            from_period=told["from_period"],
        )  # fmt: skip
    except ValidationError as error:
        form.add_error("from_period", error.messages)
        return None


def _page(
    request: PersonRequest,
    units: list[tuple[str, str]],
    unit: str,
    period_type: str,
    form: ReturnForm | None = None,
) -> HttpResponse:
    rows = queries.history(request.user, unit, period_type)
    found = columns(dict.fromkeys(group.name for row in rows for group in row.groups.all()))
    context = {
        "rows": [(row, _told_cells(row.as_rules(), found)) for row in rows],
        "columns": found,
        "unit": unit,
        "units": units,
        "period_type": period_type,
        "types": Target.PeriodType.choices,
        "form": form or ReturnForm(units=units, initial={"unit": unit, "period_type": period_type}),
        "may_return": queries.has_own(unit, period_type),
    }
    return render(request, "kpis/targets/history.html", context, status=422 if form else 200)


def _units(request: PersonRequest) -> list[tuple[str, str]]:
    return [*units_to_set(request.user), *managers_to_set(request.user)]


def _told_cells(targets: Targets, found: list[TargetColumn]) -> list[str]:
    return [cell_text(targets, column) for column in found]


@require_POST
@needs("kpis.approve")
def answer_all_targets(request: PersonRequest, answer: str) -> HttpResponse:
    """The second person's word on all proposals of one person for one first period."""
    if answer not in ("approve", "reject"):
        raise Http404
    key = {name: request.POST.get(name, "") for name in ("period_type", "from_start", "proposed_by")}
    groups = [
        one for one in queries.waiting(request.user)
        if (one.period_type, one.from_start.isoformat(), one.proposed_by) == tuple(key.values())
    ]  # fmt: skip
    targets = queries.proposals(request.user, groups[0]) if groups else []
    try:
        count = actions.answer_many(actor=request.user, targets=targets, approve=answer == "approve")
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        words = ngettext("%(count)s set answered.", "%(count)s sets answered.", count)
        messages.success(request, words % {"count": count})
    return redirect("kpis:targets")
