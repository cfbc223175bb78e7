"""The desk: conversations, one conversation, and what is done with it."""

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.models import Client
from core.registry import conversation_panels
from interactions.actions import desk
from interactions.channels.known import WAYS
from interactions.forms.desk import ClientForm, WrapUpForm, title_of
from interactions.forms.talk import ReplyForm, SnoozeForm, TransferForm, VerifyForm
from interactions.lists.desk import ConversationList
from interactions.models import Conversation, Presence
from interactions.queries.desk import (
    call_of,
    colleagues,
    conversations_of,
    draft_of,
    last_assignment,
    last_check,
    links_of,
    may_be,
    newest_in,
    queues,
    replies_in,
    said_in,
)
from staff.access import PersonRequest, needs
from staff.models import Person


@require_GET
@needs("desk.work")
def conversation_list(request: PersonRequest) -> HttpResponse:
    """All that the reader may see; the page is the sign that the desk is there."""
    desk.seen(actor=request.user)
    presence = Presence.objects.filter(person=request.user).first()
    context = {"presence": presence, "states": Presence.State.choices}
    page = ConversationList(request, conversations_of(request.user))
    return page.render("interactions/desk/list.html", context)


@require_GET
@needs("desk.work")
def conversation(request: PersonRequest, pk: int) -> HttpResponse:
    return shown(request, visible(request, pk))


@require_POST
@needs("desk.work")
def take(request: PersonRequest, pk: int) -> HttpResponse:
    desk.take(actor=request.user, conversation=visible(request, pk))
    return redirect("desk:conversation", pk)


@require_POST
@needs("desk.work")
def name_client(request: PersonRequest, pk: int) -> HttpResponse:
    """Says who it is, by the number of a client in sight."""
    held, form = visible(request, pk), ClientForm(request.POST)
    number = form.cleaned_data["client"].strip().upper() if form.is_valid() else ""
    client = Client.objects.visible_to(request.user).filter(client_no=number).first()
    if client is None:
        messages.error(request, _("There is no client of this number."))
    else:
        desk.name_client(actor=request.user, conversation=held, client=client)
        messages.success(request, _("Noted who it is."))
    return redirect("desk:conversation", pk)


@require_POST
@needs("desk.work")
def wrap_up(request: PersonRequest, pk: int) -> HttpResponse:
    held, form, steps = visible(request, pk), WrapUpForm(request.POST), _steps(request)
    if form.is_valid():
        try:
            desk.wrap_up(actor=request.user, conversation=held, wrap=form.wrap(**steps))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("In the log."))
            return redirect("desk:list")
    return shown(request, held, steps=steps, wrap=form)


def _steps(request: PersonRequest) -> dict[str, Any]:
    """What the checklist beside the form sent along."""
    told = {name: request.POST.get(name, "").replace("\0", "") for name in ("script", "reason")}
    return {**told, "ticked": request.POST.getlist("step")}


@require_GET
@needs("desk.work")
def pop(request: PersonRequest) -> HttpResponse:
    """The screen pop: whose call it is, or may be, with the way to its wrap-up; nothing without a call."""
    call = call_of(request.user)
    if call is None:
        return HttpResponse(status=204)
    found = [call.client] if call.client else may_be(call, request.user)
    return render(request, "interactions/desk/pop.html", {"call": call, "found": found})


@require_POST
@needs("desk.work")
def presence(request: PersonRequest) -> HttpResponse:
    """Whether contacts may be given to the reader now."""
    try:
        desk.set_presence(actor=request.user, state=request.POST.get("state", ""))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    return redirect("desk:list")


def visible(request: PersonRequest, pk: int) -> Conversation:
    """The conversation, or 404 when the reader may not see it."""
    found = conversations_of(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def shown(
    request: PersonRequest, held: Conversation, *, status: int | None = None,
    steps: Mapping[str, Any] | None = None, **forms: Form,
) -> HttpResponse:  # fmt: skip
    """The page of one conversation; forms that were refused come by their names, others are new.

    steps: what was ticked when the wrap-up was refused.
    """
    reader = request.user
    people, units = colleagues(reader), queues()
    way, said = WAYS[held.line.adapter], said_in(held)
    fresh: dict[str, Form] = {
        "wrap": WrapUpForm(first=way.calls), "reply": ReplyForm(initial={"text": draft_of(reader, held)}),
        "transfer": TransferForm(people=people, units=units), "snooze": SnoozeForm(), "verify": VerifyForm(),
    }  # fmt: skip
    mine = held.agent_id == reader.pk and held.state != Conversation.State.CLOSED
    context = {
        "conversation": held, "title": title_of(held), "said": said, "newest": newest_in(said), "mine": mine,
        "can_give": reader.may("desk.assign"),
        "candidates": may_be(held, reader) if held.client_id is None else [],
        "call": way.calls, "writes": mine and way.carrier is not None and held.contact_id is not None,
        "files": held.line.adapter == held.line.Adapter.EMAIL, "links": links_of(held, reader),
        "check": last_check(held), "replies": replies_in(held, reader) if mine else [],
        "steps": steps or {}, "panels": panels_of(held, reader, "page"),
        "wrap_panels": panels_of(held, reader, "wrap_up") if mine else [],
        "given": last_assignment(held), **{f"{name}_form": form for name, form in (fresh | forms).items()},
    }  # fmt: skip
    refused = any(form.errors for form in forms.values())
    page = "interactions/desk/conversation.html"
    return render(request, page, context, status=status or (422 if refused else 200))


def panels_of(held: Conversation, reader: Person, place: str) -> list[tuple[str, str]]:
    """Key and address of the pieces that modules put there and the reader may see."""
    shown = (panel for panel in conversation_panels() if panel.place == place and reader.may(panel.right))
    return [(panel.key, reverse(panel.url_name, args=[held.pk])) for panel in shown]
