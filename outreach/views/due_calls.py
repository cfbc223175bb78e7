"""Calling the clients of a worklist, one entry after the other."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from interactions.models import Interaction
from knowledge.models import ScriptVersion
from knowledge.queries.scripts import parents_of, script_for
from outreach.actions import due as deeds
from outreach.forms.due import CATEGORY, CallForm
from outreach.models import DueContact, DueState
from outreach.queries import due
from outreach.queries.service import tier_in_force
from outreach.views.session import add_errors, session_context
from staff.access import PersonRequest, needs

OUTCOMES = (
    Interaction.Outcome.INFORMED, Interaction.Outcome.FOLLOW_UP, Interaction.Outcome.RESOLVED,
    Interaction.Outcome.NOT_REACHED,
)  # fmt: skip


@require_http_methods(["GET", "POST"])
@needs("interactions.log")
def call(request: PersonRequest, pk: int) -> HttpResponse:
    """Why the client is called, what to offer, and how the call went; its result closes the entry."""
    row = _visible(request, pk)
    form = CallForm(request.POST or None)
    if request.method == "GET" or not form.is_valid():
        return _page(request, row, form)
    try:
        closed = deeds.log_contact(actor=request.user, entry=row, told=form.entry())
    except ValidationError as error:
        add_errors(form, error)
        return _page(request, row, form)
    words = _("Logged and done: %(client)s") if closed else _("Logged; it still waits: %(client)s")
    messages.success(request, words % {"client": row.client.name})
    return _on(request, row)


def _on(request: PersonRequest, row: DueContact) -> HttpResponse:
    """To the next entry of the list, or back to the list after the last."""
    following = due.next_after(request.user, row)
    if following is not None:
        return redirect("worklists:call", following.pk)
    messages.info(request, _("That was the last one due."))
    return redirect("worklists:list")


def _visible(request: PersonRequest, pk: int) -> DueContact:
    rows = due.listed(request.user).select_related("client__branch", "client__standing")
    found = rows.filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _page(request: PersonRequest, row: DueContact, form: CallForm) -> HttpResponse:
    mine = row.state != DueState.DONE
    context = session_context(request, row.client) | {
        "entry": row, "form": form, "mine": mine, "reason": due.reason(row),
        "advice": due.suggestions().get(row.list, ""), "plan": tier_in_force(row.tier),
        "found": _script(row), "outcomes": [(one.value, one.label) for one in OUTCOMES],
        "save_url": request.path, "draft_key": f"due-call-{row.pk}",
        "left": due.count_left(request.user, row) if mine else None,
    }  # fmt: skip
    return render(request, "outreach/due/call.html", context, status=422 if form.errors else 200)


def _script(row: DueContact) -> ScriptVersion | None:
    """The approved script for such calls to clients of this tier."""
    return script_for(category=CATEGORY, parents=parents_of(CATEGORY), tier=row.tier, channel="phone")
