"""Pages of tiers given by hand: the list with their effect, one of them, and the panel of a client."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.models import Client
from clients.queries import record
from clients.views import visible_client
from core.errors import Refusal
from core.fragments import fragment
from core.page_panels import page_panels
from segmentation import charts
from segmentation.actions import overrides as deeds
from segmentation.forms.overrides import AnswerForm, OverrideForm
from segmentation.lists.overrides import OverrideList, state_badge
from segmentation.models import ModelVersion, OverrideState, TierOverride
from segmentation.queries import overrides, rows
from staff.access import PersonRequest, needs

DEEDS: dict[str, tuple[Callable[..., TierOverride], str]] = {
    "approve": (deeds.approve, "tiers.approve"),
    "decline": (deeds.decline, "tiers.approve"),
    "withdraw": (deeds.withdraw, ""),
}
PAGE = "segmentation.overrides"


@require_GET
@needs("segmentation.view")
def override_list(request: PersonRequest) -> HttpResponse:
    """All of them with filters, and what those in force do to the tiers."""
    night = rows.kept_dates().night
    context: dict[str, Any] = {"states": OverrideState.choices, "panels": page_panels(PAGE, request.user)}
    if night is not None:
        found = overrides.effect(request.user, night)
        rules = (ModelVersion.objects.serving(night) or ModelVersion.objects.first_version()).rules
        context |= {"effect": found, "matrix": charts.override_matrix(found.moves, rules)}
    return OverrideList(request, overrides.listed(request.user)).render(
        "segmentation/overrides/list.html", context
    )


@require_GET
@needs("segmentation.view")
def override(request: PersonRequest, pk: int) -> HttpResponse:
    """One of them, with the deeds that the reader may do."""
    return _page(request, _visible(request, pk), AnswerForm())


@require_POST
@needs("segmentation.view")
def override_deed(request: PersonRequest, pk: int, deed: str) -> HttpResponse:
    """Approve, decline or withdraw, as the page showed it."""
    row = _visible(request, pk)
    if deed not in DEEDS:
        raise Http404
    act, right = DEEDS[deed]
    if right and not request.user.may(right):
        raise PermissionDenied
    form = AnswerForm(request.POST)
    if deed != "approve" and not form.is_valid():
        return _page(request, row, form, 422)
    more = {} if deed == "approve" else {"why": form.cleaned_data["why"]}
    try:
        act(actor=request.user, override=row, version=_number(request.POST.get("version", "")), **more)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved. The next night counts with it."))
    return redirect("segmentation:override", row.pk)


@require_GET
@needs("clients.view")
def client_override(request: PersonRequest, client_no: str) -> HttpResponse:
    """Whether the client's tier is given by hand, why and until when; with a form to propose one."""
    return _panel(request, visible_client(request, client_no), OverrideForm())


@require_POST
@needs("tiers.override")
def propose(request: PersonRequest, client_no: str) -> HttpResponse:
    client = visible_client(request, client_no)
    form = OverrideForm(request.POST)
    if not form.is_valid():
        return _panel(request, client, form, 422)
    try:
        deeds.propose(actor=request.user, client=client, wish=form.wish())
    except ValidationError as error:
        for field, faults in error.message_dict.items():
            form.add_error(field, faults)
        return _panel(request, client, form, 422)
    except Refusal as refusal:
        form.add_error(None, refusal.message)
        return _panel(request, client, form, 409)
    return _panel(request, client, OverrideForm(), saved=True)


def _visible(request: PersonRequest, pk: int) -> TierOverride:
    found = overrides.listed(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _page(request: PersonRequest, row: TierOverride, form: AnswerForm, status: int = 200) -> HttpResponse:
    user, today = request.user, row.standing
    waits = row.state == TierOverride.State.PROPOSED
    open_states = (OverrideState.PROPOSED, OverrideState.COMING, OverrideState.IN_FORCE, OverrideState.ENDING)
    context = {
        "override": row,
        "badge": state_badge(row),
        "name": record.shown_name(row.client, user),
        "answer_form": form,
        "may_approve": waits and user.may("tiers.approve") and row.proposed_by_id != user.pk,
        "own": waits and row.proposed_by_id == user.pk,
        "may_withdraw": today in open_states and (user.may("tiers.override") or user.may("tiers.approve")),
        **_now(row.client),
    }
    return render(request, "segmentation/overrides/page.html", context, status=status)


def _now(client: Client) -> dict[str, Any]:
    """The client's tier tonight and the one that the rules alone would give."""
    try:
        row = rows.row_of(client, None)
    except rows.NoScore:
        return {}
    return {"row": row, "without": overrides.tier_without(row)}


def _panel(
    request: PersonRequest, client: Client, form: OverrideForm, status: int = 200, *, saved: bool = False
) -> HttpResponse:
    found = overrides.of_client(client)
    waits = any(row.state == TierOverride.State.PROPOSED for row in found)
    may = request.user.may("tiers.override") and overrides.may_propose(request.user, client)
    context = {
        "client": client,
        "found": [(row, state_badge(row)) for row in found],
        "form": form if may and not waits and overrides.is_held(client) else None,
        "links": request.user.may("segmentation.view"),
        "saved": saved,
    }
    return fragment(request, "segmentation/overrides/client_panel.html", context, status)
