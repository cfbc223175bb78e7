"""Worklists: due contacts with why, what to do, and until when."""

from datetime import date
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from clients.filters import tiers, visible_branches
from core import formats
from core.keyset import Page
from core.lists import Column, ListFilters, ListPage
from core.months import month_end
from core.runs import last_finished
from core.templatetags.ui import icon
from outreach.models import DueContact, DueList, DueState
from outreach.queries.due import AHEAD, counted, reason, suggestions

WHOSE = [("mine", _("Mine")), ("queue", _("Waiting in a queue"))]
WHEN = [("week", _("Due within 7 days")), ("overdue", _("Overdue by a day or more"))]
KEPT = [("yes", _("Made by their day")), ("no", _("Not made by their day"))]
STATES = [("all", _("All")), *DueState.choices]
WAITING = (DueState.OPEN, DueState.PUT_OFF)
LOOKS_BACK = ("state", "client", "month", "kept")
NO_MANAGER = "-"


class MonthInput(forms.TextInput):
    input_type = "month"


class DueFilters(ListFilters):
    """What waits, unless a state is chosen or a filter looks back: at one client, a month, the kept plan."""

    list = django_filters.ChoiceFilter(choices=DueList.choices, label=_("Worklist"))
    whose = django_filters.ChoiceFilter(method="of_whom", choices=WHOSE, label=_("Whose"))
    when = django_filters.ChoiceFilter(method="due", choices=WHEN, label=_("When"))
    state = django_filters.ChoiceFilter(method="in_state", choices=STATES, label=_("State"))
    tier = django_filters.ChoiceFilter(choices=tiers, label=_("Tier"))
    unit = django_filters.ModelChoiceFilter(
        field_name="branch", queryset=visible_branches, to_field_name="code", label=_("Branch")
    )
    client = django_filters.CharFilter(field_name="client__client_no", label=_("Client number"))
    manager = django_filters.CharFilter(method="of_manager", label=_("Manager number"))
    month = django_filters.DateFilter(
        method="of_month", label=_("Due in"), input_formats=["%Y-%m"], widget=MonthInput
    )
    kept = django_filters.ChoiceFilter(method="by_kept", choices=KEPT, label=_("Service plan"))

    def __init__(self, *given: Any, **extra: Any) -> None:
        super().__init__(*given, **extra)
        widget = self.form.fields["state"].widget
        widget.choices = [
            (key, pgettext("worklist", "Waiting") if key == "" else words) for key, words in widget.choices
        ]

    def filter_queryset(self, queryset: QuerySet) -> QuerySet:
        found = super().filter_queryset(queryset)
        back = any(self.form.cleaned_data.get(name) for name in LOOKS_BACK)
        return found if back else found.filter(state__in=WAITING)

    def in_state(self, rows: QuerySet, _name: str, state: str) -> QuerySet:
        return rows if state == "all" else rows.filter(state=state)

    def of_manager(self, rows: QuerySet, _name: str, number: str) -> QuerySet:
        return rows.filter(manager_no="" if number == NO_MANAGER else number)

    def of_month(self, rows: QuerySet, _name: str, month: date) -> QuerySet:
        return rows.filter(due_on__range=(month, month_end(month)))

    def by_kept(self, rows: QuerySet, _name: str, kept: str) -> QuerySet:
        """The entries behind the figures of the last night."""
        night = last_finished()
        return counted(rows, kept == "yes", night.as_of) if night else rows.none()

    def of_whom(self, rows: QuerySet, _name: str, whose: str) -> QuerySet:
        if whose == "mine":
            return rows.filter(owner_id=self.request.user.pk)
        return rows.filter(owner__isnull=True)

    def due(self, rows: QuerySet, _name: str, when: str) -> QuerySet:
        today = timezone.localdate()
        found: QuerySet = rows.to_do(today + AHEAD)  # type: ignore[attr-defined]
        return found.filter(due_on__lt=today) if when == "overdue" else found


def _client(row: DueContact) -> str:
    return f"{row.client.name} {row.client.client_no}"


def _due(row: DueContact) -> SafeString:
    over = row.due_on < timezone.localdate() and row.state in WAITING
    mark = format_html(' <span class="badge bad">{}</span>', pgettext("task", "Overdue")) if over else ""
    return format_html('<span class="nowrap">{}</span>{}', formats.day(row.due_on), mark)


def _who(row: DueContact) -> str:
    return row.owner.name if row.owner else str(_("Queue: %(unit)s")) % {"unit": row.branch.name}


def _state(row: DueContact) -> str:
    return str(row.get_closed_how_display() if row.closed_how else row.get_state_display())


def _deed(row: DueContact) -> SafeString:
    return format_html('<span id="due-{}">{}</span>', row.pk, deed_content(row))


def deed_content(row: DueContact) -> SafeString:
    """What a click does about it, or how it ended; a deed in the dialog puts it there anew (done.html)."""
    if row.state not in WAITING:
        return format_html('<span class="badge ok">{}</span>', _state(row))
    off = format_html(' <span class="badge">{}</span>', _state(row)) if row.state == DueState.PUT_OFF else ""
    address = reverse("worklists:entry", args=[row.pk])
    return format_html(
        '<span class="due-deeds"><a class="button small" href="{}" hx-get="{}" hx-target="#due-entry-body"'
        ' hx-swap="innerHTML" data-open="due-entry" aria-haspopup="dialog" aria-label="{} {}">{}'
        '<span class="hide-small">{}</span></a><a class="button small icon-only" href="{}"'
        ' aria-label="{} {}" title="{}">{}</a></span>{}',
        address, address, _("Do it"), row.client.name, icon("message-square-plus", 16), _("Do it"),
        reverse("worklists:call", args=[row.pk]), _("Call now"), row.client.name, _("Call now"),
        icon("phone-outgoing", 16), off,
    )  # fmt: skip


class DueContactList(ListPage):
    name = "due"
    caption = _("Worklists")
    filterset = DueFilters
    default_sort = "due_on"
    never_null = frozenset({"due_on"})
    count_cap = 1000
    empty_words = _("Nobody is due here")
    empty_advice = _("Entries come each night and close themselves once the client was contacted.")
    empty_icon = "list-todo"
    columns = (
        Column(
            "client", _("Client"), value=_client, fixed=True,
            link=lambda row: reverse("clients:detail", args=[row.client.client_no]),
        ),
        Column("due_on", _("Due"), value=_due, kind="html", sort="due_on", fixed=True),
        Column("deed", pgettext_lazy("worklist", "Deed"), value=_deed, kind="html", fixed=True),
        Column("list", _("Worklist"), value=lambda row: row.get_list_display(), small=False),
        Column("why", _("Why"), value=reason),
        Column("todo", _("Suggestion"), value=lambda row: row.advice, small=False),
        Column("tier", _("Tier"), kind="tier", small=False),
        Column("owner", _("Who does it"), value=_who, small=False),
        Column("state", _("State"), value=_state, shown=False, small=False),
        Column("put_off_until", _("Put off until"), kind="day", shown=False, small=False),
        Column("unit", _("Branch"), value="branch__name", shown=False, small=False),
    )  # fmt: skip

    def called(self, row: DueContact) -> tuple[int, str]:
        return row.pk, _client(row)

    def _page(self, cursor: str, size: int = 0) -> Page:
        found = super()._page(cursor, size)
        advice = suggestions()
        for row in found.rows:
            row.advice = advice.get(row.list, "")
        return found
