"""Tiers given by hand as a list: in force, waiting, ending, over."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from clients.filters import tiers, visible_branches
from clients.queries import record
from core.lists import Column, ListFilters, ListPage, NamedChoiceFilter
from segmentation.models import OverrideState, TierOverride

TONES = {
    OverrideState.PROPOSED: "info", OverrideState.IN_FORCE: "ok", OverrideState.ENDING: "warn",
    OverrideState.DECLINED: "bad",
}  # fmt: skip


class OverrideFilters(ListFilters):
    q = django_filters.CharFilter(field_name="client__client_no", lookup_expr="startswith", label=_("Search"))
    state = django_filters.ChoiceFilter(method="standing", choices=OverrideState.choices, label=_("State"))
    tier = django_filters.ChoiceFilter(choices=tiers, label=_("Tier"))
    branch = NamedChoiceFilter(
        field_name="client__branch", queryset=visible_branches, to_field_name="code", label=_("Branch")
    )
    manager = django_filters.CharFilter(field_name="client__manager_no", label=_("Manager number"))
    client = django_filters.CharFilter(field_name="client__client_no", label=_("Client number"))

    def standing(self, rows: QuerySet, _name: str, state: str) -> QuerySet:
        found: QuerySet = rows.standing(state, timezone.localdate())  # type: ignore[attr-defined]
        return found


def state_badge(row: TierOverride) -> SafeString:
    """Where it stands today, as a badge."""
    state = row.standing
    return format_html('<span class="badge {}">{}</span>', TONES.get(state, ""), state.label)


def _name(row: TierOverride) -> Any:
    return row.proposed_by.name


class OverrideList(ListPage):
    name = "tier-overrides"
    caption = _("Tiers by hand")
    filterset = OverrideFilters
    default_sort = "until"
    never_null = frozenset({"until_on", "id"})
    empty_words = _("No tier is given by hand here")
    empty_advice = _("Propose one on a client's page, below the value score; somebody else approves it.")
    empty_icon = "hand"

    def __init__(self, request: HttpRequest, queryset: QuerySet) -> None:
        super().__init__(request, queryset)
        user: Any = request.user
        self.columns = [
            Column("client", _("Client number"), value="client__client_no", link=_address, fixed=True),
            Column("name", _("Name"), value=lambda row: record.shown_name(row.client, user)),
            Column("tier", _("Tier"), kind="tier", fixed=True),
            Column("state", _("State"), kind="html", value=state_badge),
            Column("from", _("From"), kind="day", value="from_on", small=False),
            Column("until", _("Until"), kind="day", value="until_on", sort="until_on"),
            Column("reason", _("Reason"), value="reason", small=False),
            Column("proposed_by", _("Proposed by"), value=_name, small=False),
            Column("approved_by", _("Approved by"), value="approved_by__name", small=False),
            Column("branch", _("Branch"), value="client__branch__name", small=False),
            Column("manager_no", _("Manager"), value="client__manager_no", shown=False, small=False),
            Column("proposed_at", _("Proposed at"), kind="moment", shown=False, small=False),
            Column("closed_for", _("Answer"), value="closed_for", shown=False, small=False),
        ]


def _address(row: TierOverride) -> str:
    return reverse("segmentation:override", args=[row.pk])
