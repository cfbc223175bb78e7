"""REST of scorecards and targets (docs/scorecards.md)."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from kpis import actions
from kpis.filters import CardFilters, TargetFilters
from kpis.models import Passage, Scorecard, Target
from kpis.queries import cards, members, targets
from kpis.queries.overridden import CardEffect, effects
from kpis.queries.shape import card_body, rounded
from kpis.rules import COUNTS, Limits, Period, Targets, parse_period
from kpis.rules.scheme import PROFITABILITY, RATES


class CardUnitSerializer(serializers.Serializer):
    type = serializers.CharField()
    code = serializers.CharField(allow_null=True)
    name = serializers.CharField()


class ScorecardSerializer(serializers.Serializer):
    """A card: rates with 6 places, scores, totals and money with 4; a missing value is null."""

    id = serializers.IntegerField()
    unit = CardUnitSerializer()
    period = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField()
    revision = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Scorecard.State.choices)
    completeness = serializers.ChoiceField(choices=["full", "partial", "none"])
    flags = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.DictField())
    as_of = serializers.DateField()
    scheme_version = serializers.IntegerField()
    model_version = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    indicators = serializers.DictField()
    total = serializers.DecimalField(max_digits=10, decimal_places=4, allow_null=True)

    def to_representation(self, card: Scorecard) -> dict[str, Any]:
        return card_body(card)


class Scorecards(ListAPIView):
    """Current cards of the units the caller may see, newest period first."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = ScorecardSerializer
    filterset_class = CardFilters
    ordering = ("-start", "-id")
    ordering_fields = {"start": "start", "total": "total", "unit": "unit_code"}

    def get_queryset(self) -> Any:
        return cards.cards(self.request.user)


class WithAndWithoutSerializer(serializers.Serializer):
    """As it is and as the rules alone would have it; null where it is missing."""

    given = serializers.CharField(allow_null=True)
    without = serializers.CharField(allow_null=True)


class CardEffectSerializer(serializers.Serializer):
    """A card that tiers by hand change. counts: what the rules alone would add to the card's counts."""

    unit = CardUnitSerializer()
    period = serializers.CharField()
    revision = serializers.IntegerField()
    clients = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    upgraded = WithAndWithoutSerializer()
    profitability = WithAndWithoutSerializer()
    total = WithAndWithoutSerializer()

    def to_representation(self, effect: CardEffect) -> dict[str, Any]:
        card = effect.card
        scores = {name: _both(given, without) for name, given, without in effect.scores}
        return {
            "unit": {"type": card.unit_type, "code": card.unit_code or None, "name": card.unit_name},
            "period": card.period,
            "revision": card.revision,
            "clients": effect.clients,
            "counts": dict(effect.counts),
            **scores,
            "total": _both(effect.given.total, effect.without.total),
        }


def _both(given: Decimal | None, without: Decimal | None) -> dict[str, str | None]:
    return {"given": rounded(given, 4), "without": rounded(without, 4)}


class OverrideEffects(GenericAPIView):
    """Cards of a period (firm and branches in sight) that come out otherwise without tiers by hand."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = CardEffectSerializer
    queryset = Scorecard.objects.none()
    pagination_class = None

    @extend_schema(
        operation_id="scorecards_override_effect",
        parameters=[OpenApiParameter("period", str, required=True)],
        responses=CardEffectSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        try:
            period = parse_period(request.query_params.get("period", ""))
        except ValueError as error:
            raise serializers.ValidationError({"period": [str(error)]}) from error
        return Response(CardEffectSerializer(effects(request.user, period), many=True).data)


class ScorecardDetail(RetrieveAPIView):
    """One revision of a card."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = ScorecardSerializer

    def get_queryset(self) -> Any:
        return cards.all_revisions(self.request.user)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        card = self.get_object()
        return with_etag(Response(card_body(card)), etag("scorecard", card.pk, card.fingerprint, card.as_of))


class PassageSerializer(serializers.ModelSerializer):
    """A client behind a number: unit and tier at the opening and at the close that count."""

    client_no = serializers.CharField(source="client.client_no")
    branch_from = serializers.CharField(source="opening_branch")
    branch_to = serializers.CharField(source="closing_branch")
    manager_from = serializers.CharField(source="opening_manager")
    manager_to = serializers.CharField(source="closing_manager")

    class Meta:
        model = Passage
        fields = [
            "client_no", "branch_from", "branch_to", "manager_from", "manager_to", "tier_from", "tier_to",
        ]  # fmt: skip


class ScorecardClients(ListAPIView):
    """The clients behind one number of a card, those the caller may see."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = PassageSerializer
    filter_backends: list[Any] = []
    ordering = ("client__client_no",)
    ordering_tie = ("client_id",)
    ordering_never_null = ("client__client_no",)

    @extend_schema(parameters=[OpenApiParameter("number", required=True, enum=list(COUNTS))])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Passage.objects.none()
        card = cards.all_revisions(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if card is None:
            raise Http404
        number = self.request.query_params.get("number", "")
        if number not in COUNTS:
            raise serializers.ValidationError({"number": f"One of: {', '.join(COUNTS)}."})
        return members.behind(card, number, self.request.user).select_related("client")


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
