"""The people around a client: list, picture, adding and ending."""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from clients import charts
from clients.actions import relations as deeds
from clients.forms.relations import RelationForm
from clients.models import Client
from clients.queries.relations import Around, referred_count
from clients.views.record import visible_client
from core.errors import Conflict
from core.fragments import fragment
from staff.access import PersonRequest, needs


@require_GET
@needs("clients.view")
def panel(request: PersonRequest, client_no: str) -> HttpResponse:
    return _panel(request, visible_client(request, client_no), RelationForm(request.user))


@require_POST
@needs("clients.edit")
def add(request: PersonRequest, client_no: str) -> HttpResponse:
    client = visible_client(request, client_no)
    form = RelationForm(request.user, request.POST)
    if form.is_valid():
        try:
            deeds.add_relation(actor=request.user, client=client, **form.relation())
            return _panel(request, client, RelationForm(request.user))
        except ValidationError as error:
            form.add_error(None, error)
        except Conflict as refusal:
            form.add_error(None, refusal.message)
    return _panel(request, client, form, status=422)


@require_POST
@needs("clients.edit")
def end(request: PersonRequest, client_no: str, pk: int) -> HttpResponse:
    """Ends a relation today, or on the day it begins where that is still to come."""
    client = visible_client(request, client_no)
    row = next((row for row in Around(client, request.user).rows if row.pk == pk), None)
    if row is None:
        raise Http404
    today = max(timezone.localdate(), row.from_date)
    deeds.end_relation(actor=request.user, client=client, relation=row, to_date=today)
    return _panel(request, client, RelationForm(request.user))


def _panel(request: PersonRequest, client: Client, form: RelationForm, status: int = 200) -> HttpResponse:
    around = Around(client, request.user)
    context = {
        "client": client,
        "lines": [line for line in around.lines if not line.is_over],
        "past": [line for line in around.lines if line.is_over],
        "picture": charts.people(around),
        "referred": referred_count(client, request.user),
        "form": form,
        "may_edit": request.user.may("clients.edit"),
        "may_reveal": request.user.may("clients.reveal"),
    }
    return fragment(request, "clients/relations.html", context, status)
