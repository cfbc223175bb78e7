"""Filters of the API's lists of units and people."""

import django_filters
from django.db.models import QuerySet

from core.models import OutboxMessage
from core.registry import event_types
from staff.models import Membership, Person, Unit
from staff.roles import Role


class UnitFilters(django_filters.FilterSet):
    kind = django_filters.ChoiceFilter(choices=Unit.Kind.choices)
    parent = django_filters.CharFilter(field_name="parent__code")
    open = django_filters.BooleanFilter(field_name="closed_on", lookup_expr="isnull")

    class Meta:
        model = Unit
        fields: list[str] = []


class PersonFilters(django_filters.FilterSet):
    unit = django_filters.CharFilter(method="at_unit")
    role = django_filters.ChoiceFilter(choices=Role.choices, method="of_role")
    employee_no = django_filters.CharFilter()
    is_active = django_filters.BooleanFilter()

    class Meta:
        model = Person
        fields: list[str] = []

    def at_unit(self, people: QuerySet[Person], _name: str, code: str) -> QuerySet[Person]:
        return people.filter(pk__in=Membership.objects.filter(unit__code=code).values("person_id"))

    def of_role(self, people: QuerySet[Person], _name: str, role: str) -> QuerySet[Person]:
        return people.filter(pk__in=Membership.objects.filter(role=role).values("person_id"))


class EventFilters(django_filters.FilterSet):
    event = django_filters.ChoiceFilter(choices=lambda: [(name, name) for name in sorted(event_types())])
    after = django_filters.NumberFilter(field_name="position", lookup_expr="gt")

    class Meta:
        model = OutboxMessage
        fields: list[str] = []
