"""What quality inspection looks at: one entry of the log with its words and recordings."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clients.models import Client
from interactions.models import Conversation
from interactions.queries.desk import said_in
from interactions.queries.samples import entry_for
from staff.access import PersonRequest, needs


@require_GET
@needs("interactions.view")
def inspected(request: PersonRequest, pk: int) -> HttpResponse:
    """A piece of the inspection's page; 404 for entries neither in sight nor to be inspected.

    An agent may serve clients of other units: then who it was stays hidden.
    """
    entry = entry_for(request.user, pk)
    if entry is None:
        raise Http404
    known = Client.objects.visible_to(request.user).filter(pk=entry.client_id).first()
    talk = Conversation.objects.visible_to(request.user).filter(entry=entry).first()
    context = {
        "entry": entry, "client": known, "said": said_in(talk) if talk else [],
        "recordings": talk.recordings.order_by("started_at") if talk else [],
    }  # fmt: skip
    return render(request, "interactions/inspected.html", context)
