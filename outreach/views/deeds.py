"""Deeds on a task by htmx, each answered with a toast that takes it back; and by plain forms without it."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from core.fragments import fragment
from core.toasts import toast, trigger
from outreach.actions import beside, changing
from outreach.forms.tasks import AssignForm, CommentForm, MoveForm, StepsForm
from outreach.models import Task, TaskChange
from outreach.queries.tasks import later_by
from outreach.views.tasks import detail_context, visible_task
from staff.access import PersonRequest, needs

CHANGED = "tasks-changed"
Deed = Callable[[PersonRequest, Task], tuple[TaskChange | None, str]]


def _done(request: PersonRequest, task: Task) -> tuple[TaskChange | None, str]:
    return changing.finish(actor=request.user, task=task), _("Done: %(title)s")


def _reopened(request: PersonRequest, task: Task) -> tuple[TaskChange | None, str]:
    return changing.reopen(actor=request.user, task=task), _("Open again: %(title)s")


def _cancelled(request: PersonRequest, task: Task) -> tuple[TaskChange | None, str]:
    return changing.cancel(actor=request.user, task=task), _("Cancelled: %(title)s")


def _taken(request: PersonRequest, task: Task) -> tuple[TaskChange | None, str]:
    return changing.assign(actor=request.user, task=task, assignee=request.user), _("Yours now: %(title)s")


def _snoozed(request: PersonRequest, task: Task) -> tuple[TaskChange | None, str]:
    until = _later(request.POST.get("until", ""))
    return changing.snooze(actor=request.user, task=task, until=until), _("Snoozed: %(title)s")


def _moved(request: PersonRequest, task: Task) -> tuple[TaskChange | None, str]:
    form = _valid(MoveForm(request.POST))
    given = form.cleaned_data
    return changing.move(actor=request.user, task=task, **given), _("Moved: %(title)s")


def _assigned(request: PersonRequest, task: Task) -> tuple[TaskChange | None, str]:
    form = _valid(AssignForm(request.POST, user=request.user, task=task))
    chosen = form.cleaned_data["assignee"]
    return changing.assign(actor=request.user, task=task, assignee=chosen), _("Given on: %(title)s")


DEEDS: dict[str, Deed] = {
    "done": _done, "reopen": _reopened, "cancel": _cancelled, "take": _taken, "snooze": _snoozed,
    "move": _moved, "assign": _assigned,
}  # fmt: skip


@require_POST
@needs("tasks.work")
def deed(request: PersonRequest, pk: int, name: str) -> HttpResponse:
    """One deed by its name; the toast offers to take it back."""
    task = visible_task(request, pk)
    if name not in DEEDS:
        raise Http404
    try:
        change, words = DEEDS[name](request, task)
    except ValidationError as error:
        return toast(HttpResponse(status=422), " ".join(error.messages), level="error")
    undo = reverse("tasks:undo", args=[task.pk, change.version]) if change else ""
    return _answer(request, task, words % {"title": task.words}, undo)


@require_POST
@needs("tasks.work")
def undo(request: PersonRequest, pk: int, version: int) -> HttpResponse:
    """Takes back the deed that made this version."""
    task = visible_task(request, pk)
    changing.take_back(actor=request.user, change=get_object_or_404(task.changes, version=version))
    return _answer(request, task, _("Taken back: %(title)s") % {"title": task.words}, "")


@require_POST
@needs("tasks.work")
def comment(request: PersonRequest, pk: int) -> HttpResponse:
    task, form = visible_task(request, pk), CommentForm(request.POST)
    if form.is_valid():
        beside.comment(actor=request.user, task=task, text=form.cleaned_data["text"])
        form = CommentForm()
    return _body(request, task, comment_form=form)


@require_POST
@needs("tasks.work")
def tick(request: PersonRequest, pk: int, position: int) -> HttpResponse:
    """A check box of the checklist, as it now stands."""
    task = visible_task(request, pk)
    if beside.tick(actor=request.user, task=task, position=position, done="done" in request.POST) is None:
        raise Http404
    return _body(request, task)


@require_POST
@needs("tasks.work")
def add_step(request: PersonRequest, pk: int) -> HttpResponse:
    task, form = visible_task(request, pk), StepsForm(request.POST)
    if form.is_valid():
        try:
            beside.add_steps(actor=request.user, task=task, words=[form.cleaned_data["words"]])
            form = StepsForm()
        except ValidationError as error:
            form.add_error("words", error.messages)
    return _body(request, task, step_form=form)


def _answer(request: PersonRequest, task: Task, words: str, undo_url: str) -> HttpResponse:
    """To htmx a toast and the word that tasks changed; else the task's page."""
    if not request.headers.get("HX-Request"):
        return redirect("tasks:detail", task.pk)
    response = trigger(HttpResponse(status=204), CHANGED)
    return toast(response, words, undo=undo_url)


def _body(request: PersonRequest, task: Task, **forms: Any) -> HttpResponse:
    """What hangs on the task, with the form that could not be read."""
    context = detail_context(request, task) | forms
    status = 422 if any(form.errors for form in forms.values()) else 200
    return fragment(request, "outreach/tasks/hangs.html", context, status)


def _valid(form: Any) -> Any:
    if not form.is_valid():
        raise ValidationError([words for errors in form.errors.values() for words in errors])
    return form


def _later(key: str) -> datetime:
    for name, _words, until in later_by(timezone.now()):
        if name == key:
            return until
    raise ValidationError(_("Say until when."))
