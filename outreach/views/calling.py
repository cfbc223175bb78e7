"""Calling one client back after the other."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from core import formats
from core.errors import Refusal
from core.fragments import fragment
from outreach import questions
from outreach.actions import callbacks as deeds
from outreach.forms.callbacks import CallForm, initial_of
from outreach.models import Callback, CallbackKind
from outreach.queries import callbacks as queries
from outreach.views.session import add_errors, session_context
from staff.access import PersonRequest, needs


@require_POST
@needs("callbacks.work")
def take_next(request: PersonRequest) -> HttpResponse:
    """On to the next client."""
    return _next(request, request.POST.get("kind", ""))


@require_POST
@needs("callbacks.work")
def take(request: PersonRequest, pk: int) -> HttpResponse:
    """This client, out of the order."""
    row = _visible(request, pk)
    try:
        deeds.take(actor=request.user, callback=row)
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect(row)


@require_POST
@needs("callbacks.work")
def put_back(request: PersonRequest, pk: int) -> HttpResponse:
    try:
        deeds.put_back(actor=request.user, callback=_visible(request, pk))
    except Refusal as refusal:
        messages.error(request, refusal.message)
    return redirect("callbacks:overview")


@require_POST
@needs("callbacks.work")
def draft(request: PersonRequest, pk: int) -> HttpResponse:
    """Keeps what is typed so far."""
    row = _visible(request, pk)
    form = CallForm(request.POST, programme=row.programme)
    try:
        deeds.keep_draft(
            actor=request.user, callback=row, answers=form.answers(), note=request.POST.get("note", "")
        )
    except Refusal as refusal:
        return fragment(request, "outreach/session/draft.html", {"refused": refusal.message}, refusal.status)
    now = formats.moment(timezone.now()).rpartition(" ")[2]
    return fragment(request, "outreach/session/draft.html", {"kept_at": now})


@require_http_methods(["GET", "POST"])
@needs("callbacks.view")
def call(request: PersonRequest, pk: int) -> HttpResponse:
    """What is asked, or was answered; POST tells how the call went."""
    row = _visible(request, pk)
    if request.method == "GET":
        typed = initial_of(*queries.opened(row))
        return _page(request, row, CallForm(initial=typed, programme=row.programme))
    if not request.user.may("callbacks.work"):
        raise PermissionDenied
    form = CallForm(request.POST, programme=row.programme)
    if not form.is_valid():
        return _page(request, row, form, 422)
    try:
        deeds.settle(actor=request.user, callback=row, told=form.told())
    except ValidationError as error:
        add_errors(form, error)
        return _page(request, row, form, 422)
    except Refusal as refusal:
        messages.error(request, refusal.message)
        return redirect(row)
    messages.success(request, _("Saved: %(client)s") % {"client": row.client.name})
    return _next(request, request.POST.get("kind", ""))


def _next(request: PersonRequest, kind: str) -> HttpResponse:
    row = deeds.take_next(actor=request.user, kind=kind)
    if row is None:
        messages.info(request, _("Nobody is to be called at the moment."))
        return redirect("callbacks:overview")
    wanted = f"?kind={kind}" if kind in CallbackKind.values else ""
    return redirect(f"{row.get_absolute_url()}{wanted}")


def _visible(request: PersonRequest, pk: int) -> Callback:
    return get_object_or_404(queries.listed(request.user).select_related("client__standing", "case"), pk=pk)


def _page(request: PersonRequest, row: Callback, form: CallForm, status: int = 200) -> HttpResponse:
    works, now = request.user.may("callbacks.work"), timezone.now()
    mine = works and row.is_open and row.caller_id == request.user.pk
    kind = request.POST.get("kind") or request.GET.get("kind", "")
    context = session_context(request, row.client) | {
        "callback": row, "form": form, "mine": mine, "kind": kind,
        "asked": [_asked(one, field) for one, field in form.asked()] if mine else [],
        "answered": [] if mine else _answered(row), "note": queries.opened(row)[1],
        "save_url": row.get_absolute_url(), "draft_url": reverse("callbacks:draft", args=[row.pk]),
        "back_url": reverse("callbacks:back", args=[row.pk]), "calls": row.calls.select_related("caller"),
        "why_not": queries.hindrance(row, request.user, now) if works and not mine else "", "works": works,
    }  # fmt: skip
    if mine:
        context |= {"left": queries.count_free(request.user), "today": queries.made_today(request.user)}
    return render(request, "outreach/callbacks/call.html", context, status=status)


def _asked(one: dict[str, Any], field: Any) -> dict[str, Any]:
    """A question as the page shows it: its choices, and which of them are exceptions."""
    given = field.value() or ""
    choices = [
        (value, words, value == given, questions.is_exception(one, value))
        for value, words in questions.choices_of(one)
    ]
    return {"field": field, "choices": choices, "required": one["required"], "value": given}


def _answered(row: Callback) -> list[tuple[str, str, bool]]:
    answers, _note = queries.opened(row)
    return [
        (questions.words_of(one), questions.spoken(one, given), questions.is_exception(one, given))
        for one in row.programme.questions if (given := answers.get(one["key"], ""))
    ]  # fmt: skip
