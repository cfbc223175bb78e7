"""Pages of the client record: list, and the 360 page with its panels."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clients.actions import viewing
from clients.in_place import edits_of
from clients.lists import ClientList, flag_words, stage_word
from clients.models import Client
from clients.queries import merging
from clients.queries import record as queries
from core.registry import client_panels
from staff.access import PersonRequest, needs


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
    if survivor := merging.survivor_no(request.user, client_no):
        return redirect("clients:detail", survivor)
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
        "joined": merging.joined_numbers(client),
        "edits": edits_of(client, request.user),
        "can_reveal": request.user.may("clients.reveal"),
        "can_log": request.user.may("interactions.log"),
    }
    return render(request, "clients/detail.html", context)


@require_GET
@needs("clients.view")
def accounts(request: PersonRequest, client_no: str) -> HttpResponse:
    client = visible_client(request, client_no)
    return render(
        request, "clients/accounts.html", {"client": client, "accounts": queries.accounts_of(client)}
    )


def _panels(request: PersonRequest, client: Client) -> dict[str, list[dict[str, Any]]]:
    """The modules' panels by slot, with the address each is loaded from."""
    slots: dict[str, list[dict[str, Any]]] = {"header": [], "left": [], "tabs": [], "right": []}
    for panel in client_panels():
        if request.user.may(panel.right):
            url = reverse(panel.url_name, args=[client.client_no])
            slots[panel.slot].append({"key": panel.key, "title": _(panel.title), "url": url})
    return slots
