"""Messages to clients: write one, and look what became of all."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clients.models import Client
from core.errors import Refusal
from core.files.forms import uploads
from interactions.actions import deliveries
from interactions.forms.talk import WriteForm
from interactions.lists.deliveries import DeliveryList
from interactions.queries.desk import deliveries_of, lines_out
from staff.access import PersonRequest, needs


@require_GET
@needs("desk.work")
def delivery_list(request: PersonRequest) -> HttpResponse:
    return DeliveryList(request, deliveries_of(request.user)).render("interactions/desk/deliveries.html")


@require_http_methods(["GET", "POST"])
@needs("desk.work")
def write(request: PersonRequest, client_no: str) -> HttpResponse:
    """Begins a conversation with a client in sight."""
    client = Client.objects.visible_to(request.user).select_related("standing", "branch")
    found = client.filter(client_no=client_no).first()
    if found is None:
        raise Http404
    told = (request.POST, request.FILES) if request.method == "POST" else ()
    form = WriteForm(*told, lines=lines_out())
    if request.method == "POST" and form.is_valid():
        pk = _written(request, found, form)
        if pk is not None:
            return redirect("desk:conversation", pk)
    context: dict[str, Any] = {"client": found, "form": form}
    return render(request, "interactions/desk/write.html", context, status=422 if form.errors else 200)


def _written(request: PersonRequest, client: Client, form: WriteForm) -> int | None:
    told = form.cleaned_data
    try:
        sent = deliveries.write(
            actor=request.user, client=client, line=told["line"], text=told["text"], subject=told["subject"],
            purpose=told["purpose"], uploads=uploads(form),
        )  # fmt: skip
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None
    except Refusal as error:
        form.add_error(None, error.message)
        return None
    messages.success(request, _("On its way."))
    assert sent.message is not None  # it began a conversation
    return sent.message.conversation_id
