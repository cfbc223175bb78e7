"""Panels of the client page: what changed on the record, and who looked at the client."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clients.queries import history as queries
from clients.views.record import visible_client
from core.keyset import paginate
from staff.access import PersonRequest, needs


@require_GET
@needs("clients.view")
def history(request: PersonRequest, client_no: str) -> HttpResponse:
    """Old and new values of every change, newest first; `below` pages back."""
    client = visible_client(request, client_no)
    below = request.GET.get("below", "")
    start = int(below) if below.isdecimal() and len(below) < 19 else None
    found = queries.changes(client, request.user, start, queries.ROWS + 1)
    rows = found[: queries.ROWS]
    context = {
        "client": client,
        "changes": [change for change in rows if change.fields],
        "earlier": rows[-1].number if len(found) > queries.ROWS else None,
        "first": start is None,
    }
    return render(request, "clients/history.html", context)


@require_GET
@needs("clients.looks")
def looks(request: PersonRequest, client_no: str) -> HttpResponse:
    """Who opened the page, revealed a value or exported the client."""
    client = visible_client(request, client_no)
    page = paginate(
        queries.looks(client), ["-at"], size=queries.ROWS, cursor=request.GET.get("cursor", ""), tie=("pk",)
    )
    context = {
        "client": client,
        "looks": [(entry, queries.look_words(entry)) for entry in page.rows],
        "next": page.next,
        "first": "cursor" not in request.GET,
    }
    return render(request, "clients/looks.html", context)
