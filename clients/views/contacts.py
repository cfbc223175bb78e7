"""The contact points of a client that people keep by hand."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET, require_POST

from clients.actions import contacts as deeds
from clients.forms.contacts import ContactPointForm
from clients.models import Client, ContactPoint
from clients.queries import contacts as queries
from clients.views.record import visible_client
from core.fragments import fragment
from staff.access import PersonRequest, needs


@require_GET
@needs("clients.view")
def panel(request: PersonRequest, client_no: str) -> HttpResponse:
    return _panel(request, visible_client(request, client_no), ContactPointForm())


@require_POST
@needs("clients.edit")
def add(request: PersonRequest, client_no: str) -> HttpResponse:
    client = visible_client(request, client_no)
    form = ContactPointForm(request.POST)
    if form.is_valid():
        try:
            deeds.add_contact_point(actor=request.user, client=client, **form.cleaned_data)
            return _panel(request, client, ContactPointForm())
        except ValidationError as error:
            form.add_error(None, error)
    return _panel(request, client, form, status=422)


@require_POST
@needs("clients.edit")
def prefer(request: PersonRequest, client_no: str, pk: int) -> HttpResponse:
    return _settle(request, client_no, pk, deeds.prefer_contact_point)


@require_POST
@needs("clients.edit")
def end(request: PersonRequest, client_no: str, pk: int) -> HttpResponse:
    return _settle(request, client_no, pk, deeds.end_contact_point)


def _settle(request: PersonRequest, client_no: str, pk: int, deed: Callable[..., Any]) -> HttpResponse:
    client = visible_client(request, client_no)
    point = next((one for one in queries.contact_points(client) if one.pk == pk), None)
    if point is None:
        raise Http404
    deed(actor=request.user, client=client, point=point)
    return _panel(request, client, ContactPointForm())


def _panel(request: PersonRequest, client: Client, form: ContactPointForm, status: int = 200) -> HttpResponse:
    """Empty for readers without sight of identity."""
    points: list[tuple[ContactPoint, str]] = []
    if request.user.scope.identity:
        points = [(point, queries.masked(point)) for point in queries.contact_points(client)]
    context = {
        "client": client,
        "points": points,
        "form": form,
        "may_edit": request.user.may("clients.edit"),
        "may_reveal": request.user.may("clients.reveal"),
    }
    return fragment(request, "clients/contacts.html", context, status)
