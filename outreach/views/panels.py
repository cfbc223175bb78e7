"""Pieces of other pages: the client page's next steps, the start page's own tasks, the line that T opens."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from clients.models import Client
from clients.views.record import visible_client
from core.fragments import fragment
from core.toasts import toast, trigger
from outreach.actions.changing import cancel
from outreach.actions.tasks import give_task
from outreach.forms.tasks import QuickForm
from outreach.models import Task
from outreach.queries import tasks as queries
from outreach.queries.plans import running_of
from outreach.views.tasks import visible_task
from staff.access import PersonRequest, needs


@require_GET
@needs("tasks.view")
def client_panel(request: PersonRequest, client_no: str) -> HttpResponse:
    """The client's next steps, with a line for another one."""
    return _client_panel(request, visible_client(request, client_no), QuickForm())


@require_POST
@needs("tasks.work")
def client_add(request: PersonRequest, client_no: str) -> HttpResponse:
    """A task for the client in one line: it is one's own."""
    client = visible_client(request, client_no)
    form = QuickForm(request.POST)
    task = _give(request, form, client)
    response = _client_panel(request, client, QuickForm() if task else form, 200 if task else 422)
    return _told(response, task)


@require_http_methods(["GET", "POST"])
@needs("tasks.work")
def quick(request: PersonRequest) -> HttpResponse:
    """The line that T opens on any page: a task for oneself."""
    form = QuickForm(request.POST or None)
    task = _give(request, form, None) if request.method == "POST" else None
    shown = QuickForm() if task else form
    status = 422 if request.method == "POST" and task is None else 200
    response = fragment(request, "outreach/tasks/quick.html", {"form": shown, "given": task}, status)
    return _told(response, task)


@require_POST
@needs("tasks.work")
def quick_undo(request: PersonRequest, pk: int) -> HttpResponse:
    """Takes a task back that was just written."""
    task = visible_task(request, pk)
    cancel(actor=request.user, task=task, version=1)
    response = trigger(HttpResponse(status=204), "tasks-changed")
    return toast(response, _("Taken back: %(title)s") % {"title": task.words})


@require_GET
@needs("tasks.view")
def home(request: PersonRequest) -> HttpResponse:
    """The start page's own tasks: overdue, due today, and what waits in the queue."""
    own = queries.mine(request.user)
    now = timezone.now()
    sections = [
        (
            "overdue",
            pgettext("task", "Overdue"),
            _first(queries.overdue(own, now)),
            "whose=mine&when=overdue",
        ),
        ("today", _("Due today"), _first(queries.due_today(own, now)), "whose=mine&when=today"),
        ("queue", _("Waiting in a queue"), _first(queries.waiting(request.user)), "whose=queue&state=open"),
    ]
    context = {"sections": sections, "more": queries.HOME_ROWS, "may_work": request.user.may("tasks.work")}
    return fragment(request, "outreach/tasks/home.html", context)


def _first(tasks: Any) -> list[Task]:
    return list(tasks.order_by("due_at", "id")[: queries.HOME_ROWS])


def _give(request: PersonRequest, form: QuickForm, client: Client | None) -> Task | None:
    if not form.is_valid():
        return None
    try:
        return give_task(
            actor=request.user, title=form.cleaned_data["title"], due_at=form.due(), client=client,
            assignee=request.user,
        )  # fmt: skip
    except ValidationError as error:
        form.add_error(None, error.messages)
        return None


def _told(response: HttpResponse, task: Task | None) -> HttpResponse:
    """The toast that takes a new task back."""
    if task is None:
        return response
    trigger(response, "tasks-changed")
    trigger(response, "dialog-done")
    undo = reverse("tasks:quick_undo", args=[task.pk])
    return toast(response, _("Written down: %(title)s") % {"title": task.words}, undo=undo)


def _client_panel(request: PersonRequest, client: Client, form: QuickForm, status: int = 200) -> HttpResponse:
    context = {
        "client": client,
        "tasks": queries.of_client(client, request.user) if request.user.scope.identity else [],
        "rows": queries.PANEL_ROWS,
        "runs": running_of(client),
        "form": form,
        "may_work": request.user.may("tasks.work"),
    }
    return fragment(request, "outreach/tasks/client_panel.html", context, status)
