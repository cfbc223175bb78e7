"""REST of trials: what other weights, constants and targets would do to all units of a type."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from kpis.api.cards import CardUnitSerializer
from kpis.forms.whatif import WhatIfForm
from kpis.models import Scorecard, UnitType
from kpis.queries.shape import rounded
from kpis.queries.whatif import Tried, base_scheme, try_out
from kpis.rules import Period, parse_period
from kpis.rules.scheme import INDICATORS

TEXT = {"type": "string"}
TRIED = [
    *(f"weight_{name}" for name in INDICATORS), "weight_group_{GROUP}", "cap", "share_needed", "small_base",
    "base_added", "small_group", "group_added", "new_floor", "new_target", "lost_floor", "lost_target",
    "upgraded_floor", "upgraded_target", "group_{GROUP}_floor", "group_{GROUP}_target",
]  # fmt: skip


class TriedPlaceSerializer(serializers.Serializer):
    now = serializers.IntegerField(allow_null=True)
    tried = serializers.IntegerField(allow_null=True)


class TriedScoreSerializer(serializers.Serializer):
    now = serializers.CharField(allow_null=True)
    tried = serializers.CharField(allow_null=True)


class TriedUnitSerializer(serializers.Serializer):
    """A unit as its card is and as it would be; places are among all units of the type."""

    unit = CardUnitSerializer()
    place = TriedPlaceSerializer()
    total = TriedScoreSerializer()
    new = TriedScoreSerializer()
    lost = TriedScoreSerializer()
    upgraded = TriedScoreSerializer()
    profitability = TriedScoreSerializer()

    def to_representation(self, row: Tried) -> dict[str, Any]:
        card = row.card
        return {
            "unit": {"type": card.unit_type, "code": card.unit_code or None, "name": card.unit_name},
            "place": {"now": row.place, "tried": row.place_after},
            "total": _pair(card.total, row.total_after),
            **{name: _pair(now, tried) for name, now, tried in row.by_indicator},
        }


def _pair(now: Any, tried: Any) -> dict[str, str | None]:
    return {"now": rounded(now, 4), "tried": rounded(tried, 4)}


class WhatIf(GenericAPIView):
    """Units of a type in a period, best tried total first. Nothing is stored.

    base: version:2 or draft:5 (of drafts in sight); by default the version that serves the period. What is
    not given stays as the base or the unit's own targets say.
    """

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = TriedUnitSerializer
    queryset = Scorecard.objects.none()
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(
        operation_id="scorecards_what_if",
        parameters=[
            OpenApiParameter("period", TEXT, required=True),
            OpenApiParameter("unit_type", TEXT, enum=list(UnitType.values)),
            OpenApiParameter("base", TEXT),
            *(OpenApiParameter(name, {"type": "number"}) for name in TRIED),
        ],
        responses={200: TriedUnitSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        period, unit_type = _period(request), request.query_params.get("unit_type", UnitType.BRANCH)
        user: Any = request.user
        scheme = base_scheme(user, request.query_params.get("base", ""), period)
        if scheme is None:
            raise serializers.ValidationError({"base": "No such version or draft in sight."})
        if unit_type not in UnitType.values:
            raise serializers.ValidationError({"unit_type": f"One of: {', '.join(UnitType.values)}."})
        form = WhatIfForm(request.query_params, scheme=scheme)
        if not form.is_valid():
            raise serializers.ValidationError(
                {name: [str(one) for one in words] for name, words in form.errors.items()}
            )
        rows = try_out(user, period, unit_type, form.trial()).rows
        return Response(TriedUnitSerializer(rows, many=True).data)


def _period(request: Request) -> Period:
    try:
        return parse_period(request.query_params.get("period", ""))
    except ValueError as error:
        raise serializers.ValidationError({"period": str(error)}) from error
