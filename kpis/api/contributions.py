"""REST of what stands behind contribution per client."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.models import Client
from core.errors import Conflict
from kpis.lists.contributions import contributing
from kpis.queries import cards, contributions
from kpis.queries.contributions import MonthBehind, Part
from kpis.queries.shape import MONEY_PLACES, RATE_PLACES, rounded
from kpis.rules.profits import TIERS

LINE = [OpenApiParameter("group", str), OpenApiParameter("tier", str, enum=list(TIERS))]
MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": MONEY_PLACES}


class ContributingClientSerializer(serializers.Serializer):
    """A client behind the line, with what its months there add to contribution and average clients."""

    client_no = serializers.CharField()
    months = serializers.IntegerField(source="brought_months")
    days = serializers.IntegerField(source="brought_days")
    average_clients = serializers.SerializerMethodField()
    contribution = serializers.DecimalField(**MONEY, source="brought")

    def get_average_clients(self, client: Any) -> str:
        return rounded(client.average, RATE_PLACES) or ""


class ContributionSumSerializer(serializers.Serializer):
    """The clients in sight summed, beside what the card has; the rest moved out of sight."""

    listed = serializers.DecimalField(**MONEY, source="profit")
    listed_average_clients = serializers.SerializerMethodField()
    card = serializers.DecimalField(**MONEY, source="told_profit")
    card_average_clients = serializers.SerializerMethodField()
    out_of_sight = serializers.DecimalField(**MONEY, source="unseen_profit")

    def get_listed_average_clients(self, tie: contributions.Tie) -> str:
        return rounded(tie.average, RATE_PLACES) or ""

    def get_card_average_clients(self, tie: contributions.Tie) -> str:
        return rounded(tie.told_average, RATE_PLACES) or ""


class ContributionMonthSerializer(serializers.Serializer):
    """A client's month at one branch and manager; counted: its opening tier is of the line."""

    month = serializers.CharField()
    branch = serializers.CharField()
    manager_no = serializers.CharField()
    tier = serializers.CharField()
    counted = serializers.BooleanField()
    days = serializers.IntegerField()
    net_commission = serializers.DecimalField(**MONEY)
    margin_interest = serializers.DecimalField(**MONEY)
    cash_spread = serializers.DecimalField(**MONEY)
    product_fee = serializers.DecimalField(**MONEY)
    other_income = serializers.DecimalField(**MONEY)
    service_cost = serializers.DecimalField(**MONEY)
    contribution = serializers.DecimalField(**MONEY)

    def to_representation(self, one: MonthBehind) -> dict[str, Any]:
        row = one.row
        return {
            "month": f"{row.month:%Y-%m}", "branch": row.branch.code, "manager_no": row.manager_no,
            "tier": one.tier, "counted": one.counts, "days": row.days,
            **{name: f"{getattr(row, name):.{MONEY_PLACES}f}" for name in contributions.AMOUNTS},
        }  # fmt: skip


class Contributions(ListAPIView):
    """The clients the caller may see behind the contribution of a group or of a tier of a card."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = ContributingClientSerializer
    filter_backends: list[Any] = []
    ordering = ("client_no",)
    ordering_tie = ("id",)

    @extend_schema(operation_id="scorecards_contributions", parameters=LINE)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Client.objects.none()
        part = _part(self.request, self.kwargs["pk"])
        return contributions.brought_by(part, contributing(self.request.user))


class ContributionSum(GenericAPIView):
    """How the clients in sight add up to the card's contribution of a group or tier."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = ContributionSumSerializer
    queryset = Client.objects.none()
    pagination_class = None

    @extend_schema(operation_id="scorecards_contribution_sum", parameters=LINE)
    def get(self, request: Request, pk: int) -> Response:
        found = contributions.tie(_part(request, pk), request.user)
        return Response(ContributionSumSerializer(found).data)


class ClientContribution(GenericAPIView):
    """A client's months at the card's unit, with all that contribution is made of."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = ContributionMonthSerializer
    queryset = Client.objects.none()
    pagination_class = None

    @extend_schema(
        operation_id="scorecards_client_contribution",
        parameters=LINE,
        responses=ContributionMonthSerializer(many=True),
    )
    def get(self, request: Request, pk: int, client_no: str) -> Response:
        part = _part(request, pk)
        client = Client.objects.visible_to(request.user).filter(client_no=client_no).first()
        if client is None:
            raise Http404
        return Response(
            ContributionMonthSerializer(contributions.months_behind(part, client), many=True).data
        )


def _part(request: Request, pk: int) -> Part:
    """404 for a card out of sight, 400 for no line of it, 409 where later facts replaced those behind it."""
    card = cards.all_revisions(request.user).filter(pk=pk).first()
    if card is None:
        raise Http404
    part = contributions.part_of(card, request.query_params)
    if part is None:
        raise serializers.ValidationError(
            {"group": "A group of the card, or else one of its tiers as `tier`."}
        )
    if not contributions.stands(part):
        raise Conflict(
            "Facts have changed since this revision; the newest one has those of today.", code="gone"
        )
    return part
