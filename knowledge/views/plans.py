"""Pages before inspections: sampling plans with their draws, scoring forms, calibrations."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import models
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from knowledge.actions import plans as actions
from knowledge.forms.quality import (
    CalibrationForm,
    ItemForms,
    PlanForm,
    SheetForm,
    plan_initial,
    sheet_initial,
    sheet_told,
)
from knowledge.models import SamplingDraw, SamplingPlan
from knowledge.queries import quality as queries
from staff.access import PersonRequest, needs

DRAWS_SHOWN = 26


def _plan(request: PersonRequest, pk: int) -> SamplingPlan:
    rows = SamplingPlan.objects.visible_to(request.user).select_related("unit", "agent", "inspector")
    return get_object_or_404(rows, pk=pk)


@require_GET
@needs("quality.figures")
def plan_list(request: PersonRequest) -> HttpResponse:
    """Plans with what they drew and how much of it is scored; forms in use."""
    context = {
        "plans": queries.plans_of(request.user), "forms": queries.forms_in_use(),
        "may_write": request.user.may("quality.inspect"),
    }  # fmt: skip
    return render(request, "knowledge/quality/plans.html", context)


@require_GET
@needs("quality.figures")
def plan(request: PersonRequest, pk: int) -> HttpResponse:
    """One plan with its draws; `check` names one that is made again."""
    held = _plan(request, pk)
    checked = request.GET.get("check", "")
    draws = list(held.draws.all()[:DRAWS_SHOWN])
    asked = next((draw for draw in draws if str(draw.pk) == checked), None)
    context = {
        "plan": held, "draws": draws, "asked": asked, "holds": queries.holds(asked) if asked else None,
        "week": actions.last_week(timezone.localdate()), "may_write": request.user.may("quality.inspect"),
        "form": queries.form_in_use(held.form_code),
    }  # fmt: skip
    return render(request, "knowledge/quality/plan.html", context)


@require_POST
@needs("quality.inspect")
def draw(request: PersonRequest, pk: int) -> HttpResponse:
    """Draws last week now instead of waiting for the morning."""
    held = _plan(request, pk)
    try:
        made = actions.draw(actor=request.user, plan=held, week=actions.last_week(timezone.localdate()))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        told = {"drawn": made.drawn, "all": made.population}
        messages.success(request, _("%(drawn)s of %(all)s contacts were drawn.") % told)
    return redirect("quality:plan", held.pk)


@require_http_methods(["GET", "POST"])
@needs("quality.inspect")
def plan_new(request: PersonRequest) -> HttpResponse:
    form = PlanForm(request.POST or None, reader=request.user)
    return _written(request, form, lambda: actions.write_plan(actor=request.user, told=form.told()))


@require_http_methods(["GET", "POST"])
@needs("quality.inspect")
def plan_edit(request: PersonRequest, pk: int) -> HttpResponse:
    held = _plan(request, pk)
    form = PlanForm(request.POST or None, initial=plan_initial(held), reader=request.user)

    def write() -> SamplingPlan:
        version = form.cleaned_data["version"] or 0
        return actions.write_plan(actor=request.user, told=form.told(), plan=held, version=version)

    return _written(request, form, write, plan=held)


def _written(
    request: PersonRequest, form: PlanForm, write: Callable[[], SamplingPlan], **context: Any
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                return redirect("quality:plan", write().pk)
            except ValidationError as error:
                _add(form, error)
            except Refusal as refusal:
                form.add_error(None, refusal.message)
                status = refusal.status
    return render(request, "knowledge/quality/plan_edit.html", {"form": form, **context}, status=status)


@require_http_methods(["GET", "POST"])
@needs("quality.inspect")
def sheet_new(request: PersonRequest) -> HttpResponse:
    return _sheet(request, "")


@require_http_methods(["GET", "POST"])
@needs("quality.inspect")
def sheet(request: PersonRequest, code: str) -> HttpResponse:
    """A scoring form; saving writes its next version."""
    if queries.form_in_use(code) is None:
        raise Http404
    return _sheet(request, code)


def _sheet(request: PersonRequest, code: str) -> HttpResponse:
    known = queries.form_in_use(code) if code else None
    posted = request.POST if request.method == "POST" else None
    form = SheetForm(posted, initial=sheet_initial(known) if known else None, known=known is not None)
    items = ItemForms(posted, initial=known.items if known else None, prefix="items")
    status = 422 if posted is not None else 200
    if posted is not None and form.is_valid() and items.is_valid():
        try:
            told = sheet_told(form, items)
            made = actions.write_form(actor=request.user, code=code or form.cleaned_data["code"], told=told)
        except ValidationError as error:
            _add(form, error)
        else:
            messages.success(request, _("Saved as version %(number)s.") % {"number": made.number})
            return redirect("quality:plans")
    context = {"form": form, "items": items, "known": known}
    return render(request, "knowledge/quality/sheet.html", context, status=status)


@require_GET
@needs("quality.view")
def calibrations(request: PersonRequest) -> HttpResponse:
    context = {
        "calibrations": queries.calibrations_of(request.user)[:100],
        "may_write": request.user.may("quality.inspect"),
    }
    return render(request, "knowledge/quality/calibrations.html", context)


@require_http_methods(["GET", "POST"])
@needs("quality.inspect")
def calibration_new(request: PersonRequest) -> HttpResponse:
    form = CalibrationForm(request.POST or None, reader=request.user)
    status = 422 if request.method == "POST" else 200
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        people, source = list(told["inspectors"]), told["source"]
        assert isinstance(source, SamplingDraw)
        try:
            made = actions.start_calibration(
                actor=request.user, name=told["name"], source=source, contacts=told["contacts"],
                inspectors=people,
            )  # fmt: skip
        except ValidationError as error:
            _add(form, error)
        else:
            return redirect(made)
    return render(request, "knowledge/quality/calibration_new.html", {"form": form}, status=status)


@require_GET
@needs("quality.view")
def calibration(request: PersonRequest, pk: int) -> HttpResponse:
    """Who has scored how much; agreement only when all scores are in."""
    held = get_object_or_404(queries.calibrations_of(request.user), pk=pk)
    closed = held.closed_at is not None
    progress = held.inspections.values("inspector__name").annotate(
        asked=models.Count("pk"), scored=models.Count("pk", filter=models.Q(state="done"))
    )
    context = {
        "calibration": held, "progress": progress.order_by("inspector__name"),
        "items": queries.agreement(held) if closed else [],
        "people": queries.deviations(held) if closed else [],
    }  # fmt: skip
    return render(request, "knowledge/quality/calibration.html", context)


def _add(form: Form, error: ValidationError) -> None:
    """The rules' faults on their fields; what has no field of its own stands above the form."""
    for field, faults in error.message_dict.items():
        form.add_error(field if field in form.fields else None, faults)
