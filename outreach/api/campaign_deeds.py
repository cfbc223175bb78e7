"""REST of deeds on campaigns: propose, approve, start, pause, end, evaluate; what came of calls."""

from datetime import datetime
from decimal import Decimal
from typing import Any

from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import check_match, with_etag
from core.api.idempotency import idempotent
from outreach.actions import campaign_steps
from outreach.actions import campaigns as deeds
from outreach.actions.campaign_calls import record_call
from outreach.api.campaign_writing import manageable, tag_of
from outreach.api.campaigns import CampaignSerializer, CampaignView, MemberSerializer
from outreach.models import Campaign, CampaignMember
from outreach.queries import campaigns as queries


class CallSerializer(serializers.Serializer):
    """What came of a call; again_at for another call, follow_up_on for a task of the client's manager."""

    outcome = serializers.ChoiceField(choices=CampaignMember.Outcome.choices)
    note = serializers.CharField(max_length=1000, required=False, allow_blank=True, default="")
    minutes = serializers.DecimalField(
        max_digits=5, decimal_places=2, min_value=Decimal(0), max_value=Decimal(600), default=Decimal(3)
    )
    again_at = serializers.DateTimeField(required=False)
    follow_up_on = serializers.DateField(required=False)


class CampaignDeed(CampaignView):
    """The next step. Those that go through the whole audience (propose, start, evaluate) answer 202: the
    campaign's `job` tells how far they are. send-back, pause, go-on and end answer 200."""

    required_scopes = {"POST": "campaigns:manage"}
    required_rights = {"POST": "campaigns.manage"}
    serializer_class = CampaignSerializer

    @extend_schema(
        operation_id="campaigns_deed", request=None,
        responses={200: CampaignSerializer, 202: CampaignSerializer},
    )  # fmt: skip
    @idempotent
    def post(self, request: Request, pk: int, name: str) -> Response:
        held, known = manageable(request, pk), name.replace("-", "_")
        check_match(request, tag_of(held))
        actor: Any = request.user
        if known in campaign_steps.STEPS:
            return _answer(
                campaign_steps.ask(actor=actor, campaign=held, name=known), status.HTTP_202_ACCEPTED
            )
        if known not in deeds.DEEDS:
            raise Http404
        return _answer(deeds.DEEDS[known](actor=actor, campaign=held))


class CampaignApproval(CampaignView):
    """A second person's word on what was proposed."""

    required_scopes: dict[str, str] = {}  # never a system's
    required_rights = {"POST": "campaigns.approve"}
    serializer_class = CampaignSerializer

    @extend_schema(operation_id="campaigns_approve", request=None, responses={200: CampaignSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        held = manageable(request, pk, "campaigns.approve")
        check_match(request, tag_of(held))
        actor: Any = request.user
        return _answer(deeds.approve(actor=actor, campaign=held))


def _answer(campaign: Campaign, code: int = status.HTTP_200_OK) -> Response:
    return with_etag(Response(CampaignSerializer(campaign).data, code), tag_of(campaign))


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
