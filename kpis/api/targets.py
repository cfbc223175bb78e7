"""REST of floors and targets."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from kpis import actions
from kpis.filters import TargetFilters
from kpis.models import Target
from kpis.queries import cards, targets
from kpis.rules import Limits, Period, Targets, parse_period
from kpis.rules.scheme import PROFITABILITY, RATES


class LimitsSerializer(serializers.Serializer):
    """Floors or targets: rates as fractions, profitability in CNY per average client, by group."""

    new = serializers.DecimalField(max_digits=12, decimal_places=6, required=False)
    lost = serializers.DecimalField(max_digits=12, decimal_places=6, required=False)
    upgraded = serializers.DecimalField(max_digits=12, decimal_places=6, required=False)
    profitability = serializers.DictField(
        child=serializers.DecimalField(max_digits=20, decimal_places=4), required=False
    )


class TargetsSerializer(serializers.Serializer):
    """What a unit's cards are scored against; replaces what stood for the same type and first period."""

    period_type = serializers.ChoiceField(choices=Target.PeriodType.choices)
    unit = serializers.CharField(max_length=40)
    from_period = serializers.CharField(max_length=7, required=False, allow_null=True)
    floors = LimitsSerializer()
    targets = LimitsSerializer()

    def validate_from_period(self, name: str | None) -> Period | None:
        try:
            return parse_period(name) if name else None
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        attrs["limits"] = Targets(
            _pairs(attrs, lambda side: {name: side[name] for name in RATES if name in side}, ""),
            _pairs(attrs, lambda side: side.get(PROFITABILITY, {}), f"{PROFITABILITY}."),
        )
        return attrs


Part = Callable[[Mapping[str, Any]], dict[str, Decimal]]


def _pairs(told: Mapping[str, Any], part: Part, prefix: str) -> dict[str, Limits]:
    floors, limits = part(told["floors"]), part(told["targets"])
    for name in sorted(floors.keys() ^ limits.keys()):
        side = "targets" if name in floors else "floors"
        raise serializers.ValidationError({f"{side}.{prefix}{name}": "Floor and target come together."})
    return {name: Limits(floors[name], limits[name]) for name in floors}


class TargetSerializer(TargetsSerializer):
    """A stored set of floors and targets."""

    id = serializers.IntegerField()
    follows_firm = serializers.BooleanField()
    state = serializers.ChoiceField(choices=Target.State.choices)
    proposed_by = serializers.CharField()
    proposed_at = serializers.DateTimeField()
    approved_by = serializers.CharField(allow_null=True)
    approved_at = serializers.DateTimeField(allow_null=True)

    def to_representation(self, target: Target) -> dict[str, Any]:
        return targets.target_body(target)


class KpiTargets(ListAPIView):
    """GET: targets in force, proposed and past. PUT: sets those of one unit, period type and first period."""

    required_scopes = {"GET": "scorecards:read", "PUT": "targets:write"}
    required_rights = {"GET": "kpis.view", "PUT": "kpis.targets"}
    serializer_class = TargetSerializer
    filterset_class = TargetFilters
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        return targets.visible_targets(self.request.user)

    @extend_schema(request=TargetsSerializer, responses={200: TargetSerializer, 202: TargetSerializer})
    def put(self, request: Request) -> Response:
        told = TargetsSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        values, caller = told.validated_data, _caller(request)
        unit_type, unit_code = _reachable_unit(caller, values["unit"])
        period = values.get("from_period")
        standing = actions.in_force(values["period_type"], unit_type, unit_code, period)
        check_match(request, _tag(standing) if standing else "")
        target = actions.tell_targets(
            actor=caller, period_type=values["period_type"], unit_type=unit_type, unit_code=unit_code,
            from_period=period, targets=values["limits"],
        )  # fmt: skip
        proposed = target.state == Target.State.PROPOSED
        code = status.HTTP_202_ACCEPTED if proposed else status.HTTP_200_OK
        return with_etag(Response(targets.target_body(target), code), _tag(target))


class UnitLimitsSerializer(serializers.Serializer):
    """One unit of many."""

    unit = serializers.CharField(max_length=40)
    floors = LimitsSerializer()
    targets = LimitsSerializer()


