"""Pages of the client record: list, and the 360 page with its panels."""

from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_GET

from clients.actions import viewing
from clients.in_place import edits_of
from clients.lists.clients import ClientList, flag_words, stage_word
from clients.models import Client
from clients.queries import merging
from clients.queries import record as queries
from clients.slots import slots
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
    try:
        client = visible_client(request, client_no)
    except Http404:  # a merged record's page is its survivor's
        if survivor := merging.survivor_no(request.user, client_no):
            return redirect("clients:detail", survivor)
        raise
    viewing.note_view(actor=request.user, client=client)
    context = {
        "client": client,
        "standing": getattr(client, "standing", None),
        "name": queries.shown_name(client, request.user),
        "profile": queries.profile(client, request.user),
        "panels": slots(client, request.user),
        "tags": queries.tag_names(client),
        "warnings": queries.warnings(client, timezone.localdate()),
        "flags": flag_words(client),
        "stage": stage_word(client),
        "joined": [record.client_no for record in client.merged_records],
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
