"""API clients, for administrators: what other systems may do, and where."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from staff.access import PersonRequest, needs
from staff.clients import create_api_client, remove_api_client
from staff.forms import NewApiClient
from staff.models import ApiClient, Unit


@sensitive_variables("made")
@require_http_methods(["GET", "POST"])
@needs("api_clients.manage")
def api_clients(request: PersonRequest) -> HttpResponse:
    """All clients, and a form for a new one, whose secret is shown once."""
    form, made = NewApiClient(request.POST or None, units=Unit.objects.visible_to(request.user)), None
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        codes = [unit.code for unit in given["units"]]
        made = create_api_client(
            actor=request.user, name=given["name"], scopes=given["scopes"], unit_codes=codes
        )
        form = NewApiClient(units=Unit.objects.visible_to(request.user))
    rows = ApiClient.objects.prefetch_related("units").order_by("name", "pk")
    return render(request, "staff/api_clients.html", {"rows": rows, "form": form, "made": made})


@require_POST
@needs("api_clients.manage")
def api_client_remove(request: PersonRequest, pk: int) -> HttpResponse:
    client = get_object_or_404(ApiClient, pk=pk)
    remove_api_client(actor=request.user, client=client)
    messages.success(request, _("%(name)s is removed; its tokens no longer work.") % {"name": client.name})
    return redirect("staff:api_clients")
