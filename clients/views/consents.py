"""The consents of a client: matrix, history, recording, and the switch that stops every contact."""

from django.http import HttpResponse
from django.views.decorators.http import require_GET, require_POST

from clients.actions import consents as deeds
from clients.forms.consents import ConsentForm, ContactStopForm
from clients.models import Client, Consent
from clients.queries import consents as queries
from clients.views.record import visible_client
from core.errors import Conflict
from core.fragments import fragment
from staff.access import PersonRequest, needs

HISTORY_ROWS = 50


@require_GET
@needs("clients.view")
def panel(request: PersonRequest, client_no: str) -> HttpResponse:
    return _panel(request, visible_client(request, client_no), ConsentForm(), ContactStopForm())


@require_POST
@needs("clients.edit")
def record(request: PersonRequest, client_no: str) -> HttpResponse:
    """Records what the client said."""
    client = visible_client(request, client_no)
    form = ConsentForm(request.POST)
    if not form.is_valid():
        return _panel(request, client, form, ContactStopForm(), status=422)
    deeds.record_consents(actor=request.user, client=client, **form.cleaned_data)
    return _panel(request, client, ConsentForm(), ContactStopForm(), saved=True)


@require_POST
@needs("clients.edit")
def stop(request: PersonRequest, client_no: str) -> HttpResponse:
    """Stops every contact, or lifts that."""
    client = visible_client(request, client_no)
    form = ContactStopForm(request.POST)
    if form.is_valid():
        try:
            deeds.set_contact_stop(actor=request.user, client=client, **form.cleaned_data)
            return _panel(request, client, ConsentForm(), ContactStopForm(), saved=True)
        except Conflict as refusal:
            form.add_error(None, refusal.message)
    return _panel(request, client, ConsentForm(), form, status=422)


def _panel(
    request: PersonRequest,
    client: Client,
    form: ConsentForm,
    stop_form: ContactStopForm,
    *,
    status: int = 200,
    saved: bool = False,
) -> HttpResponse:
    words = dict(Consent.Channel.choices)
    context = {
        "client": client,
        "purposes": Consent.Purpose.labels,
        "rows": [(words[row[0].channel], row) for row in queries.matrix(client)],
        "stop": queries.stop_in_force(client),
        "history": queries.history(client)[:HISTORY_ROWS],
        "form": form,
        "stop_form": stop_form,
        "may_edit": request.user.may("clients.edit"),
        "saved": saved,
    }
    return fragment(request, "clients/consents.html", context, status)
