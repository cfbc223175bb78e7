"""The masked value on the client page, the question what it is wanted for, and the value for a minute."""

from typing import Any

from django.http import Http404, HttpResponse
from django.views.decorators.http import require_GET, require_http_methods

from clients.actions import reveal as deeds
from clients.forms.reveal import RevealForm
from clients.models import Client
from clients.queries import reveal as queries
from clients.views import visible_client
from core.fragments import fragment
from staff.access import PersonRequest, needs

SHOWN_FOR = 60  # seconds


@require_http_methods(["GET", "POST"])
@needs("clients.reveal")
def reveal(request: PersonRequest, client_no: str, field: str) -> HttpResponse:
    """GET asks for the purpose, POST answers with the value; both in the value's own place."""
    client = visible_client(request, client_no)
    context = _place(client, field)
    form = RevealForm(request.POST or None, auto_id=f"id_{field}_%s")
    if request.method == "POST" and form.is_valid():
        try:
            plain = deeds.reveal(actor=request.user, client=client, field=field, **form.cleaned_data)
        except deeds.TooManyReveals as refusal:
            return fragment(request, "clients/reveal.html", context | {"refused": refusal.message}, 429)
        return fragment(request, "clients/reveal.html", context | {"plain": plain, "seconds": SHOWN_FOR})
    return fragment(
        request, "clients/reveal.html", context | {"form": form}, status=422 if form.errors else 200
    )


@require_GET
@needs("clients.view")
def masked(request: PersonRequest, client_no: str, field: str) -> HttpResponse:
    """The value as it stands on the page: masked."""
    client = visible_client(request, client_no)
    if not request.user.scope.identity:
        raise Http404
    return fragment(request, "clients/reveal.html", _place(client, field) | {"may": _may(request)})


def _may(request: PersonRequest) -> bool:
    return request.user.may("clients.reveal")


def _place(client: Client, field: str) -> dict[str, Any]:
    found = queries.sealed_value(client, field)
    if found is None:
        raise Http404
    return {
        "client": client,
        "field": field,
        "label": found.label,
        "masked": queries.masked_value(client, field),
    }
