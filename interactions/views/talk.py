"""Within one conversation: its words, an answer, a note, a draft, who looks at it, who speaks, its files."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from core import audit
from core.errors import Refusal
from core.files.forms import uploads
from core.files.serving import download
from interactions.actions import beside, deliveries, desk, handing
from interactions.forms.talk import NoteForm, ReplyForm, SnoozeForm, TransferForm, VerifyForm
from interactions.models import Attachment, ContactLink
from interactions.queries.desk import colleagues, newest_in, queues, said_in
from interactions.views.desk import shown, visible
from staff.access import PersonRequest, needs


@require_GET
@needs("desk.work")
def said(request: PersonRequest, pk: int) -> HttpResponse:
    """What was written, anew."""
    held = visible(request, pk)
    words = said_in(held)
    context = {"conversation": held, "said": words, "newest": newest_in(words)}
    return render(request, "interactions/desk/said.html", context)


@require_POST
@needs("desk.work")
def reply(request: PersonRequest, pk: int) -> HttpResponse:
    """What was typed stays when it cannot go."""
    held, form = visible(request, pk), ReplyForm(request.POST, request.FILES)
    if form.is_valid():
        told: dict[str, Any] = {"text": form.cleaned_data["text"], "seen": form.cleaned_data["seen"]}
        try:
            deliveries.reply(actor=request.user, conversation=held, uploads=uploads(form), **told)
        except ValidationError as error:
            form.add_error(None, error.messages)
        except Refusal as error:
            form.add_error(None, error.message)
            return shown(request, held, reply=form, status=error.status)
        else:
            return redirect("desk:conversation", pk)
    return shown(request, held, reply=form)


@require_POST
@needs("desk.work")
def note(request: PersonRequest, pk: int) -> HttpResponse:
    held, form = visible(request, pk), NoteForm(request.POST)
    if form.is_valid():
        beside.add_note(actor=request.user, conversation=held, text=form.cleaned_data["text"])
    else:
        messages.error(request, _("A note has 1 to %(most)s characters.") % {"most": beside.LONGEST_NOTE})
    return redirect("desk:conversation", pk)


@require_POST
@needs("desk.work")
def draft(request: PersonRequest, pk: int) -> HttpResponse:
    """Kept while it is typed."""
    beside.save_draft(
        actor=request.user, conversation=visible(request, pk), text=request.POST.get("text", "")
    )
    return HttpResponse(status=204)


@require_POST
@needs("desk.work")
def look(request: PersonRequest, pk: int) -> HttpResponse:
    """The page's sign of life; answers with who else has it open."""
    desk.seen(actor=request.user)
    others = beside.look(actor=request.user, conversation=visible(request, pk))
    return render(request, "interactions/desk/lookers.html", {"others": others})


@require_POST
@needs("desk.work")
def transfer(request: PersonRequest, pk: int) -> HttpResponse:
    held = visible(request, pk)
    form = TransferForm(request.POST, people=colleagues(request.user), units=queues())
    if not form.is_valid():
        return shown(request, held, transfer=form)
    try:
        handing.transfer(
            actor=request.user, conversation=held, to=form.whom(), unit=form.where(),
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
    except ValidationError as error:
        form.add_error(None, error.messages)
        return shown(request, held, transfer=form)
    messages.success(request, _("Passed on."))
    return redirect("desk:list")


@require_POST
@needs("desk.assign")
def give(request: PersonRequest, pk: int) -> HttpResponse:
    held = visible(request, pk)
    form = TransferForm(request.POST, people=colleagues(request.user), units=[])
    whom = form.whom() if form.is_valid() else None
    if whom is None:
        messages.error(request, _("Name the person or the unit it goes to."))
        return redirect("desk:conversation", pk)
    try:
        handing.give(actor=request.user, conversation=held, to=whom, reason=form.cleaned_data["reason"])
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Given to %(who)s.") % {"who": whom.name})
    return redirect("desk:conversation", pk)


@require_POST
@needs("desk.work")
def snooze(request: PersonRequest, pk: int) -> HttpResponse:
    held, form = visible(request, pk), SnoozeForm(request.POST)
    if form.is_valid():
        try:
            handing.snooze(actor=request.user, conversation=held, until=form.until())
        except ValidationError as error:
            form.add_error("at", error.messages)
        else:
            messages.success(request, _("Put aside."))
            return redirect("desk:list")
    return shown(request, held, snooze=form)


@require_POST
@needs("desk.work")
def verify(request: PersonRequest, pk: int) -> HttpResponse:
    held, form = visible(request, pk), VerifyForm(request.POST)
    if not form.is_valid():
        return shown(request, held, verify=form)
    told = form.cleaned_data
    beside.verify(
        actor=request.user, conversation=held, method=told["method"], passed=told["passed"] == "1",
        note=told["note"],
    )  # fmt: skip
    messages.success(request, _("The check is on record."))
    return redirect("desk:conversation", pk)


@require_POST
@needs("desk.work")
def unlink(request: PersonRequest, pk: int, link: int) -> HttpResponse:
    """Takes back that this contact is a client."""
    held = visible(request, pk)
    found = ContactLink.objects.visible_to(request.user).filter(pk=link, contact_id=held.contact_id).first()
    if found is None:
        raise Http404
    desk.end_link(actor=request.user, link=found)
    messages.success(request, _("It is no longer taken for this client."))
    return redirect("desk:conversation", pk)


@require_GET
@needs("desk.work")
def attachment(request: PersonRequest, key: UUID) -> HttpResponse:
    """A file that passed the scan, to be saved; that it was opened is on record."""
    found = Attachment.objects.filter(key=key, state=Attachment.State.CLEAN).first()
    if found is None:
        raise Http404
    held = visible(request, found.conversation_id)
    answer = download(found)
    audit.record(
        actor=request.user, deed="attachment.opened", subject_type="attachment", subject_id=found.pk,
        unit_code=held.unit.code, client_id=held.client_id,
    )  # fmt: skip
    return answer
