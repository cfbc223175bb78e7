"""REST of worklists: due contacts. Deeds on them are bulk deeds of the list `due` (docs/ui.md)."""

from typing import Any

from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.generics import ListAPIView

from outreach.models import DueContact, DueList, DueState
from outreach.queries import due


class DueContactSerializer(serializers.ModelSerializer):
    """An entry of a worklist; why is a code, facts are its numbers, reason says both in words."""

    client = serializers.CharField(source="client.client_no")
    unit = serializers.CharField(source="branch.code")
    owner = serializers.CharField(source="owner.username", default=None)
    reason = serializers.SerializerMethodField()

    class Meta:
        model = DueContact
        fields = [
            "id", "list", "occasion", "client", "unit", "owner", "tier", "why", "facts", "reason",
            "opened_on", "due_on", "state", "put_off_until", "contacted_on", "closed_on", "closed_how",
        ]  # fmt: skip

    def get_reason(self, row: DueContact) -> str:
        return due.reason(row)


class DueContactFilterSet(filters.FilterSet):
    list = filters.ChoiceFilter(choices=DueList.choices)
    state = filters.ChoiceFilter(choices=DueState.choices)
    client = filters.CharFilter(field_name="client__client_no")
    unit = filters.CharFilter(field_name="branch__code")
    due_by = filters.DateFilter(field_name="due_on", lookup_expr="lte")


class DueContacts(ListAPIView):
    """Due contacts, the first due first. Other systems need the scope clients:read beside it."""

    required_scopes = {"GET": "tasks:read"}
    required_rights = {"GET": "tasks.view"}
    serializer_class = DueContactSerializer
    filterset_class = DueContactFilterSet
    ordering = ("due_on", "id")
    ordering_fields = {"due_on": "due_on"}

    def get_queryset(self) -> Any:
        return due.listed(self.request.user)
