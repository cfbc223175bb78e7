"""Pages of ownership: the client page's tab, a hand-over of one client, and of all of a leaving manager."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.actions import ownership as deeds
from clients.bulk.ownership import HAND_OVER
from clients.forms.ownership import LeavingForm, OneHandOverForm
from clients.models import Client, Handover
from clients.queries import ownership as queries
from clients.views.record import visible_client
from core.bulk import choosing, working
from core.errors import Conflict
from core.registry import list_sources
from staff.access import PersonRequest, needs


@require_GET
@needs("clients.view")
def panel(request: PersonRequest, client_no: str) -> HttpResponse:
    """Who had the client when, by feeds and hand-overs."""
    return _panel(request, visible_client(request, client_no))


@require_http_methods(["GET", "POST"])
@needs(queries.RIGHT)
def hand_over(request: PersonRequest, client_no: str) -> HttpResponse:
    """One client to a new owner."""
    client = visible_client(request, client_no)
    if not queries.in_reach(request.user).filter(pk=client.pk).exists():
        raise PermissionDenied
    initial = {"branch": client.branch.code}
    form = OneHandOverForm(request.POST or None, person=request.user, initial=initial)
    if request.method == "POST" and form.is_valid() and _handed_over(request, client, form):
        return redirect("clients:detail", client.client_no)
    context = {"form": form, "client": client, "crumbs": _crumbs(client)}
    return render(request, "clients/handover.html", context, status=422 if form.errors else 200)


@require_POST
@needs(queries.RIGHT)
def cancel(request: PersonRequest, client_no: str, pk: int) -> HttpResponse:
    """Takes a hand-over back that is still to come or began this month."""
    client = visible_client(request, client_no)
    handover = get_object_or_404(Handover.objects.visible_to(request.user), pk=pk, client=client)
    try:
        deeds.cancel_handover(actor=request.user, handover=handover)
    except Conflict as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The hand-over is taken back."))
    if request.headers.get("HX-Request"):
        return _panel(request, visible_client(request, client_no))
    return redirect("clients:detail", client_no)


@require_http_methods(["GET", "POST"])
@needs(queries.RIGHT)
def leaving(request: PersonRequest) -> HttpResponse:
    """All clients and prospects of a manager to one new manager, or shared evenly among several."""
    manager_no = request.GET.get("manager", "").strip().upper()
    clients = queries.leaving(request.user, manager_no)
    held = queries.held_by(clients) if manager_no else None
    form, shares = None, []
    if held and held.clients:
        form = _leaving_form(request, manager_no)
        if form.is_bound and form.is_valid():
            if "start" in request.POST:
                return _start(request, clients, form)
            shares = queries.shares(clients, form.cleaned_data["managers"] or [""])
    context = {
        "manager_no": manager_no,
        "manager_name": queries.manager_name(manager_no),
        "held": held,
        "form": form,
        "shares": shares,
        "crumbs": [(_("Clients"), reverse("clients:list")), (_("Hand over"), "")],
    }
    status = 422 if form and form.errors else 200
    return render(request, "clients/handover_leaving.html", context, status=status)


def _panel(request: PersonRequest, client: Client) -> HttpResponse:
    may_hand_over = request.user.may(queries.RIGHT)
    context = {
        "client": client,
        "lines": queries.ownership_history(client),
        "may_hand_over": may_hand_over and queries.in_reach(request.user).filter(pk=client.pk).exists(),
    }
    return render(request, "clients/ownership.html", context)


def _handed_over(request: PersonRequest, client: Client, form: OneHandOverForm) -> bool:
    given = form.cleaned_data
    try:
        deeds.hand_over(
            actor=request.user,
            client=client,
            owner=form.owners()[0],
            from_date=given["from_date"],
            reason=given["reason"],
        )
    except Conflict as refusal:
        form.add_error(None, refusal.message)
        return False
    messages.success(request, _("Handed over %(what)s.") % {"what": form.summary()})
    return True


def _start(request: PersonRequest, clients: Any, form: LeavingForm) -> HttpResponse:
    """The bulk deed over just these clients; its page shows how far it is, and takes it back."""
    source = list_sources()["clients"]
    ids = list(clients.order_by("pk").values_list("pk", flat=True))
    run = choosing.choose(actor=request.user, source=source, deed=HAND_OVER, ids=ids)
    working.start(actor=request.user, run=run, deed=HAND_OVER, form=form)
    return redirect("bulk:run", run.pk)


def _leaving_form(request: PersonRequest, manager_no: str) -> LeavingForm:
    """Begins with the branch where most of the manager's clients are."""
    home = queries.home_branch(request.user, manager_no)
    initial = {"branch": home.code if home else None}
    return LeavingForm(request.POST or None, person=request.user, manager_no=manager_no, initial=initial)


def _crumbs(client: Client) -> list[tuple[str, str]]:
    return [
        (_("Clients"), reverse("clients:list")),
        (client.client_no, reverse("clients:detail", args=[client.client_no])),
        (_("Hand over"), ""),
    ]
