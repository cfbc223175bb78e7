"""REST of the firm's exclusion list: who stands on it, putting clients on it, taking one off."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.models import Client
from core.api.idempotency import idempotent
from outreach.actions.exclusions import put_on, take_off
from outreach.api.campaign_writing import AddedSerializer, ChosenSerializer
from outreach.lists.exclusions import ExclusionFilters
from outreach.models import Exclusion
from outreach.queries import exclusions as queries


class ExclusionSerializer(serializers.ModelSerializer):
    """An entry; until is its last day, null for good; ended_at: when it was taken off."""

    client = serializers.CharField(source="client.client_no")

    class Meta:
        model = Exclusion
        fields = [
            "id", "client", "reason", "from_on", "until", "by_name", "created_at", "ended_at", "ended_by",
        ]  # fmt: skip


class PutOnSerializer(ChosenSerializer):
    """Clients by their numbers; from today on where from_on is not named."""

    reason = serializers.CharField(max_length=300)
    from_on = serializers.DateField(required=False)
    until = serializers.DateField(required=False, allow_null=True)


class ExclusionFilterSet(ExclusionFilters, filters.FilterSet):
    """The list page's filters, by the same names; the unit by its code."""

    unit = filters.CharFilter(field_name="client__branch__code")


class Exclusions(ListAPIView):
    """Entries of clients in sight, the newest first; POST puts clients on the list."""

    required_scopes = {"GET": "campaigns:read", "POST": "campaigns:manage"}
    required_rights = {"GET": "campaigns.view", "POST": "campaigns.exclude"}
    serializer_class = ExclusionSerializer
    filterset_class = ExclusionFilterSet
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        return queries.listed(self.request.user)

    @extend_schema(request=PutOnSerializer, responses={200: AddedSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        form = PutOnSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        told, actor = dict(form.validated_data), request.user
        numbers = told.pop("clients")
        told.setdefault("from_on", timezone.localdate())
        seen = Client.objects.visible_to(actor).filter(client_no__in=numbers).order_by()
        known = dict(seen.values_list("client_no", "pk"))
        try:
            added = put_on(actor=actor, client_ids=known.values(), **told)  # type: ignore[arg-type]
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        unknown = sorted(set(numbers) - known.keys())
        there = len(known) - len(added)
        return Response(AddedSerializer({"added": len(added), "there": there, "unknown": unknown}).data)


class ExclusionEnd(GenericAPIView):
    """Takes a client off the list."""

    required_scopes = {"POST": "campaigns:manage"}
    required_rights = {"POST": "campaigns.exclude"}
    serializer_class = ExclusionSerializer

    def get_queryset(self) -> Any:
        return queries.listed(self.request.user)

    @extend_schema(operation_id="contact_exclusions_end", request=None, responses={200: ExclusionSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        row = self.get_object()
        actor: Any = request.user
        take_off(actor=actor, ids=[row.pk])
        row.refresh_from_db()
        return Response(ExclusionSerializer(row).data)
