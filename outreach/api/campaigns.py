"""REST of campaigns: the list, one with counts and result, its audience. Deeds: campaign_deeds."""

from typing import Any

from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import check_match, with_etag
from core.api.idempotency import idempotent
from outreach.api.campaign_writing import (
    AddedSerializer,
    ChosenSerializer,
    WrittenSerializer,
    added,
    manageable,
    tag_of,
    written,
)
from outreach.lists.campaigns import CampaignFilters, MemberFilters
from outreach.models import Campaign, CampaignMember
from outreach.queries import campaign_results as results
from outreach.queries import campaigns as queries


class WorkSerializer(serializers.Serializer):
    """The last job that went through the audience: its step (propose, start, evaluate), how far it is, and
    what its end refused."""

    step = serializers.CharField(source="arguments.step")
    state = serializers.CharField()
    percent = serializers.IntegerField()
    refused = serializers.CharField(source="result.refused", default="")


class CampaignSerializer(serializers.ModelSerializer):
    job = WorkSerializer(default=None)
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
            "proposed_by", "approved_by", "frozen_at", "evaluated_to", "job", "version",
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


class CostSerializer(serializers.Serializer):
    """In CNY; each: for one client who met the target, null where nobody did."""

    minutes = serializers.DecimalField(max_digits=20, decimal_places=2)
    messages = serializers.IntegerField()
    total = serializers.DecimalField(max_digits=20, decimal_places=4)
    each = serializers.DecimalField(max_digits=20, decimal_places=4, allow_null=True)


class CampaignResultSerializer(CampaignSerializer):
    """With how many of the audience in sight stand where, why who was left out, how far it came, what it cost
    and the result with its interval. funnel: from audience to converted; empty before the start."""

    places = serializers.DictField(child=serializers.IntegerField())
    left_out = serializers.DictField(child=serializers.IntegerField())
    funnel = serializers.DictField(child=serializers.IntegerField())
    cost = CostSerializer(allow_null=True)
    result = ComparedSerializer(many=True)

    class Meta(CampaignSerializer.Meta):
        fields = [*CampaignSerializer.Meta.fields, "places", "left_out", "funnel", "cost", "result"]


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


class CampaignView(GenericAPIView):
    """Whatever is asked of campaigns in sight."""

    def get_queryset(self) -> Any:
        return queries.listed(self.request.user)


class CampaignFilterSet(CampaignFilters, filters.FilterSet):
    """The list page's filters, by the same names."""


class MemberFilterSet(MemberFilters, filters.FilterSet):
    """The audience page's filters, by the same names."""


class Campaigns(CampaignView, ListAPIView):
    """Campaigns in sight, the newest first; POST writes a draft without audience."""

    required_scopes = {"GET": "campaigns:read", "POST": "campaigns:manage"}
    required_rights = {"GET": "campaigns.view", "POST": "campaigns.manage"}
    serializer_class = CampaignSerializer
    filterset_class = CampaignFilterSet
    ordering = ("-id",)

    @extend_schema(request=WrittenSerializer, responses={201: CampaignSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        made = written(request, WrittenSerializer(data=request.data, context={"request": request}), None)
        return with_etag(Response(CampaignSerializer(made).data, status.HTTP_201_CREATED), tag_of(made))


class CampaignDetail(CampaignView):
    """One campaign with its counts and its result; PATCH changes a draft."""

    required_scopes = {"GET": "campaigns:read", "PATCH": "campaigns:manage"}
    required_rights = {"GET": "campaigns.view", "PATCH": "campaigns.manage"}
    serializer_class = CampaignResultSerializer

    def get(self, request: Request, pk: int) -> Response:
        held: Any = self.get_object()
        told = results.figures(request.user, held)
        held.places = {line.key: line.count for line in told.places}
        held.left_out = {line.key: line.count for line in told.left_out}
        held.funnel = {line.key: line.count for line in told.funnel}
        held.result, held.cost = told.compared, told.cost
        return with_etag(Response(CampaignResultSerializer(held).data), tag_of(held))

    @extend_schema(request=WrittenSerializer, responses={200: CampaignSerializer})
    def patch(self, request: Request, pk: int) -> Response:
        held = manageable(request, pk)
        check_match(request, tag_of(held))
        form = WrittenSerializer(data=request.data, partial=True, context={"request": request})
        changed = written(request, form, held)
        return with_etag(Response(CampaignSerializer(changed).data), tag_of(changed))


class CampaignMembers(ListAPIView):
    """The audience as far as its clients are in sight; POST adds clients to a draft's audience."""

    required_scopes = {"GET": "campaigns:read", "POST": "campaigns:manage"}
    required_rights = {"GET": "campaigns.view", "POST": "campaigns.manage"}
    serializer_class = MemberSerializer
    filterset_class = MemberFilterSet
    ordering = ("id",)
    queryset = CampaignMember.objects.none()

    def get_queryset(self) -> Any:
        held = get_object_or_404(queries.listed(self.request.user), pk=self.kwargs["pk"])
        return queries.members_listed(self.request.user, held)

    @extend_schema(request=ChosenSerializer, responses={200: AddedSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        held = manageable(request, pk)
        form = ChosenSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        return Response(AddedSerializer(added(request, held, form.validated_data["clients"])).data)
