"""Pages of the interaction log: the list, the quick log on the client page, corrections."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clients.models import Client
from clients.views import visible_client
from interactions.actions import log as actions
from interactions.forms.log import CorrectionForm, QuickLogForm
from interactions.lists.log import InteractionList
from interactions.queries import log as queries
from interactions.quicklog import TEMPLATES
from staff.access import PersonRequest, needs


@require_GET
@needs("interactions.view")
def interaction_list(request: PersonRequest) -> HttpResponse:
    return InteractionList(request, queries.log_of(request.user)).render("interactions/list.html")


@require_http_methods(["GET", "POST"])
@needs("interactions.log")
def quick_log(request: PersonRequest, client_no: str) -> HttpResponse:
    """The one-line log of a client; answers with the empty form again, and the timeline renews itself."""
    client = visible_client(request, client_no)
    form = QuickLogForm(request.POST or None)
    if request.method == "POST" and form.is_valid() and _log(request, client, form):
        response = _quick_log_form(request, client, QuickLogForm(), saved=True)
        response["HX-Trigger"] = "timeline-changed"
        return response
    return _quick_log_form(request, client, form)


@require_http_methods(["GET", "POST"])
@needs("interactions.correct")
def correct(request: PersonRequest, pk: int) -> HttpResponse:
    """Supersedes an entry by a corrected one."""
    original = queries.log_of(request.user).filter(pk=pk).first()
    if original is None:
        raise Http404
    form = CorrectionForm(request.POST or None, original=original)
    client = original.client
    back = reverse("clients:detail", args=[client.client_no]) if client else reverse("interactions:list")
    if request.method == "POST" and form.is_valid():
        try:
            actions.correct_interaction(actor=request.user, original=original, entry=form.entry())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Corrected; the earlier wording stays on record."))
            return redirect(back)
    context = {"form": form, "original": original, "back": back}
    return render(request, "interactions/correct.html", context)


def _log(request: PersonRequest, client: Client, form: QuickLogForm) -> bool:
    try:
        actions.log_interaction(actor=request.user, client=client, entry=form.entry(), agent=request.user)
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


def _quick_log_form(
    request: PersonRequest, client: Client, form: QuickLogForm, *, saved: bool = False
) -> HttpResponse:
    choices = [form["category"], form["outcome"]]
    context = {"client": client, "form": form, "choices": choices, "saved": saved, "templates": TEMPLATES}
    context["writes"] = request.user.may("desk.work")
    return render(request, "interactions/quick_log.html", context, status=422 if form.errors else 200)
