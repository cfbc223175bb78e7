"""Lines to the outside and their parked events, for whoever manages channels; no client data."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from interactions.actions import lines as deeds
from interactions.actions.line_settings import PASSWORDS
from interactions.actions.parked import try_parked
from interactions.forms.lines import LineForm, NewLine
from interactions.lists.lines import LineList, ParkedList, event_path
from interactions.models import Line
from interactions.queries import lines as queries
from staff.access import PersonRequest, needs
from staff.models import Unit

MOST_AT_ONCE = 200  # as many as a page shows
LONGEST_NUMBER = 18  # digits


@require_GET
@needs("channels.manage")
def lines(request: PersonRequest) -> HttpResponse:
    rows = queries.with_events(queries.lines_of(request.user))
    return LineList(request, rows).render("interactions/settings/lines.html")


@sensitive_variables("secrets")
@never_cache
@require_http_methods(["GET", "POST"])
@needs("channels.manage")
def line_new(request: PersonRequest) -> HttpResponse:
    """Opens a line; the answer shows its secrets, this once."""
    form = NewLine(request.POST if request.method == "POST" else None, units=_units(request))
    if form.is_valid():
        given = dict(form.cleaned_data)
        receiver = given.pop("receiver").strip()
        secrets = deeds.random_secrets(given["adapter"])
        if receiver and deeds.RECEIVER in secrets:
            secrets[deeds.RECEIVER] = receiver
        try:
            made = deeds.open_line(actor=request.user, secrets=secrets, **given)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return _shown(request, made, secrets=secrets)
    page = "interactions/settings/line_new.html"
    return render(request, page, {"form": form}, status=422 if form.errors else 200)


@sensitive_post_parameters(*PASSWORDS)
@require_http_methods(["GET", "POST"])
@needs("channels.manage")
def line(request: PersonRequest, pk: int) -> HttpResponse:
    """One line: where it listens, its state and its settings."""
    held = _visible(request, pk)
    if request.method == "GET":
        return _shown(request, held)
    form = LineForm(request.POST, line=held, units=_units(request))
    if form.is_valid():
        try:
            deeds.change_settings(actor=request.user, line=held, **form.told())
        except ValidationError as error:
            form.add_error(None, error)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return _shown(request, held, form, status=refusal.status)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_settings:line", held.pk)
    return _shown(request, held, form, status=422)


@sensitive_variables("secrets")
@never_cache
@require_POST
@needs("channels.manage")
def line_renew(request: PersonRequest, pk: int) -> HttpResponse:
    """Other secrets; the answer shows them, this once."""
    held = _visible(request, pk)
    secrets = deeds.renewed_secrets(held.adapter)
    try:
        changed = deeds.renew_secrets(
            actor=request.user, line=held, secrets=secrets, version=_version(request)
        )
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect("desk_settings:line", pk)
    return _shown(request, changed, secrets=secrets)


@require_POST
@needs("channels.manage")
def line_switch(request: PersonRequest, pk: int) -> HttpResponse:
    held, active = _visible(request, pk), request.POST.get("active") == "1"
    try:
        deeds.switch_line(actor=request.user, line=held, active=active, version=_version(request))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("Saved."))
    return redirect("desk_settings:line", pk)


@require_GET
@needs("channels.manage")
def parked(request: PersonRequest) -> HttpResponse:
    return ParkedList(request, queries.parked_of(request.user)).render("interactions/settings/parked.html")


@require_POST
@needs("channels.manage")
def parked_again(request: PersonRequest) -> HttpResponse:
    """Tries again the one event of the pressed button, or all that the page showed."""
    chosen = request.POST.getlist("only") or request.POST.getlist("event")
    numbers = [_number(one) for one in chosen[:MOST_AT_ONCE]]
    outcome = try_parked(actor=request.user, events=queries.parked_of(request.user).filter(pk__in=numbers))
    told = {"worked": outcome.worked, "failed": outcome.failed}
    if outcome.failed or not outcome.worked:
        messages.error(request, _("In effect now: %(worked)s. Failed again: %(failed)s.") % told)
    else:
        messages.success(request, _("In effect now: %(worked)s.") % told)
    return redirect("desk_settings:parked")


def _visible(request: PersonRequest, pk: int) -> Line:
    return get_object_or_404(queries.with_events(queries.lines_of(request.user)), pk=pk)


def _units(request: PersonRequest) -> QuerySet[Unit]:
    return Unit.objects.visible_to(request.user).filter(closed_on=None)


def _version(request: PersonRequest) -> int:
    return _number(request.POST.get("version", ""))


def _number(words: str) -> int:
    """0 for what is no number of a row."""
    sound = words.isascii() and words.isdigit() and len(words) <= LONGEST_NUMBER
    return int(words) if sound else 0


def _shown(
    request: PersonRequest,
    held: Line,
    form: LineForm | None = None,
    *,
    secrets: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {
        "line": held, "form": form or LineForm(line=held, units=_units(request)), "secrets": secrets,
        "address": request.build_absolute_uri(event_path(held)),
    }  # fmt: skip
    return render(request, "interactions/settings/line.html", context, status=status)
