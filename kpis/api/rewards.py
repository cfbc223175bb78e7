"""REST of rewards: the ledger for everybody with scorecards, pools for those who manage or approve."""

from typing import Any

from django.core.exceptions import ValidationError as Unfit
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.idempotency import idempotent
from kpis import actions
from kpis.filters import UnitFilter
from kpis.models import RewardEntry, RewardRun, UnitType
from kpis.queries import rewards
from kpis.rules import Period, parse_period

PEOPLE: dict[str, str] = {}  # pools are proposed and approved by people, never by systems


class RewardEntrySerializer(serializers.ModelSerializer):
    """A booking; reverses names the one it takes back."""

    revision = serializers.IntegerField(source="card.revision")

    class Meta:
        model = RewardEntry
        fields = [
            "id", "run", "period", "unit_type", "unit_code", "unit_name", "card", "revision", "score",
            "coefficient", "base", "amount", "reverses", "booked_at",
        ]  # fmt: skip


class RewardEntryFilters(filters.FilterSet):
    unit = UnitFilter()

    class Meta:
        model = RewardEntry
        fields = ["period", "unit_type", "unit"]


class RewardEntries(ListAPIView):
    """The ledger in sight, the newest booking first."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = RewardEntrySerializer
    filterset_class = RewardEntryFilters
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        return rewards.entries(self.request.user)


class RewardLineSerializer(serializers.Serializer):
    """A unit's part of a proposed pool; was: what is booked so far."""

    card = serializers.IntegerField()
    unit_code = serializers.CharField()
    unit_name = serializers.CharField()
    revision = serializers.IntegerField()
    score = serializers.CharField(allow_null=True)
    coefficient = serializers.CharField()
    base = serializers.CharField()
    amount = serializers.CharField()
    was = serializers.CharField()


class RewardRunSerializer(serializers.ModelSerializer):
    """A pool with every unit's share, as proposed."""

    scheme = serializers.IntegerField(source="scheme.number")
    lines = RewardLineSerializer(many=True)
    proposed_by = serializers.CharField(source="proposed_by.username")
    decided_by = serializers.CharField(source="decided_by.username", default=None)

    class Meta:
        model = RewardRun
        fields = [
            "id", "period", "unit_type", "pool", "reason", "scheme", "lines", "state", "proposed_by",
            "proposed_at", "decided_by", "decided_at", "answer",
        ]  # fmt: skip


class PoolSerializer(serializers.Serializer):
    """A pool to share; bases by unit code where the scheme asks for them."""

    period = serializers.CharField(max_length=7)
    unit_type = serializers.ChoiceField(choices=UnitType.choices)
    pool = serializers.DecimalField(max_digits=14, decimal_places=2)
    reason = serializers.CharField(max_length=300)
    bases = serializers.DictField(
        child=serializers.DecimalField(max_digits=14, decimal_places=4, min_value=0),
        required=False,
        default=dict,
    )

    def validate_period(self, name: str) -> Period:
        try:
            return parse_period(name)
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


class RewardRuns(ListAPIView):
    """Pools, the newest first. POST proposes one; it waits for a second person."""

    required_scopes = PEOPLE
    required_rights = {"GET": "kpis.view", "POST": "rewards.manage"}
    serializer_class = RewardRunSerializer
    filterset_fields = ["period", "unit_type", "state"]
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        return rewards.runs(self.request.user)

    @extend_schema(request=PoolSerializer, responses={201: RewardRunSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        told = PoolSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        values, user = told.validated_data, _caller(request)
        try:
            run = actions.propose_rewards(
                actor=user, period=values["period"], unit_type=values["unit_type"], pool=values["pool"],
                reason=values["reason"], given=values["bases"],
            )  # fmt: skip
        except Unfit as error:
            raise ValidationError(error.message_dict) from error
        return Response(RewardRunSerializer(run).data, status.HTTP_201_CREATED)


class RewardWhySerializer(serializers.Serializer):
    """Why it is declined; approving asks for nothing."""

    why = serializers.CharField(max_length=300, required=False, default="")


class RewardDeed(GenericAPIView):
    """approve books a proposal, decline ends it."""

    required_scopes = PEOPLE
    required_rights = {"POST": "kpis.view"}
    serializer_class = RewardRunSerializer

    def get_queryset(self) -> Any:
        return rewards.runs(self.request.user)

    @extend_schema(
        operation_id="reward_runs_decide", request=RewardWhySerializer, responses={200: RewardRunSerializer}
    )
    @idempotent
    def post(self, request: Request, pk: int, name: str) -> Response:
        run = self.get_queryset().filter(pk=pk).first()
        if run is None or name not in ("approve", "decline"):
            raise Http404
        told = RewardWhySerializer(data=request.data)
        told.is_valid(raise_exception=True)
        try:
            if name == "approve":
                done = actions.approve_rewards(actor=_caller(request), run=run)
            else:
                done = actions.decline_rewards(
                    actor=_caller(request), run=run, why=told.validated_data["why"]
                )
        except Unfit as error:
            raise ValidationError(error.message_dict) from error
        return Response(RewardRunSerializer(done).data)


def _caller(request: Request) -> Any:
    return request.user
