"""Filters of inspections, the same on the list page and in the API."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from core.lists import ListFilters
from knowledge.forms.scripts import channel_choices
from knowledge.models import Inspection


class InspectionFilters(ListFilters):
    state = django_filters.ChoiceFilter(choices=Inspection.State.choices, label=_("State"))
    channel = django_filters.ChoiceFilter(choices=channel_choices, label=_("Channel"))
    agent = django_filters.CharFilter(field_name="agent__username", label=_("Agent (user name)"))
    since = django_filters.DateFilter(field_name="happened_at__date", lookup_expr="gte", label=_("From"))
    until = django_filters.DateFilter(field_name="happened_at__date", lookup_expr="lte", label=_("To"))
    plan = django_filters.NumberFilter(field_name="draw__plan_id", label=_("Plan number"))
    calibration = django_filters.NumberFilter(label=_("Calibration number"))


class InspectionPageFilters(InspectionFilters):
    mine = django_filters.BooleanFilter(method="own", label=_("Mine to inspect, or anybody's"))
    appealed = django_filters.BooleanFilter(method="with_appeal", label=_("Open appeal"))

    def own(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        mine = Q(inspector=self.request.user) | Q(inspector=None) & ~Q(agent=self.request.user)
        return rows.filter(mine) if value else rows.exclude(mine)

    def with_appeal(self, rows: QuerySet, _name: str, value: bool) -> QuerySet:
        open_ones = Q(appeal__state="open")
        return rows.filter(open_ones) if value else rows.exclude(open_ones)
