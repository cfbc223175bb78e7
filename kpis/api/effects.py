"""REST of what tiers by hand do to cards."""

from decimal import Decimal
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from kpis.api.cards import CardUnitSerializer
from kpis.models import Scorecard
from kpis.queries.overridden import CardEffect, effects
from kpis.queries.shape import rounded
from kpis.rules import parse_period


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
