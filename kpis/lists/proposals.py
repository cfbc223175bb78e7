"""Proposals of client analysis reports as a list: to answer, in hand, late, done."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from core.lists import Column, ListFilters, ListPage
from kpis.models import Proposal

TONES = {
    Proposal.State.DRAFT: "info", Proposal.State.OPEN: "warn", Proposal.State.ACCEPTED: "info",
    Proposal.State.DECLINED: "bad", Proposal.State.DONE: "ok",
}  # fmt: skip
LATE = "late"


class ProposalFilters(ListFilters):
    q = django_filters.CharFilter(field_name="title", lookup_expr="icontains", label=_("Search"))
    state = django_filters.ChoiceFilter(
        method="standing", choices=[*Proposal.State.choices, (LATE, _("Overdue"))], label=_("State")
    )
    report = django_filters.CharFilter(field_name="report__period", label=_("Month"))
    unit = django_filters.CharFilter(field_name="unit__code", label=_("Unit"))

    def standing(self, rows: QuerySet, _name: str, state: str) -> QuerySet:
        if state == LATE:
            waits = [Proposal.State.OPEN, Proposal.State.ACCEPTED]
            return rows.filter(state__in=waits, due_on__lt=timezone.localdate())
        return rows.filter(state=state)


def state_badge(row: Proposal) -> SafeString:
    """Where it stands, and that it is late."""
    badge = format_html(
        '<span class="badge {}">{}</span>', TONES[Proposal.State(row.state)], row.get_state_display()
    )
    late = format_html(' <span class="badge bad">{}</span>', _("Overdue")) if row.is_overdue else ""
    return format_html("{}{}", badge, late)


def _owner(row: Proposal) -> Any:
    return row.owner.name if row.owner else None


class ProposalList(ListPage):
    name = "proposals"
    caption = _("Proposals")
    filterset = ProposalFilters
    default_sort = "due"
    never_null = frozenset({"due_on", "id"})
    empty_words = _("No proposal here")
    empty_advice = _("Reports make them to departments; they arrive when a report is released.")
    empty_icon = "lightbulb"
    columns = (
        Column("title", _("Proposal"), value="title", link=Proposal.get_absolute_url, fixed=True),
        Column("state", _("State"), kind="html", value=state_badge, fixed=True),
        Column("due", _("Due"), kind="day", value="due_on", sort="due_on"),
        Column("unit", _("Unit"), value="unit__name"),
        Column("role", _("Answered by role"), value="get_role_display", small=False),
        Column("owner", _("Owner"), value=_owner, small=False),
        Column("clients", _("Clients"), kind="number", value="clients", small=False),
        Column("report", _("Month"), value="report__period", small=False),
        Column("answer", _("Answer"), value="answer", shown=False, small=False),
    )
