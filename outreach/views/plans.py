"""Pages of task plans: which there are, what one says and where it runs, writing one."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.views.record import visible_client
from core.errors import Refusal
from outreach.actions import plans as deeds
from outreach.forms.plans import PlanNameForm, PlanStepForms, StartForm, steps_of
from outreach.lists.plans import PlanRunList
from outreach.models import TaskPlan
from outreach.queries import plans as queries
from outreach.queries.tasks import plans_for
from staff.access import PersonRequest, needs


@require_GET
@needs("tasks.view")
def plan_list(request: PersonRequest) -> HttpResponse:
    plans = plans_for(request.user).prefetch_related("versions")
    context = {
        "plans": plans,
        "may_write": request.user.may("tasks.assign"),
        "start_form": StartForm(user=request.user),
    }
    context["may_work"] = request.user.may("tasks.work")
    return render(request, "outreach/plans/list.html", context)


@require_GET
@needs("tasks.view")
def plan(request: PersonRequest, pk: int) -> HttpResponse:
    """The newest version, and the runs in sight with their progress."""
    held = _visible(request, pk)
    runs = queries.runs_listed(request.user).filter(plan=held)
    context = {
        "plan": held, "version": held.versions.select_related("author")[0],
        "may_write": held in deeds_may_write(request), "may_work": request.user.may("tasks.work"),
    }  # fmt: skip
    return PlanRunList(request, runs).render("outreach/plans/detail.html", context)


@require_http_methods(["GET", "POST"])
@needs("tasks.assign")
def plan_new(request: PersonRequest) -> HttpResponse:
    """A plan of one's own unit; those of the whole firm are written at headquarters."""
    form, steps = PlanNameForm(request.POST or None), PlanStepForms(request.POST or None)
    if request.method == "POST" and form.is_valid() and steps.is_valid():
        scope = request.user.scope_for("tasks.assign")
        unit = None if scope.firm else next((held.unit for held in request.user.access.memberships), None)
        try:
            made = deeds.write_plan(
                actor=request.user, name=form.cleaned_data["name"], steps=steps_of(steps), unit=unit
            )
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Saved."))
            return redirect("tasks:plan", made.pk)
    return _form(request, {"form": form, "steps": steps, "plan": None})


@require_http_methods(["GET", "POST"])
@needs("tasks.assign")
def plan_edit(request: PersonRequest, pk: int) -> HttpResponse:
    """The next version; what runs goes on as it began."""
    held = _writable(request, pk)
    steps = PlanStepForms(request.POST or None, initial=held.versions.all()[0].steps)
    errors: list[str] = []
    if request.method == "POST" and steps.is_valid():
        try:
            version = int(request.POST.get("version", "0") or 0)
            deeds.rewrite_plan(actor=request.user, plan=held, version=version, steps=steps_of(steps))
        except ValidationError as error:
            errors = error.messages
        except Refusal as refusal:
            errors = [refusal.message]
        else:
            messages.success(request, _("Saved."))
            return redirect("tasks:plan", held.pk)
    return _form(request, {"steps": steps, "plan": held, "errors": errors})


@require_POST
@needs("tasks.assign")
def plan_retire(request: PersonRequest, pk: int) -> HttpResponse:
    held = _writable(request, pk)
    deeds.retire_plan(actor=request.user, plan=held, version=held.version)
    messages.success(request, _("The plan is started no more."))
    return redirect("tasks:plans")


@require_POST
@needs("tasks.work")
def plan_start(request: PersonRequest) -> HttpResponse:
    """Starts a plan for one client."""
    form = StartForm(request.POST, user=request.user)
    if not form.is_valid():
        messages.error(request, _("Choose a plan and a client."))
        return redirect("tasks:plans")
    client = visible_client(request, form.cleaned_data["client"].strip())
    run = deeds.start_for(actor=request.user, plan=form.cleaned_data["plan"], client=client)
    messages.success(request, _("Started: %(plan)s") % {"plan": run.plan})
    return redirect("tasks:plan", run.plan_id)


@require_POST
@needs("tasks.work")
def run_cancel(request: PersonRequest, pk: int) -> HttpResponse:
    """Ends a run and all that is open of it."""
    run = get_object_or_404(queries.runs_listed(request.user), pk=pk)
    deeds.cancel_runs(actor=request.user, runs=[run])
    messages.success(request, _("Cancelled with its open tasks."))
    if request.headers.get("HX-Request"):
        return HttpResponse(status=204, headers={"HX-Refresh": "true"})
    return redirect("tasks:plan", run.plan_id)


def deeds_may_write(request: PersonRequest) -> Any:
    """The plans that the person may write: of units where tasks are given to others, of the firm at HQ."""
    scope = request.user.scope_for("tasks.assign")
    plans = plans_for(request.user)
    return plans if scope.firm else plans.filter(unit_id__in=scope.unit_ids)


def _visible(request: PersonRequest, pk: int) -> TaskPlan:
    return get_object_or_404(TaskPlan.objects.visible_to(request.user).select_related("unit"), pk=pk)


def _writable(request: PersonRequest, pk: int) -> TaskPlan:
    held = deeds_may_write(request).filter(pk=_visible(request, pk).pk).first()
    if held is None:
        raise Http404
    return held


def _form(request: PersonRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if request.method == "POST" else 200
    return render(request, "outreach/plans/form.html", context, status=status)
