"""Pages of the client record: list, and the 360 page with its panels."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _lazy
from django.views.decorators.http import require_GET

from clients.actions import viewing
from clients.lists import ClientList, flag_words, stage_word
from clients.models import Client
from clients.queries import record as queries
from core.registry import Place, client_panels
from staff.access import PersonRequest, needs

TIMELINE_ROWS = 30
TIMELINE_KINDS = [("interaction", _lazy("Contacts")), ("value", _lazy("Value")), ("record", _lazy("Record"))]


def visible_client(request: PersonRequest, client_no: str) -> Client:
    """The client, or 404 when the reader may not see it."""
    client = queries.listed(request.user).filter(client_no=client_no).first()
    if client is None:
        raise Http404
    return client


@require_GET
@needs("clients.view")
def client_list(request: PersonRequest) -> HttpResponse:
    return ClientList(request, queries.listed(request.user)).render("clients/list.html")


@require_GET
@needs("clients.view")
def client_detail(request: PersonRequest, client_no: str) -> HttpResponse:
    """The 360 page; that it was looked at is on record."""
    client = visible_client(request, client_no)
    viewing.note_view(actor=request.user, client=client)
    context = {
        "client": client,
        "standing": getattr(client, "standing", None),
        "name": queries.shown_name(client, request.user),
        "profile": queries.profile(client, request.user),
        "panels": _panels(request, client),
        "warnings": queries.warnings(client, timezone.localdate()),
        "flags": flag_words(client),
        "stage": stage_word(client),
        "kind_choices": TIMELINE_KINDS,
        "can_log": request.user.may("interactions.log"),
    }
    return render(request, "clients/detail.html", context)


@require_GET
@needs("clients.view")
def timeline(request: PersonRequest, client_no: str) -> HttpResponse:
    """The timeline panel; `below` pages back, `kind` narrows."""
    client = visible_client(request, client_no)
    kinds = set(request.GET.getlist("kind")) - {""}
    items = queries.timeline(client, request.user, _below(request), kinds, TIMELINE_ROWS + 1)
    context = {
        "client": client,
        "items": items[:TIMELINE_ROWS],
        "earlier": _address_of(items[TIMELINE_ROWS - 1].place) if len(items) > TIMELINE_ROWS else "",
        "first": "below" not in request.GET,
    }
    return render(request, "clients/timeline.html", context)


@require_GET
@needs("clients.view")
def accounts(request: PersonRequest, client_no: str) -> HttpResponse:
    client = visible_client(request, client_no)
    return render(
        request, "clients/accounts.html", {"client": client, "accounts": queries.accounts_of(client)}
    )


@require_GET
@needs("clients.view")
def ownership(request: PersonRequest, client_no: str) -> HttpResponse:
    client = visible_client(request, client_no)
    return render(
        request, "clients/ownership.html", {"client": client, "lines": queries.ownership_history(client)}
    )


def _below(request: PersonRequest) -> Place:
    """The place that `below` names; now when it names none."""
    moment, _comma, key = request.GET.get("below", "").partition(",")
    source, _colon, number = key.partition(":")
    try:
        at = datetime.fromisoformat(moment)
        return Place(at if timezone.is_aware(at) else timezone.make_aware(at), source, int(number or 0))
    except ValueError:
        return Place(timezone.now())


def _address_of(place: Place) -> str:
    return f"{place.at.isoformat()},{place.source}:{place.number}"


def _panels(request: PersonRequest, client: Client) -> dict[str, list[dict[str, Any]]]:
    """The modules' panels by slot, with the address each is loaded from."""
    slots: dict[str, list[dict[str, Any]]] = {"header": [], "left": [], "tabs": [], "right": []}
    for panel in client_panels():
        if request.user.may(panel.right):
            url = reverse(panel.url_name, args=[client.client_no])
            slots[panel.slot].append({"key": panel.key, "title": _(panel.title), "url": url})
    return slots
