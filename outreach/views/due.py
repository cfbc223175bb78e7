"""Worklists, the entry with all that can be done about it, and the client page's next due contacts."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.views.record import visible_client
from core.fragments import fragment
from core.toasts import toast, trigger
from interactions.models import Channel
from outreach.actions import due as deeds
from outreach.forms.due import CloseForm, ContactForm, PutOffForm, later
from outreach.lists.due import DueContactList, deed_content
from outreach.models import DueContact, DueList
from outreach.queries import due
from outreach.queries.service import tier_in_force
from staff.access import PersonRequest, needs


@require_GET
@needs("tasks.view")
def worklist(request: PersonRequest) -> HttpResponse:
    return DueContactList(request, due.listed(request.user)).render(
        "outreach/due/list.html", {"kinds": DueList.choices}
    )


@require_GET
@needs("tasks.view")
def client_panel(request: PersonRequest, client_no: str) -> HttpResponse:
    """The client's next due contacts: why, what to do, until when."""
    client = visible_client(request, client_no)
    advice = due.suggestions()
    rows = [(row, due.reason(row), advice.get(row.list, "")) for row in due.of_client(request.user, client)]
    return fragment(request, "outreach/due/client_panel.html", {"client": client, "rows": rows})


@require_GET
@needs("tasks.view")
def entry(request: PersonRequest, pk: int) -> HttpResponse:
    """Why, what to do and until when, with the log and the other deeds; in a dialog or as a page."""
    return _entry(request, _visible(request, pk))


@require_POST
@needs("interactions.log")
def log(request: PersonRequest, pk: int) -> HttpResponse:
    """Logs the contact; the entry closes itself unless the client was not reached."""
    row, form = _visible(request, pk), ContactForm(request.POST)
    if not form.is_valid():
        return _entry(request, row, {"contact_form": form}, 422)
    try:
        closed = deeds.log_contact(actor=request.user, entry=row, told=form.entry())
    except ValidationError as error:
        form.add_error(None, error.messages)
        return _entry(request, row, {"contact_form": form}, 422)
    words = _("Logged and done: %(client)s") if closed else _("Logged; it still waits: %(client)s")
    return _done(request, row, words)


@require_POST
@needs("tasks.work")
def put_off(request: PersonRequest, pk: int) -> HttpResponse:
    row, form = _visible(request, pk), PutOffForm(request.POST)
    if not form.is_valid():
        return _entry(request, row, {"put_off_form": form}, 422)
    try:
        taken = deeds.put_off(actor=request.user, ids=[row.pk], until=form.cleaned_data["until"])
    except ValidationError as error:
        form.add_error("until", error.messages)
        return _entry(request, row, {"put_off_form": form}, 422)
    return _done(
        request, row, _("Put off: %(client)s") if taken else _("It is over already: %(client)s"), taken
    )


@require_POST
@needs("tasks.work")
def close(request: PersonRequest, pk: int) -> HttpResponse:
    """Closes it without a contact, with a reason."""
    row, form = _visible(request, pk), CloseForm(request.POST)
    if not form.is_valid():
        return _entry(request, row, {"close_form": form}, 422)
    taken = deeds.close(actor=request.user, ids=[row.pk], why=form.cleaned_data["why"])
    return _done(
        request, row, _("Closed: %(client)s") if taken else _("It is over already: %(client)s"), taken
    )


@require_POST
@needs("tasks.work")
def task(request: PersonRequest, pk: int) -> HttpResponse:
    """A task of one's own out of it, in one click; the entry waits on."""
    row = _visible(request, pk)
    given = deeds.give_task(actor=request.user, entry=row)
    if not request.headers.get("HX-Request"):
        return redirect("tasks:detail", given.pk)
    response = trigger(trigger(HttpResponse(status=204), "tasks-changed"), "dialog-done")
    undo = reverse("tasks:quick_undo", args=[given.pk])
    return toast(response, _("Written down: %(title)s") % {"title": given.words}, undo=undo)


@require_POST
@needs("tasks.work")
def reopen(request: PersonRequest, pk: int, version: int) -> HttpResponse:
    """What was put off or closed by hand waits again."""
    row = _visible(request, pk)
    deeds.reopen(actor=request.user, entry=row, version=version)
    return _done(request, row, _("It waits again: %(client)s"))


def _visible(request: PersonRequest, pk: int) -> DueContact:
    found = due.listed(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _entry(
    request: PersonRequest, row: DueContact, forms: Mapping[str, Any] | None = None, status: int = 200
) -> HttpResponse:
    plan = tier_in_force(row.tier)
    context = {
        "entry": row,
        "reason": due.reason(row),
        "advice": due.suggestions().get(row.list, ""),
        "plan": plan,
        "in_dialog": bool(request.headers.get("HX-Request")),
        "later": later(),
        "contact_form": ContactForm(way=plan.channels[0] if plan else Channel.PHONE),
        "put_off_form": PutOffForm(),
        "close_form": CloseForm(),
        "may_log": request.user.may("interactions.log"),
        "may_work": request.user.may("tasks.work"),
        "writes": request.user.may("desk.work"),
        **(forms or {}),
    }
    if context["in_dialog"]:
        return fragment(request, "outreach/due/entry.html", context, status)
    return render(request, "outreach/due/entry_page.html", context, status=status)


def _done(
    request: PersonRequest, row: DueContact, words: str, taken: Mapping[int, Any] | None = None
) -> HttpResponse:
    """To htmx the row's cell as it now stands and a toast that takes the deed back; else the entry's page."""
    if not request.headers.get("HX-Request"):
        return redirect("worklists:entry", row.pk)
    row.refresh_from_db()
    response = fragment(request, "outreach/due/done.html", {"entry": row, "cell": deed_content(row)})
    undo = reverse("worklists:reopen", args=[row.pk, row.version]) if taken else ""
    for event in ("dialog-done", "due-changed"):
        trigger(response, event)
    return toast(response, words % {"client": row.client.name}, undo=undo)
