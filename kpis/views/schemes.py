"""Pages of the scheme: its versions with what each changed, drafts, and the deeds on them."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from kpis import actions
from kpis.definition import definition, differences, listed
from kpis.forms import SchemeForm, WhatIfForm
from kpis.models import SchemeDraft
from kpis.queries import schemes as queries
from kpis.queries.pages import asked_period
from kpis.queries.whatif import base_scheme
from kpis.rules import Scheme
from staff.access import PersonRequest, needs

WRITE, APPROVE = "kpis.schemes", "kpis.schemes_approve"
DEEDS: dict[str, tuple[Callable[..., Any], str]] = {
    "propose": (actions.propose_scheme, WRITE),
    "take-back": (actions.take_back_scheme, WRITE),
    "discard": (actions.discard_draft, WRITE),
    "publish": (actions.publish_scheme, APPROVE),
    "decline": (actions.decline_scheme, APPROVE),
}


@require_GET
@needs("kpis.view")
def schemes(request: PersonRequest) -> HttpResponse:
    """All versions, the newest first, each with what it changed; drafts for those who write or approve."""
    found = listed(timezone.localdate())
    serving = next(one.version for one in found if one.serving)
    context = {
        "versions": found,
        "serving": serving,
        "definition": definition(serving.as_rules()),
        "drafts": queries.open_drafts(request.user),
        "may_write": _may(request, WRITE),
    }
    return render(request, "kpis/schemes/list.html", context)


@require_GET
@needs("kpis.view")
def scheme(request: PersonRequest, number: int) -> HttpResponse:
    """One version: its definition, and how it differs from another (by default the one before)."""
    version = get_object_or_404(queries.versions(), number=number)
    asked = request.GET.get("with", "")
    others = [one for one in queries.versions() if one.pk != version.pk]
    other = next((one for one in others if str(one.number) == asked), None)
    if other is None:
        other = next((one for one in others if one.number < version.number), None)
    context = {
        "version": version,
        "definition": definition(version.as_rules()),
        "other": other,
        "others": others,
        "changes": differences(other.as_rules(), version.as_rules()) if other else [],
        "draft": queries.drafts(request.user).filter(published=version).first(),
    }
    return render(request, "kpis/schemes/version.html", context)


@require_POST
@needs(WRITE)
def begin_scheme(request: PersonRequest) -> HttpResponse:
    """A new draft that begins as the newest version, or as the address of a what-if says."""
    draft = actions.begin_draft(actor=request.user, scheme=_tried(request))
    return redirect("kpis:scheme_draft", draft.pk)


def _tried(request: PersonRequest) -> Scheme | None:
    period = asked_period(request.GET.get("period", ""))
    base = base_scheme(request.user, request.GET.get("base", ""), period) if period else None
    form = WhatIfForm(request.GET, scheme=base) if base else None
    return form.trial().scheme if form and form.is_valid() else None


@require_http_methods(["GET", "POST"])
@needs("kpis.view")
def scheme_draft(request: PersonRequest, pk: int) -> HttpResponse:
    """A draft: form, what it would change, and the deeds that the reader may do."""
    draft = get_object_or_404(queries.drafts(request.user), pk=pk)
    if request.method == "GET":
        return _page(request, draft, SchemeForm(draft=draft))
    if not _may(request, WRITE):
        raise PermissionDenied
    form = SchemeForm(request.POST, draft=draft)
    if not form.is_valid():
        return _page(request, draft, form, 422)
    try:
        actions.change_draft(
            actor=request.user, draft=draft, version=_version(request), scheme=form.scheme(),
            serves_from=form.cleaned_data["from_period"], reason=form.cleaned_data["reason"],
        )  # fmt: skip
    except ValidationError as error:
        form.take_faults(error.message_dict)
        return _page(request, draft, form, 422)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _page(request, draft, form, refusal.status)
    messages.success(request, _("Saved."))
    return redirect("kpis:scheme_draft", pk)


@require_POST
@needs("kpis.view")
def scheme_deed(request: PersonRequest, pk: int, deed: str) -> HttpResponse:
    """Propose, take back, discard, publish or decline, as the page showed it."""
    draft = get_object_or_404(queries.drafts(request.user), pk=pk)
    if deed not in DEEDS:
        raise Http404
    act, _right = DEEDS[deed]
    more = {"why": request.POST.get("why", "")} if deed == "decline" else {}
    try:
        act(actor=request.user, draft=draft, version=_version(request), **more)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _said(deed))
    return redirect("kpis:scheme_draft", pk)


def _said(deed: str) -> str:
    return {
        "propose": _("Proposed; a second person must approve."),
        "publish": _("Published; cards follow with the next nightly run."),
    }.get(deed, _("Saved."))


def _page(request: PersonRequest, draft: SchemeDraft, form: SchemeForm, status: int = 200) -> HttpResponse:
    states, own = SchemeDraft.State, request.user.pk in (draft.proposed_by_id, draft.edited_by_id)
    waits, writes = draft.state == states.PROPOSED, _may(request, WRITE)
    scheme = draft.as_rules()
    context = {
        "draft": draft,
        "form": form if draft.state == states.DRAFT and writes else None,
        "changes": differences(draft.based_on.as_rules(), scheme),
        "definition": definition(scheme),
        "touched": queries.touched_periods(draft.serves_from) if draft.serves_from else [],
        "without_limits": queries.without_limits(scheme),
        "may_propose": draft.state == states.DRAFT and writes,
        "may_take_back": waits and writes,
        "may_publish": waits and not own and _may(request, APPROVE),
        "own": waits and own,
    }  # fmt: skip
    return render(request, "kpis/schemes/draft.html", context, status=status)


def _may(request: PersonRequest, right: str) -> bool:
    return request.user.may(right) and request.user.scope_for(right).firm


def _version(request: PersonRequest) -> int:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
