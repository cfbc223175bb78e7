"""Canned replies: one's own, and those a unit shares."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from core.errors import Refusal
from interactions.actions import replies as deeds
from interactions.forms.replies import NewReplyForm, ReplyForm, reply_initial
from interactions.lists.replies import ReplyList
from interactions.models import CannedReply
from interactions.queries import replies as queries
from staff.access import PersonRequest, needs


@require_GET
@needs("desk.work")
def replies(request: PersonRequest) -> HttpResponse:
    return ReplyList(request, queries.replies_of(request.user)).render("interactions/settings/replies.html")


@require_http_methods(["GET", "POST"])
@needs("desk.work")
def reply_new(request: PersonRequest) -> HttpResponse:
    form = NewReplyForm(request.POST or None, units=queries.units_shared_by(request.user))
    if request.method == "POST" and form.is_valid():
        try:
            deeds.add_reply(actor=request.user, reply=form.told(), unit=form.cleaned_data["unit"])
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_settings:replies")
    return _shown(request, form, None)


@require_http_methods(["GET", "POST"])
@needs("desk.work")
def reply(request: PersonRequest, pk: int) -> HttpResponse:
    """One reply, to be read; with the form for whoever may change it."""
    held = get_object_or_404(queries.replies_of(request.user, retired=request.method == "POST"), pk=pk)
    if request.method == "GET":
        return _shown(request, ReplyForm(initial=reply_initial(held)), held)
    form = ReplyForm(_changeable(request, held))
    if form.is_valid():
        try:
            deeds.change_reply(actor=request.user, reply=held, told=form.told())
        except ValidationError as error:
            form.add_error(None, error)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return _shown(request, form, held, refusal.status)
        else:
            messages.success(request, _("Saved."))
            return redirect("desk_settings:replies")
    return _shown(request, form, held)


@require_POST
@needs("desk.work")
def reply_retire(request: PersonRequest, pk: int) -> HttpResponse:
    held = get_object_or_404(queries.replies_of(request.user, retired=True), pk=pk)
    _changeable(request, held)
    try:
        deeds.retire_reply(actor=request.user, reply=held)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("/%(code)s is offered no more.") % {"code": held.code})
    return redirect("desk_settings:replies")


def _changeable(request: PersonRequest, held: CannedReply) -> Any:
    """What was sent, for a reply the reader may change."""
    if not queries.may_change(request.user, held):
        raise PermissionDenied
    return request.POST


def _shown(
    request: PersonRequest, form: ReplyForm, held: CannedReply | None, status: int = 422
) -> HttpResponse:
    changeable = held is None or queries.may_change(request.user, held)
    context = {"form": form, "reply": held, "changeable": changeable}
    page = "interactions/settings/reply.html"
    return render(request, page, context, status=status if form.errors else 200)
