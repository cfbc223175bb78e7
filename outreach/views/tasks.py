"""Pages of tasks: the list, a task, writing and changing one."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from clients.models import Client
from clients.queries.record import listed as clients_listed
from core.errors import Refusal
from outreach.actions.changing import change_task
from outreach.actions.tasks import give_task
from outreach.forms.tasks import AssignForm, CommentForm, MoveForm, StepsForm, TaskForm, initial_of
from outreach.lists.tasks import TaskList
from outreach.models import Task
from outreach.moments import day_of, due_moment
from outreach.queries import tasks as queries
from staff.access import PersonRequest, needs


def visible_task(request: PersonRequest, pk: int) -> Task:
    """The task, or 404 when the reader may not see it."""
    task = queries.listed(request.user).filter(pk=pk).first()
    if task is None:
        raise Http404
    return task


@require_GET
@needs("tasks.view")
def task_list(request: PersonRequest) -> HttpResponse:
    return TaskList(request, queries.listed(request.user)).render("outreach/tasks/list.html")


@require_GET
@needs("tasks.view")
def task_detail(request: PersonRequest, pk: int) -> HttpResponse:
    return render(request, "outreach/tasks/detail.html", detail_context(request, visible_task(request, pk)))


def detail_context(request: PersonRequest, task: Task) -> dict[str, Any]:
    """What the page of a task shows."""
    return {
        "task": task,
        "due": queries.due_words(task),
        "steps": list(task.steps.all()),
        "comments": list(task.comments.select_related("author")),
        "reminders": list(task.reminders.all()),
        "changes": list(task.changes.all()[:20]),
        "later": queries.later_by(timezone.now()),
        "comment_form": CommentForm(),
        "step_form": StepsForm(),
        "move_form": MoveForm(initial={"day": day_of(task.due_at)}),
        "assign_form": AssignForm(user=request.user, task=task, initial={"assignee": task.assignee_id}),
        "may_work": request.user.may("tasks.work"),
    }


@require_http_methods(["GET", "POST"])
@needs("tasks.work")
def task_new(request: PersonRequest) -> HttpResponse:
    """A task with all it can have; `?client=` names the client it begins with."""
    client = _asked_client(request)
    initial = {"client": client.client_no if client else "", "due_on": day_of(timezone.now())}
    form = TaskForm(request.POST or None, user=request.user, client=client, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            task = _give(request, form)
        except ValidationError as error:
            _add_errors(form, error)
        else:
            messages.success(request, _("The task is given."))
            return redirect("tasks:detail", task.pk)
    return _form(request, form, None)


@require_http_methods(["GET", "POST"])
@needs("tasks.work")
def task_edit(request: PersonRequest, pk: int) -> HttpResponse:
    task = visible_task(request, pk)
    form = TaskForm(request.POST or None, user=request.user, known=True, initial=initial_of(task))
    if request.method == "POST" and form.is_valid():
        try:
            version = form.cleaned_data["version"] or 0
            change_task(actor=request.user, task=task, version=version, told=form.told())
        except ValidationError as error:
            _add_errors(form, error)
        except Refusal as refusal:
            form.add_error(None, refusal.message)
            return _form(request, form, task, refusal.status)
        else:
            messages.success(request, _("Saved."))
            return redirect("tasks:detail", task.pk)
    return _form(request, form, task)


def _give(request: PersonRequest, form: TaskForm) -> Task:
    told, due = form.told(), form.cleaned_data
    moment, _all_day = due_moment(told.due_at)
    return give_task(
        actor=request.user, title=told.title, due_at=told.due_at, note=told.note, client=due["client"],
        assignee=due["assignee"], priority=told.priority, repeat=told.repeat, business=told.business,
        remind_at=[moment - timedelta(minutes=before) for before in told.reminders],
        steps=due["steps"].splitlines(),
    )  # fmt: skip


def _asked_client(request: PersonRequest) -> Client | None:
    number = request.POST.get("client", "") or request.GET.get("client", "")
    return clients_listed(request.user).filter(client_no=number.strip()).first() if number else None


def _add_errors(form: TaskForm, error: ValidationError) -> None:
    """Errors of fields that the form does not show stand above it."""
    for name, words in error.message_dict.items():
        form.add_error(name if name in form.fields else None, words)


def _form(request: PersonRequest, form: TaskForm, task: Task | None, status: int = 200) -> HttpResponse:
    status = 422 if form.errors and status == 200 else status
    return render(request, "outreach/tasks/form.html", {"form": form, "task": task}, status=status)
