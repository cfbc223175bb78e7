"""The timeline of the client page: its filters, and one page of what happened."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.http import require_GET

from clients.forms.timeline import TimelineForm
from clients.queries import timeline as queries
from clients.views.record import visible_client
from core.registry import Place
from staff.access import PersonRequest, needs

ROWS = 30
LIST = "timeline-list"


@require_GET
@needs("clients.view")
def timeline(request: PersonRequest, client_no: str) -> HttpResponse:
    """The filters with the newest items; `below` and a changed filter answer with items only."""
    client = visible_client(request, client_no)
    form = TimelineForm(request.GET, queries.choices(client, request.user))
    below = _place(request.GET.get("below", "")) or form.top
    items = queries.timeline(client, request.user, below, form.wanted, ROWS + 1)
    context = {
        "client": client,
        "form": form,
        "items": items[:ROWS],
        "earlier": _earlier(request, items[ROWS - 1].place) if len(items) > ROWS else "",
        "first": "below" not in request.GET,
        "narrowed": form.has_changed(),
    }
    part = "below" in request.GET or request.headers.get("HX-Target") == LIST
    response = render(request, f"clients/timeline{'_items' if part else ''}.html", context)
    patch_vary_headers(response, ("HX-Target",))
    return response


def _place(address: str) -> Place | None:
    """The place that `below` names; None when it names none."""
    moment, _comma, key = address.partition(",")
    source, _colon, number = key.partition(":")
    try:
        at = datetime.fromisoformat(moment)
        return Place(at if timezone.is_aware(at) else timezone.make_aware(at), source, int(number or 0))
    except ValueError:
        return None


def _earlier(request: PersonRequest, place: Place) -> str:
    """The query of the next page: the same filters, below the last item shown."""
    query = request.GET.copy()
    query["below"] = f"{place.at.isoformat()},{place.source}:{place.number}"
    return query.urlencode()
