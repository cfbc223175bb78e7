"""Filters of the case lists; they stand in the URL."""

import re
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from cases.models import Case, Complaint, ComplaintDecision, State
from cases.queries.listed import at_risk, overdue
from cases.queries.types import versions_in_force
from clients.filters import tiers, visible_branches
from core.lists import ListFilters
from interactions.models import Channel

WHOSE = [("mine", _("Mine")), ("nobody", _("Nobody's")), ("watched", _("Watched by me"))]
CLOCKS = [("risk", _("Nearly due")), ("over", _("Overdue")), ("escalated", _("Escalated"))]
STATES = [("unfinished", _("Unfinished")), *State.choices]
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
NUMBER = re.compile(r"(?:CS)?0*(\d{1,15})", re.IGNORECASE)


def _types(_request: Any = None) -> list[tuple[str, str]]:
    return [(version.type.code, str(version)) for version in versions_in_force()]


class CaseFilters(ListFilters):
    q = django_filters.CharFilter(method="search", label=_("Search"))
    whose = django_filters.ChoiceFilter(method="of_whom", choices=WHOSE, label=_("Whose"))
    state = django_filters.ChoiceFilter(method="in_state", choices=STATES, label=_("State"))
    type = django_filters.ChoiceFilter(field_name="type__code", choices=_types, label=_("Type"))
    clock = django_filters.ChoiceFilter(method="by_clock", choices=CLOCKS, label=_("Deadline"))
    priority = django_filters.ChoiceFilter(choices=Case.Priority.choices, label=_("Priority"))
    tier = django_filters.ChoiceFilter(choices=tiers, label=_("Tier"))
    channel = django_filters.ChoiceFilter(choices=Channel.choices, label=_("Channel"))
    unit = django_filters.ModelChoiceFilter(
        queryset=visible_branches, to_field_name="code", label=_("Branch")
    )
    incident = django_filters.NumberFilter(field_name="incident_id", label=_("Incident number"))

    def search(self, rows: QuerySet, _name: str, typed: str) -> QuerySet:
        """A case's number, a client's number, or part of the subject."""
        words = typed.strip()
        number = NUMBER.fullmatch(words)
        found = Q(subject__icontains=words) | Q(client__client_no=words.upper())
        return rows.filter(found | Q(pk=int(number[1])) if number else found)

    def of_whom(self, rows: QuerySet, _name: str, whose: str) -> QuerySet:
        me = self.request.user.pk
        if whose == "watched":
            return rows.filter(watchers__person_id=me)
        return rows.filter(owner_id=me) if whose == "mine" else rows.filter(owner__isnull=True)

    def in_state(self, rows: Any, _name: str, state: str) -> QuerySet:
        return rows.unfinished() if state == "unfinished" else rows.filter(state=state)

    def by_clock(self, rows: Any, _name: str, clock: str) -> QuerySet:
        if clock == "escalated":
            return rows.filter(escalated__gt=0)
        return at_risk(rows) if clock == "risk" else overdue(rows)


class ComplaintFilters(ListFilters):
    since = django_filters.DateFilter(
        field_name="received_on", lookup_expr="gte", label=_("Received from"), widget=DAY
    )
    until = django_filters.DateFilter(
        field_name="received_on", lookup_expr="lte", label=_("Received to"), widget=DAY
    )
    business = django_filters.ChoiceFilter(choices=Complaint.Business.choices, label=_("Business"))
    severity = django_filters.ChoiceFilter(choices=Complaint.Severity.choices, label=_("Severity"))
    source = django_filters.ChoiceFilter(choices=Complaint.Source.choices, label=_("Came from"))
    outcome = django_filters.ChoiceFilter(
        field_name="substantiated", choices=ComplaintDecision.Outcome.choices, label=_("Decision")
    )
    state = django_filters.ChoiceFilter(field_name="case__state", choices=State.choices, label=_("State"))
