"""Filters of cards and targets, by the names the API and the pages share."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters

from kpis.models import Scorecard, Target
from kpis.queries.cards import split_unit


class UnitFilter(filters.CharFilter):
    """firm, region:R1, branch:1001, manager:M1; anything else finds nothing."""

    def filter(self, queryset: QuerySet, value: Any) -> QuerySet:
        if not value:
            return queryset
        unit = split_unit(value)
        return queryset.filter(unit_type=unit[0], unit_code=unit[1]) if unit else queryset.none()


class CardFilters(filters.FilterSet):
    unit = UnitFilter()
    unit_type = filters.CharFilter()

    class Meta:
        model = Scorecard
        fields = ["period", "period_type", "unit", "unit_type", "state", "completeness"]


class TargetFilters(filters.FilterSet):
    unit = UnitFilter()

    class Meta:
        model = Target
        fields = ["period_type", "unit", "state"]
