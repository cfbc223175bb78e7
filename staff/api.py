"""REST of the organisation: units and people, read only."""

from typing import Any

from django.db.models import Prefetch
from django.utils import timezone
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView

from core.api.permissions import ANY_CALLER
from core.models import OutboxMessage
from staff import queries
from staff.filters import EventFilters, PersonFilters, UnitFilters
from staff.models import Membership, Person, Unit


class UnitSerializer(serializers.ModelSerializer):
    parent = serializers.CharField(source="parent.code", default=None)  # type: ignore[assignment]
    successor = serializers.CharField(source="successor.code", default=None)

    class Meta:
        model = Unit
        fields = ("code", "name", "kind", "parent", "opened_on", "closed_on", "successor")


class RoleSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.code")

    class Meta:
        model = Membership
        fields = ("role", "unit", "from_date", "to_date")


class PersonSerializer(serializers.ModelSerializer):
    roles = RoleSerializer(source="roles_now", many=True)

    class Meta:
        model = Person
        fields = ("id", "username", "name", "employee_no", "is_active", "roles")


class _Units(GenericAPIView):
    """Units inside the caller's scope."""

    required_scopes = {"GET": "units:read"}
    required_rights = {"GET": ANY_CALLER}
    serializer_class = UnitSerializer
    lookup_field = "code"
    ordering = ("code",)
    ordering_fields = ("code", "name", "opened_on")

    def get_queryset(self) -> Any:
        return Unit.objects.visible_to(self.request.user).select_related("parent", "successor")


class UnitList(_Units, ListAPIView):
    filterset_class = UnitFilters


class UnitDetail(_Units, RetrieveAPIView):
    pass


class _People(GenericAPIView):
    """People with a role inside the caller's scope, with the roles they have today."""

    required_scopes = {"GET": "people:read"}
    required_rights = {"GET": "people.view"}
    serializer_class = PersonSerializer
    ordering = ("username",)
    ordering_fields = ("username", "name", "employee_no")

    def get_queryset(self) -> Any:
        today = Membership.objects.in_force(timezone.localdate()).select_related("unit")
        now = Prefetch("memberships", queryset=today, to_attr="roles_now")
        return Person.objects.visible_to(self.request.user).prefetch_related(now)


class PersonList(_People, ListAPIView):
    filterset_class = PersonFilters


class PersonDetail(_People, RetrieveAPIView):
    pass


class OutboxMessageSerializer(serializers.ModelSerializer):
    """What happened to which subject where; read the subject itself for its content."""

    unit = serializers.CharField(source="unit_code")

    class Meta:
        model = OutboxMessage
        fields = ("position", "event", "at", "unit", "subject_type", "subject_id")


class EventList(ListAPIView):
    """Events in order; ask again with `after=` the last position you saw. Kept for 30 days."""

    required_scopes = {"GET": "events:read"}
    required_rights: dict[str, str] = {}
    serializer_class = OutboxMessageSerializer
    filterset_class = EventFilters
    # for the schema only, which must be made without a database: reading events numbers them first
    queryset = OutboxMessage.objects.none()
    ordering = ("position",)
    ordering_never_null = ("position",)

    def get_queryset(self) -> Any:
        return queries.events_for(self.request.user)
