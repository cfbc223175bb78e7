"""Tasks as a list: what is mine, what waits, what the team does."""

from datetime import date

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from core import formats
from core.lists import Column, ListFilters, ListPage
from outreach.models import Task
from outreach.moments import day_of, day_span
from outreach.queries.tasks import due_words

WHOSE = [
    ("mine", _("Mine")),
    ("given", _("Given by me")),
    ("queue", _("Waiting in a queue")),
    ("team", _("Everybody's")),
]
WHEN = [
    ("overdue", pgettext_lazy("task", "Overdue")),
    ("today", _("Due today")),
    ("week", _("Due within 7 days")),
]


class TaskFilters(ListFilters):
    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=_("Search"))
    whose = django_filters.ChoiceFilter(method="of_whom", choices=WHOSE, label=_("Whose"))
    when = django_filters.ChoiceFilter(method="due", choices=WHEN, label=_("When"))
    state = django_filters.ChoiceFilter(choices=Task.State.choices, label=_("State"))
    priority = django_filters.ChoiceFilter(choices=Task.Priority.choices, label=_("Priority"))
    client = django_filters.CharFilter(field_name="client__client_no", label=_("Client number"))
    since = django_filters.DateFilter(method="from_day", label=_("Due from"))
    until = django_filters.DateFilter(method="to_day", label=_("Due to"))

    def of_whom(self, rows: QuerySet, _name: str, whose: str) -> QuerySet:
        if whose == "mine":
            return rows.filter(assignee_id=self.request.user.pk)
        if whose == "given":
            return rows.filter(created_by_id=self.request.user.pk)
        return rows.filter(assignee__isnull=True) if whose == "queue" else rows

    def due(self, rows: QuerySet, _name: str, when: str) -> QuerySet:
        now = timezone.now()
        rows = rows.filter(state=Task.State.OPEN)
        if when == "overdue":
            return rows.filter(due_at__lt=now)
        today = day_of(now)
        last = today if when == "today" else today.fromordinal(today.toordinal() + 7)
        return rows.filter(due_at__gte=day_span(today, today)[0], due_at__lt=day_span(today, last)[1])

    def from_day(self, rows: QuerySet, _name: str, day: date) -> QuerySet:
        return rows.filter(due_at__gte=day_span(day, day)[0])

    def to_day(self, rows: QuerySet, _name: str, day: date) -> QuerySet:
        return rows.filter(due_at__lt=day_span(day, day)[1])


def _address(task: Task) -> str:
    return reverse("tasks:detail", args=[task.pk])


def _client(task: Task) -> str:
    return f"{task.client.name} {task.client.client_no}" if task.client else formats.DASH


def _due(task: Task) -> SafeString:
    mark = (
        format_html(' <span class="badge bad">{}</span>', pgettext("task", "Overdue"))
        if task.is_overdue
        else ""
    )
    return format_html("{}{}", due_words(task), mark)


def _who(task: Task) -> str:
    if task.assignee:
        return task.assignee.name
    return _now("Queue: %(unit)s") % {"unit": task.unit.name} if task.unit else formats.DASH


def _title(task: Task) -> SafeString:
    repeats = format_html(' <span class="badge">{}</span>', _now("Repeats")) if task.repeat else ""
    return format_html('<a href="{}" class="clip">{}</a>{}', _address(task), task.words, repeats)


class TaskList(ListPage):
    name = "tasks"
    caption = _("Tasks")
    filterset = TaskFilters
    default_sort = "due_at"
    empty_words = _("No tasks here")
    empty_advice = _("Press T anywhere to write one down, or look at other people's tasks with the filter.")
    empty_icon = "list-checks"
    columns = (
        Column("title", _("Task"), value=_title, kind="html", fixed=True),
        Column("due_at", _("Due"), value=_due, kind="html", sort="due_at", fixed=True),
        Column("client", _("Client"), value=_client),
        Column("assignee", _("Who does it"), value=_who),
        Column("priority", _("Priority"), value=lambda task: task.get_priority_display(), small=False),
        Column("state", _("State"), value=lambda task: task.get_state_display(), small=False),
        Column("created_at", _("Given"), kind="moment", shown=False, small=False),
        Column("created_by", _("Given by"), value="created_by_name", shown=False, small=False),
    )
