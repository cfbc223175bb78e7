"""REST of campaigns: the list, one with counts and result, its audience, what came of calls."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.idempotency import idempotent
from outreach.actions.campaign_calls import record_call
from outreach.models import Campaign, CampaignMember
from outreach.queries import campaign_results as results
from outreach.queries import campaigns as queries


class CampaignSerializer(serializers.ModelSerializer):
    unit = serializers.CharField(source="unit.code", default=None)
    category = serializers.CharField(source="category.code")
    product = serializers.CharField(source="product.code", default=None)
    line = serializers.CharField(source="line.code", default=None)
    assign = serializers.CharField()
    target = serializers.CharField()
    purpose = serializers.CharField()
    state = serializers.CharField()

    class Meta:
        model = Campaign
        fields = [
            "id", "name", "unit", "category", "purpose", "line", "subject", "script", "product", "assign",
            "starts_on", "ends_on",
            "control_share", "pressure_days", "seed", "target", "target_amount", "window_days", "state",
            "proposed_by", "approved_by", "frozen_at", "evaluated_to", "version",
        ]  # fmt: skip


class ComparedSerializer(serializers.Serializer):
    """Of everybody (kind "all"), a tier or a unit. Shares of 1; difference, low and high (95 %) are null when
    a group is empty or too small."""

    kind = serializers.CharField()
    name = serializers.CharField()
    treated = serializers.IntegerField(source="treated.size")
    treated_met = serializers.IntegerField(source="treated.hits")
    control = serializers.IntegerField(source="control.size")
    control_met = serializers.IntegerField(source="control.hits")
    difference = serializers.FloatField(source="said.value", default=None)
    low = serializers.FloatField(source="said.low", default=None)
    high = serializers.FloatField(source="said.high", default=None)


class CampaignResultSerializer(CampaignSerializer):
    """With how many of the audience stand where, why who was left out, and the result."""

    places = serializers.DictField(child=serializers.IntegerField())
    left_out = serializers.DictField(child=serializers.IntegerField())
    result = ComparedSerializer(many=True)

    class Meta(CampaignSerializer.Meta):
        fields = [*CampaignSerializer.Meta.fields, "places", "left_out", "result"]


class MemberSerializer(serializers.ModelSerializer):
    client = serializers.CharField(source="client.client_no")
    assignee = serializers.CharField(source="assignee.username", default=None)
    place = serializers.CharField()
    reason = serializers.CharField()
    outcome = serializers.CharField()

    class Meta:
        model = CampaignMember
        fields = [
            "id", "client", "tier", "place", "reason", "assignee", "outcome", "attempts", "reached", "done",
            "call_again_at", "converted",
        ]  # fmt: skip


class CallSerializer(serializers.Serializer):
    """What came of a call; again_at for another call, follow_up_on for a task of the client's manager."""

    outcome = serializers.ChoiceField(choices=CampaignMember.Outcome.choices)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    minutes = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=Decimal(600), default=Decimal(3)
    )
    again_at = serializers.DateTimeField(required=False)
    follow_up_on = serializers.DateField(required=False)


class Campaigns(ListAPIView):
    """Campaigns in sight, the newest first."""

    required_scopes = {"GET": "campaigns:read"}
    required_rights = {"GET": "campaigns.view"}
    serializer_class = CampaignSerializer
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        return queries.listed(self.request.user)


class CampaignDetail(GenericAPIView):
    """One campaign with its counts and its result."""

    required_scopes = {"GET": "campaigns:read"}
    required_rights = {"GET": "campaigns.view"}
    serializer_class = CampaignResultSerializer

    def get_queryset(self) -> Any:
        return queries.listed(self.request.user)

    def get(self, request: Request, pk: int) -> Response:
        held: Any = self.get_object()
        told = results.figures(request.user, held)
        held.places = {line.key: line.count for line in told.places}
        held.left_out = {line.key: line.count for line in told.left_out}
        held.result = told.compared
        return Response(CampaignResultSerializer(held).data)


class CampaignMembers(ListAPIView):
    """The audience as far as its clients are in sight."""

    required_scopes = {"GET": "campaigns:read"}
    required_rights = {"GET": "campaigns.view"}
    serializer_class = MemberSerializer
    ordering = ("id",)
    queryset = CampaignMember.objects.none()

    def get_queryset(self) -> Any:
        held = get_object_or_404(queries.listed(self.request.user), pk=self.kwargs["pk"])
        return queries.members_listed(self.request.user, held)


class CampaignCalls(GenericAPIView):
    """Records what came of a call to a client of the audience."""

    required_scopes = {"POST": "campaigns:write"}
    required_rights = {"POST": "campaigns.work"}
    serializer_class = CallSerializer

    @extend_schema(request=CallSerializer, responses={201: MemberSerializer})
    @idempotent
    def post(self, request: Request, pk: int, client_no: str) -> Response:
        held = get_object_or_404(queries.listed(request.user), pk=pk)
        rows = queries.members_listed(request.user, held)
        member = get_object_or_404(rows, client__client_no=client_no)
        form = CallSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        actor: Any = request.user
        again: datetime | None = form.validated_data.pop("again_at", None)
        called = record_call(actor=actor, member=member, again_at=again, **form.validated_data)
        return Response(MemberSerializer(called).data, status.HTTP_201_CREATED)
