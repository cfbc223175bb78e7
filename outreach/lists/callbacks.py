"""Callbacks as a list: who is still to be called, what came of it, a year's sample."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext, pgettext_lazy

from core.lists import Column, ListFilters, ListPage
from outreach.models import Callback, CallbackKind
from outreach.queries import callbacks as queries

TONES = {"passed": "ok", "exception": "bad", "refused": "warn", "unreachable": "warn"}
WHEN = [
    ("late", pgettext_lazy("callback", "Late")),
    ("week", _("Due within 7 days")),
    ("now", _("Could be called now")),
]


class CallbackFilters(ListFilters):
    q = django_filters.CharFilter(field_name="client__name", lookup_expr="startswith", label=_("Search"))
    kind = django_filters.ChoiceFilter(choices=CallbackKind.choices, label=_("Programme"))
    state = django_filters.ChoiceFilter(choices=Callback.State.choices, label=_("State"))
    when = django_filters.ChoiceFilter(method="due", choices=WHEN, label=_("When"))
    branch = django_filters.CharFilter(field_name="branch__code", label=_("Branch"))
    year = django_filters.NumberFilter(method="of_year", label=_("Year"))
    client = django_filters.CharFilter(field_name="client__client_no", label=_("Client number"))
    mine = django_filters.BooleanFilter(method="in_hand", label=_("In my hand"))

    def due(self, rows: QuerySet, _name: str, when: str) -> QuerySet:
        now, today = timezone.now(), timezone.localdate()
        rows = rows.filter(state=Callback.State.OPEN)
        if when == "now":
            return rows.filter(pk__in=queries.free_for(self.request.user, now).values("pk"))
        if when == "late":
            return rows.filter(due_on__lt=today)
        return rows.filter(due_on__gte=today, due_on__lte=today.fromordinal(today.toordinal() + 7))

    def of_year(self, rows: QuerySet, _name: str, year: Any) -> QuerySet:
        """Whose occasion fell into the year."""
        if not 1 <= year <= 9999:
            return rows.none()
        return rows.filter(occasion_on__gte=f"{int(year):04}-01-01", occasion_on__lte=f"{int(year):04}-12-31")

    def in_hand(self, rows: QuerySet, _name: str, wanted: bool) -> QuerySet:
        mine = {"state": Callback.State.OPEN, "caller_id": self.request.user.pk}
        return rows.filter(**mine) if wanted else rows.exclude(**mine)


def _client(row: Callback) -> str:
    return f"{row.client.name} {row.client.client_no}"


def _due(row: Callback) -> SafeString:
    late = row.is_open and row.due_on < timezone.localdate()
    mark = format_html(' <span class="badge bad">{}</span>', pgettext("callback", "Late")) if late else ""
    return format_html("{}{}", f"{row.due_on:%Y-%m-%d}", mark)


def _state(row: Callback) -> SafeString:
    return format_html('<span class="badge {}">{}</span>', TONES.get(row.state, ""), row.get_state_display())


class CallbackList(ListPage):
    name = "callbacks"
    caption = _("Callbacks")
    filterset = CallbackFilters
    default_sort = "due_on"
    never_null = frozenset({"due_on", "id"})
    empty_words = _("No callbacks here")
    empty_advice = _(
        "New accounts come every morning, the sample once a year; take a filter away to see more."
    )
    empty_icon = "phone-outgoing"
    columns = (
        Column("client", _("Client"), value=_client, fixed=True, link=lambda row: row.get_absolute_url()),
        Column("kind", _("Programme"), value=lambda row: row.get_kind_display(), small=False),
        Column("due_on", _("Due"), kind="html", value=_due, sort="due_on", fixed=True),
        Column("state", _("State"), kind="html", value=_state),
        Column("tries", pgettext_lazy("callback", "Unanswered"), kind="number", value="tries", small=False),
        Column("branch", _("Branch"), value="branch__name", small=False),
        Column("caller", _("Caller"), value="caller__name", small=False),
        Column("occasion_on", _("Occasion"), kind="day", small=False),
        Column("next_at", _("Not before"), kind="moment", shown=False, small=False),
        Column("ended_at", _("Ended"), kind="moment", shown=False, small=False),
        Column("manager_no", _("Manager"), value="client__manager_no", shown=False, small=False),
    )
