"""The firm's exclusion list as a page."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.filters import visible_branches
from core import formats
from core.lists import Column, ListFilters, ListPage
from outreach.models import Exclusion

NOW = [("now", pgettext_lazy("exclusion", "In force")), ("over", pgettext_lazy("exclusion", "Over"))]


class ExclusionFilters(ListFilters):
    q = django_filters.CharFilter(
        field_name="client__client_no", lookup_expr="startswith", label=_("Client number")
    )
    when = django_filters.ChoiceFilter(method="by_when", choices=NOW, label=_("When"))
    unit = django_filters.ModelChoiceFilter(
        field_name="client__branch", queryset=visible_branches, to_field_name="code", label=_("Branch")
    )

    def by_when(self, rows: QuerySet, _name: str, when: str) -> QuerySet:
        force = Exclusion.objects.in_force(timezone.localdate()).values("pk")
        return rows.filter(pk__in=force) if when == "now" else rows.exclude(pk__in=force)


def _state(row: Exclusion) -> Any:
    today = timezone.localdate()
    if row.ended_at is not None or (row.until is not None and row.until < today):
        return NOW[1][1]
    return NOW[0][1] if row.from_on <= today else pgettext_lazy("exclusion", "Begins later")


class ExclusionList(ListPage):
    name = "exclusions"
    caption = _("Exclusion list")
    filterset = ExclusionFilters
    default_sort = "-number"
    empty_words = _("Nobody stands on the exclusion list here")
    empty_advice = _("Put clients on it by their numbers, or choose them on the client list.")
    empty_icon = "shield-check"
    columns = (
        Column(
            "client", _("Client"), value=lambda row: f"{row.client.name} {row.client.client_no}", fixed=True,
            link=lambda row: reverse("clients:detail", args=[row.client.client_no]),
        ),
        Column("number", _("Order"), value="pk", sort="id", shown=False, small=False),
        Column("state", _("State"), value=_state),
        Column("reason", _("Why"), value="reason", small=False),
        Column("from_on", pgettext_lazy("exclusion", "From"), kind="day", small=False),
        Column("until", pgettext_lazy("exclusion", "Until"), kind="day"),
        Column("by", _("Put on by"), value="by_name", small=False),
        Column(
            "ended", _("Taken off by"), small=False, value=lambda row: row.ended_by or formats.DASH
        ),
        Column("unit", _("Branch"), value=lambda row: row.client.branch.name, shown=False, small=False),
    )  # fmt: skip
