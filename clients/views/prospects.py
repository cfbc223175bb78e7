"""Pages of prospects: the list with its figures, a new one, the piece on the client page, matches."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.actions import conversion
from clients.actions import prospects as deeds
from clients.forms.prospects import OriginForm, ProspectForm, ReasonForm, StageForm
from clients.lists.prospects import ProspectList
from clients.models import Client, Prospect, ProspectMatch
from clients.queries import prospects as queries
from clients.views.record import visible_client
from core.errors import Conflict
from staff.access import PersonRequest, needs


@require_GET
@needs(queries.RIGHT)
def prospect_list(request: PersonRequest) -> HttpResponse:
    """The list, with counts by stage and the shares that became clients."""
    listing = ProspectList(request, queries.listed(request.user))
    if request.headers.get("HX-Target") == listing.body_id:
        return listing.render("clients/prospects.html")
    context = {
        "stages": queries.stage_counts(request.user),
        "stage": request.GET.get("stage", ""),
        "by_source": queries.rates_by_source(request.user),
        "by_owner": queries.rates_by_owner(request.user),
        "doubtful": queries.open_matches(request.user).count(),
    }
    return listing.render("clients/prospects.html", context)


@require_http_methods(["GET", "POST"])
@needs(queries.RIGHT)
def new(request: PersonRequest) -> HttpResponse:
    """Enters one; look-alikes and doubts are shown first and ask for a second word."""
    form = ProspectForm(request.POST or None, person=request.user)
    if request.method == "POST" and form.is_valid() and not form.needs_a_second_word:
        prospect = _entered(request, form)
        if prospect is not None:
            messages.success(request, _("Prospect %(no)s is entered.") % {"no": prospect.client.client_no})
            return redirect("clients:detail", prospect.client.client_no)
    asks = form.is_bound and not form.errors and form.needs_a_second_word
    context = {"form": form, "asks": asks, "crumbs": _crumbs(_("New prospect"))}
    failed = asks or bool(form.errors)
    return render(request, "clients/prospect_new.html", context, status=422 if failed else 200)


@require_GET
@needs("clients.view")
def panel(request: PersonRequest, client_no: str) -> HttpResponse:
    """On the page of a prospect, or of the client that it became; empty for all others."""
    return _panel(request, visible_client(request, client_no))


@require_POST
@needs(queries.RIGHT)
def move(request: PersonRequest, client_no: str) -> HttpResponse:
    """To another stage by one click; lost asks for a reason."""
    client = visible_client(request, client_no)
    prospect, form, refusal = _prospect(request, client), StageForm(request.POST), ""
    if form.is_valid():
        given = form.cleaned_data
        refusal = _tried(lambda: deeds.move_prospect(actor=request.user, prospect=prospect, **given))
    return _panel(request, client, refusal)


@require_http_methods(["GET", "POST"])
@needs(queries.RIGHT)
def edit(request: PersonRequest, client_no: str) -> HttpResponse:
    """Source, who recommended, the next step."""
    client = visible_client(request, client_no)
    prospect = _prospect(request, client)
    form = OriginForm(request.POST or None, person=request.user, initial=_origin_of(prospect))
    if request.method == "POST" and form.is_valid():
        deeds.edit_prospect(
            actor=request.user,
            prospect=prospect,
            origin=form.origin(),
            next_step_on=form.cleaned_data["next_step_on"],
        )
        return redirect("clients:detail", client_no)
    context = {"form": form, "client": client, "crumbs": _crumbs(client.client_no)}
    return render(request, "clients/prospect_edit.html", context, status=422 if form.errors else 200)


@require_POST
@needs(queries.RIGHT)
def undo_conversion(request: PersonRequest, client_no: str) -> HttpResponse:
    """Takes prospect and account apart again."""
    client = visible_client(request, client_no)
    prospect, form, refusal = _prospect(request, client), ReasonForm(request.POST), _("Say why.")
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        refusal = _tried(
            lambda: conversion.undo_conversion(actor=request.user, prospect=prospect, reason=reason)
        )
    return _panel(request, client, refusal)


@require_GET
@needs(queries.RIGHT)
def matches(request: PersonRequest) -> HttpResponse:
    """Accounts that may be a prospect's but not beyond doubt."""
    context = {
        "matches": queries.open_matches(request.user)[:200],
        "crumbs": _crumbs(_("Matches to confirm")),
    }
    return render(request, "clients/prospect_matches.html", context)


@require_POST
@needs(queries.RIGHT)
def decide(request: PersonRequest, pk: int) -> HttpResponse:
    """`answer` yes joins prospect and account; no remembers that they are two."""
    match = ProspectMatch.objects.visible_to(request.user).filter(pk=pk).first()
    if match is None:
        raise Http404
    deed: Any = conversion.confirm_match if request.POST.get("answer") == "yes" else conversion.reject_match
    refusal = _tried(lambda: deed(actor=request.user, match=match))
    if refusal:
        messages.error(request, refusal)
    return redirect("prospects:matches")


def _entered(request: PersonRequest, form: ProspectForm) -> Prospect | None:
    given = form.cleaned_data
    try:
        return deeds.enter_prospect(
            actor=request.user,
            branch=given["branch"],
            manager_no=given["manager_no"],
            values=form.values(),
            origin=form.origin(),
            next_step_on=given["next_step_on"],
        )
    except Conflict as refusal:
        form.add_error("branch", refusal.message)
    except ValidationError as error:
        form.add_error(None, error)
    return None


def _panel(request: PersonRequest, client: Client, refusal: str = "") -> HttpResponse:
    prospect = queries.prospect_of(client)
    context = {
        "client": client,
        "prospect": prospect,
        "steps": prospect.steps.order_by("-pk")[:10] if prospect else [],
        "referrer": queries.referrer_of(prospect.client) if prospect else None,
        "moves": queries.MOVES,
        "may_edit": request.user.may(queries.RIGHT),
        "refusal": refusal,
    }
    return render(request, "clients/prospect_panel.html", context, status=409 if refusal else 200)


def _prospect(request: PersonRequest, client: Client) -> Prospect:
    """404 where the client is none and never was."""
    prospect = queries.prospect_of(client)
    if prospect is None or not Prospect.objects.visible_to(request.user).filter(pk=prospect.pk).exists():
        raise Http404
    return prospect


def _origin_of(prospect: Prospect) -> dict[str, Any]:
    referrer = queries.referrer_of(prospect.client)
    names = ("source", "source_detail", "next_step_on")
    return {name: getattr(prospect, name) for name in names} | {
        "referred_by": referrer.client_no if referrer else ""
    }


def _tried(do: Any) -> str:
    """What the deed refused with; empty when it was done."""
    try:
        do()
    except Conflict as refusal:
        return refusal.message
    return ""


def _crumbs(last: str) -> list[tuple[str, str]]:
    return [(_("Prospects"), reverse("prospects:list")), (last, "")]
