"""Pages of the service plan: what holds, what is being written, and what to do on each worklist."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from outreach.actions import service as deeds
from outreach.forms.service import PlanDayForm, SuggestionForms, TierForms, initial_of, suggestions_initial
from outreach.models import ServicePlan, Suggestion
from outreach.queries import service as queries
from staff.access import PersonRequest, needs

DEEDS: dict[str, tuple[Callable[..., Any], str]] = {
    "propose": (deeds.propose, "plans.manage"),
    "send-back": (deeds.send_back, "plans.view"),
    "publish": (deeds.publish, "plans.approve"),
    "drop": (deeds.drop_draft, "plans.manage"),
}


@require_GET
@needs("plans.view")
def plan(request: PersonRequest) -> HttpResponse:
    """What each tier is entitled to; what comes next, how it differs, and all versions."""
    found = list(queries.visible_versions(request.user))
    held = queries.plan_in_force()
    written = next((one for one in found if not one.is_published), None)
    published = [one for one in found if one.is_published]
    coming = [one for one in published if held is None or one.effective_on > held.effective_on]
    context = {
        "plan": held,
        "next": coming[0] if coming else None,
        "written": written,
        "changes": queries.difference(published[0] if published else None, written) if written else [],
        "history": _with_differences(published),
        "own": written is not None and written.author_id == request.user.pk,
        "may_write": queries.may_write(request.user),
        "may_publish": queries.may_publish(request.user),
    }
    return render(request, "outreach/due/plan.html", context)


def _with_differences(published: list[ServicePlan]) -> list[tuple[ServicePlan, Any]]:
    """Newest first, each with what it says otherwise than the one before."""
    before: list[ServicePlan | None] = [*published[1:], None]
    return [(one, queries.difference(old, one)) for one, old in zip(published, before, strict=True)]


@require_http_methods(["GET", "POST"])
@needs("plans.manage")
def plan_edit(request: PersonRequest) -> HttpResponse:
    """Changes the draft, or begins the next version from the newest one."""
    _demand(queries.may_write(request.user))
    newest = queries.versions().first()
    first_day, first_tiers = initial_of(newest)
    posted = request.POST if request.method == "POST" else None
    form = PlanDayForm(posted, initial=first_day)
    tiers = TierForms(posted, initial=first_tiers, prefix="tiers")
    if posted is not None and form.is_valid() and tiers.is_valid() and _written(request, form, tiers):
        messages.success(request, _("Saved."))
        return redirect("worklists:plan")
    context = {"form": form, "tiers": tiers, "newest": newest}
    return render(request, "outreach/due/plan_edit.html", context, status=200 if posted is None else 422)


def _written(request: PersonRequest, form: PlanDayForm, tiers: Any) -> bool:
    given = form.cleaned_data
    try:
        deeds.write_draft(
            actor=request.user, effective_on=given["effective_on"], version=given["version"] or 0,
            tiers=[one.told() for one in tiers],
        )  # fmt: skip
    except ValidationError as error:
        for field, faults in error.message_dict.items():
            form.add_error(field if field in form.fields else None, faults)
        return False
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return False
    return True


@require_POST
@needs("plans.view")
def plan_deed(request: PersonRequest, deed: str) -> HttpResponse:
    """Propose, send back, publish or drop what is being written, as the page showed it."""
    if deed not in DEEDS:
        raise Http404
    act, right = DEEDS[deed]
    _demand(request.user.may(right))
    given = request.POST.get("version", "")
    version = int(given) if given.isascii() and given.isdigit() and len(given) < 10 else 0
    more = {"reason": request.POST.get("reason", "")} if deed == "send-back" else {}
    try:
        act(actor=request.user, version=version, **more)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Saved."))
    return redirect("worklists:plan")


@require_http_methods(["GET", "POST"])
@needs("plans.manage")
def suggestions(request: PersonRequest) -> HttpResponse:
    """What to do about the entries of each list, in both languages."""
    _demand(queries.may_write(request.user))
    posted = request.POST if request.method == "POST" else None
    lines = SuggestionForms(posted, initial=suggestions_initial(Suggestion.objects.all()), prefix="lists")
    if posted is not None and lines.is_valid():
        told = {one["list"]: (one["text_zh"], one["text_en"]) for one in lines.cleaned_data}
        deeds.write_suggestions(actor=request.user, texts=told)
        messages.success(request, _("Saved."))
        return redirect("worklists:suggestions")
    status = 200 if posted is None else 422
    return render(request, "outreach/due/suggestions.html", {"lines": lines}, status=status)


def _demand(allowed: bool) -> None:
    """The plan is the firm's: who holds the right for a part of it only is refused."""
    if not allowed:
        raise PermissionDenied
