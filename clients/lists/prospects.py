"""The prospect list: columns, filters, order."""

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from clients.filters import visible_branches
from clients.models import Client, Prospect
from clients.queries.prospects import due_today
from clients.search import matching
from core.lists import Column, ListFilters, ListPage, NamedChoiceFilter

DUE = [("due", _("Next step due"))]


class ProspectFilters(ListFilters):
    q = django_filters.CharFilter(method="search", label=_("Search"))
    stage = django_filters.ChoiceFilter(choices=Prospect.Stage.choices, label=_("Stage"))
    source = django_filters.ChoiceFilter(choices=Prospect.Source.choices, label=_("Source"))
    branch = NamedChoiceFilter(
        field_name="client__branch", queryset=visible_branches, to_field_name="code", label=_("Branch")
    )
    manager = django_filters.CharFilter(field_name="client__manager_no", label=_("Manager number"))
    due = django_filters.ChoiceFilter(method="only_due", choices=DUE, label=_("Next step"))

    def search(self, rows: QuerySet, _name: str, typed: str) -> QuerySet:
        """As the client list searches; the number alone where there is no reader to rank for."""
        if self.request is None:
            return rows.filter(client__client_no=typed)
        user = self.request.user
        known = Client.objects.visible_to(user).filter(pk__in=rows.values("pk"))
        return rows.filter(client__in=matching(known, user, typed).order_by().values("pk"))

    def only_due(self, rows: QuerySet, _name: str, _value: str) -> QuerySet:
        return due_today(rows)


class ProspectList(ListPage):
    name = "prospects"
    caption = _("Prospects")
    filterset = ProspectFilters
    default_sort = "-client_no"
    empty_words = _("No prospects yet")
    empty_advice = _("Enter the first one, or import a list.")
    empty_icon = "user-plus"
    columns = (
        Column(
            "client_no", _("Client number"), value="client__client_no", sort="client__client_no",
            descends=True, fixed=True,
            link=lambda row: reverse("clients:detail", args=[row.client.client_no]),
        ),
        Column("name", _("Name"), value="client__name", fixed=True),
        Column("stage", _("Stage"), value=lambda row: row.get_stage_display()),
        Column("stage_since", _("Since"), kind="moment", sort="stage_since", descends=True, small=False),
        Column("next_step_on", _("Next step on"), kind="day", sort="next_step_on", small=False),
        Column("source", _("Source"), value=lambda row: row.get_source_display(), small=False),
        Column("branch", _("Branch"), value="client__branch__name", small=False),
        Column("manager", _("Manager"), value="client__manager_no", small=False),
        Column("entered_on", _("Entered on"), kind="day", sort="entered_on", descends=True, small=False),
        Column("account", _("Became client"), value="converted_to__client_no", small=False),
    )  # fmt: skip
