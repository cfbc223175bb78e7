"""Editing the client record in place."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.views.decorators.http import require_http_methods

from clients.actions import editing as deeds
from clients.forms.editing import FieldForm
from clients.in_place import Edit, edit_of
from clients.models import Client
from clients.queries import editing as queries
from clients.views import visible_client
from core.editing import EditConflict
from core.fragments import fragment
from staff.access import PersonRequest, needs

TEMPLATE = "components/inline_edit.html"


@require_http_methods(["GET", "POST"])
@needs("clients.edit")
def edit(request: PersonRequest, client_no: str, field: str) -> HttpResponse:
    """GET gives the field's form (with `shown` the value again), POST saves, or shows both values (409)."""
    client = visible_client(request, client_no)
    if field not in queries.editable(client):
        raise Http404
    place = edit_of(client, field, request.user)
    if "shown" in request.GET:
        return fragment(request, TEMPLATE, {"edit": place})
    place.form = _form(request, client, field, place.label)
    if request.method == "POST" and place.form.is_valid():
        return _save(request, client, place)
    return fragment(request, TEMPLATE, {"edit": place}, 422 if place.form.errors else 200)


def _form(request: PersonRequest, client: Client, field: str, label: str) -> FieldForm:
    start = {
        "value": queries.plain_value(client, field),
        "version": client.version,
        "seen": queries.marks(client)[field],
    }
    return FieldForm(field, label, request.POST or None, initial=start, auto_id=f"id_{field}_%s")


def _save(request: PersonRequest, client: Client, place: Edit) -> HttpResponse:
    assert place.form is not None
    told = place.form.cleaned_data
    values, seen = {place.name: told["value"]}, {place.name: told["seen"]}
    try:
        client = deeds.edit_client(
            actor=request.user, client=client, values=values, version=told["version"], seen=seen
        )
    except EditConflict as conflict:
        return _both(request, place, values, conflict)
    except ValidationError as error:
        place.form.add_error("value", error.messages)
        return fragment(request, TEMPLATE, {"edit": place}, 422)
    return fragment(request, TEMPLATE, {"edit": edit_of(client, place.name, request.user)})


def _both(
    request: PersonRequest, place: Edit, values: dict[str, Any], conflict: EditConflict
) -> HttpResponse:
    """Both values side by side; the form keeps what was typed, and knows now what it would write over."""
    current = conflict.current
    assert isinstance(current, Client)
    place.side = queries.sides(current, values, [place.name])[0]
    place.typed = request.POST.get("value", "")
    place.version, place.seen = current.version, queries.marks(current)[place.name]
    return fragment(request, TEMPLATE, {"edit": place}, 409)
