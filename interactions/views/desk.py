"""The desk: conversations, one conversation, and what is done with it."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from clients.models import Client
from interactions.actions import desk
from interactions.forms.desk import ClientForm, WrapUpForm, title_of
from interactions.lists.desk import ConversationList
from interactions.models import Conversation, Presence
from interactions.queries.desk import call_of, conversations_of, may_be, messages_of
from staff.access import PersonRequest, needs


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
    return _shown(request, _visible(request, pk), WrapUpForm())


@require_POST
@needs("desk.work")
def take(request: PersonRequest, pk: int) -> HttpResponse:
    desk.take(actor=request.user, conversation=_visible(request, pk))
    return redirect("desk:conversation", pk)


@require_POST
@needs("desk.work")
def name_client(request: PersonRequest, pk: int) -> HttpResponse:
    """Says who it is, by the number of a client in sight."""
    held, form = _visible(request, pk), ClientForm(request.POST)
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
    held, form = _visible(request, pk), WrapUpForm(request.POST)
    if form.is_valid():
        try:
            desk.wrap_up(actor=request.user, conversation=held, wrap=form.wrap())
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("In the log."))
            return redirect("desk:list")
    return _shown(request, held, form)


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


def _visible(request: PersonRequest, pk: int) -> Conversation:
    found = conversations_of(request.user).filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def _shown(request: PersonRequest, held: Conversation, form: WrapUpForm) -> HttpResponse:
    context = {
        "conversation": held, "title": title_of(held), "form": form, "said": messages_of(held),
        "candidates": may_be(held, request.user) if held.client_id is None else [],
        "mine": held.agent_id == request.user.pk and held.state != Conversation.State.CLOSED,
    }  # fmt: skip
    return render(request, "interactions/desk/conversation.html", context, status=422 if form.errors else 200)
