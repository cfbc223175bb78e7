"""Filters of the client list; they stand in the URL."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ScopedQuerySet, Tag
from clients.queries.worklists import GAPS, lacking
from clients.search import LISTED, Search, ranked
from core.lists import ListFilters, NamedChoiceFilter
from core.templatetags.ui import tier_names
from staff.models import Unit

FLAGS = [("at_risk", _("At risk")), ("dormant_asset", _("Dormant assets"))]
STAGES = [
    ("prospect", _("Prospect")),
    ("first", _("First purchase")),
    ("repeat", _("Repeat")),
    ("client", _("Client")),
    ("advocate", _("Advocate")),
    ("lapsed", _("Lapsed")),
]


def tiers(_request: Any = None) -> list[tuple[str, Any]]:
    return list(tier_names().items())


def visible_branches(request: Any) -> QuerySet:
    """The branches whose clients the reader may see."""
    branches = Unit.objects.filter(kind=Unit.Kind.BRANCH).only("code", "name").order_by("code")
    scope = request.user.scope
    return branches if scope.firm else branches.filter(pk__in=scope.branch_ids)


class ClientFilters(ListFilters):
    q = django_filters.CharFilter(method="search", label=_("Search"))
    tier = django_filters.ChoiceFilter(field_name="standing__tier", choices=tiers, label=_("Tier"))
    stage = django_filters.ChoiceFilter(field_name="standing__stage", choices=STAGES, label=_("Stage"))
    flag = django_filters.ChoiceFilter(method="flagged", choices=FLAGS, label=_("Flag"))
    branch = NamedChoiceFilter(
        field_name="branch", queryset=visible_branches, to_field_name="code", label=_("Branch")
    )
    manager = django_filters.CharFilter(field_name="manager_no", label=_("Manager number"))
    tag = NamedChoiceFilter(
        field_name="tags_given__tag",
        queryset=lambda _request: Tag.objects.all(),
        to_field_name="name",
        label=_("Tag"),
    )
    kind = django_filters.ChoiceFilter(choices=Client.Kind.choices, label=_("Kind"))
    gap = django_filters.ChoiceFilter(method="lacking", choices=GAPS, label=_("What is missing"))
    status = django_filters.ChoiceFilter(choices=Client.Status.choices, label=_("Status"))

    def filter_queryset(self, clients: ScopedQuerySet) -> ScopedQuerySet:
        """The search comes last: it takes the best of what the other filters leave."""
        for name, value in sorted(self.form.cleaned_data.items(), key=lambda item: item[0] == "q"):
            clients = self.filters[name].filter(clients, value)
        return clients

    def search(self, clients: ScopedQuerySet, _name: str, typed: str) -> ScopedQuerySet:
        search = Search(self.request.user, typed, clients)
        if not search.text:
            return clients
        ids = search.ids(LISTED)
        self.has_more = len(ids) == LISTED
        return ranked(clients, ids)

    def lacking(self, clients: ScopedQuerySet, _name: str, gap: str) -> Any:
        return lacking(clients, gap)

    def flagged(self, clients: ScopedQuerySet, _name: str, flag: str) -> ScopedQuerySet:
        return clients.filter(standing__flags__contains=[flag])