class ManyTargetsSerializer(serializers.Serializer):
    """Targets of many units for one period type and first period: all are taken, or none."""

    period_type = serializers.ChoiceField(choices=Target.PeriodType.choices)
    from_period = serializers.CharField(max_length=7, required=False, allow_null=True)
    units = UnitLimitsSerializer(many=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        shared = {name: attrs[name] for name in ("period_type", "from_period") if name in attrs}
        each = TargetsSerializer(data=[{**shared, **one} for one in self.initial_data["units"]], many=True)
        each.is_valid(raise_exception=True)
        attrs["each"] = each.validated_data
        return attrs


class ManyKpiTargets(GenericAPIView):
    """PUT sets or proposes the targets of up to 1 000 units in one deed."""

    required_scopes = {"PUT": "targets:write"}
    required_rights = {"PUT": "kpis.targets"}
    serializer_class = TargetSerializer
    queryset = Target.objects.none()

    @extend_schema(
        operation_id="kpi_targets_bulk", request=ManyTargetsSerializer, responses=TargetSerializer(many=True)
    )
    def put(self, request: Request) -> Response:
        told = ManyTargetsSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        caller, each = _caller(request), told.validated_data["each"]
        wishes = [
            actions.UnitTargets(*_reachable_unit(caller, one["unit"]), targets=one["limits"]) for one in each
        ]
        period = each[0].get("from_period") if each else None
        made = actions.tell_many(
            actor=caller, period_type=told.validated_data["period_type"], from_period=period, wishes=wishes
        )
        return Response([targets.target_body(target) for target in made])


def _caller(request: Request) -> Any:
    """A person or an API client; strangers do not get here."""
    return request.user


def _reachable_unit(caller: Any, label: str) -> tuple[str, str]:
    unit = cards.split_unit(label)
    if unit is None:
        raise serializers.ValidationError({"unit": "firm, region:CODE, branch:CODE or manager:NUMBER."})
    if not targets.may_reach(caller.scope_for("kpis.targets"), *unit):
        raise Http404
    return unit


def _tag(target: Target) -> str:
    return etag("targets", target.pk, target.state)


class ReturnSerializer(serializers.Serializer):
    """Which unit's targets end in favour of the firm's, and from which period on (none: all)."""

    period_type = serializers.ChoiceField(choices=Target.PeriodType.choices)
    unit = serializers.CharField(max_length=40)
    from_period = serializers.CharField(max_length=7, required=False, allow_null=True)

    validate_from_period = TargetsSerializer.validate_from_period


class ReturnToFirm(GenericAPIView):
    """POST: from a period on the firm's targets serve the unit again (200 in force, 202 proposed)."""

    required_scopes = {"POST": "targets:write"}
    required_rights = {"POST": "kpis.targets"}
    serializer_class = TargetSerializer
    queryset = Target.objects.none()

    @extend_schema(
        operation_id="kpi_targets_return",
        request=ReturnSerializer,
        responses={200: TargetSerializer, 202: TargetSerializer},
    )
    @idempotent
    def post(self, request: Request) -> Response:
        told = ReturnSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        values, caller = told.validated_data, _caller(request)
        unit_type, unit_code = _reachable_unit(caller, values["unit"])
        target = actions.return_to_firm(
            actor=caller, period_type=values["period_type"], unit_type=unit_type, unit_code=unit_code,
            from_period=values.get("from_period"),
        )  # fmt: skip
        proposed = target.state == Target.State.PROPOSED
        code = status.HTTP_202_ACCEPTED if proposed else status.HTTP_200_OK
        return Response(targets.target_body(target), code)


class TargetDecision(GenericAPIView):
    """POST /kpi-targets/{id}/approve/ or /reject/: the second person's word on proposed targets."""

    required_scopes: dict[str, str] = {}  # a person's word, never a system's
    required_rights = {"POST": "kpis.approve"}
    serializer_class = TargetSerializer
    deed: str = ""

    def get_queryset(self) -> Any:
        return targets.visible_targets(self.request.user)

    @extend_schema(request=None, responses={200: TargetSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        target = self.get_queryset().filter(pk=pk).first()
        if target is None:
            raise Http404
        decide = {"approve": actions.approve_targets, "reject": actions.reject_targets}[self.deed]
        return Response(targets.target_body(decide(actor=_caller(request), target=target)))
