"""REST of scores with their explanation."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.api import caller_client
from core.api.pagination import KeysetPagination
from core.runs import last_finished
from segmentation.api.asking import DAY, SCORES, TIERS, caller, day_of
from segmentation.models import ModelVersion
from segmentation.queries import rows, units
from segmentation.queries.explain import AxisPart, Explanation, IndicatorPart, explain, shown


def _text(value: Decimal | int | None) -> str | None:
    return None if value is None else str(value)


def row_document(row: rows.Row, version: ModelVersion, retention: dict[str, Fraction]) -> dict[str, Any]:
    """A row of scores without its indicators."""
    rules = version.rules
    axes = {
        axis: {"score": _axis_text(getattr(row, axis)), "weight": str(weight)}
        for axis, weight in rules.axes.items()
    }
    return {
        "client_no": row.client.client_no,
        "as_of": row.as_of,
        "model_version": version.number if row.model_version_id else None,
        "score": _text(row.score),
        "provisional": row.provisional,
        "tier": row.tier or None,
        "tier_since": row.tier_since,
        "tier_reason": _reason(row),
        "tier_rule": row.tier_reason or None,
        "matrix": row.matrix or None,
        "stage": row.stage or None,
        "flags": row.flags,
        "clv": _text(rows.lifetime_value(row.contribution_12m, retention.get(row.tier), rules)),
        "unit": {"branch": row.branch.code, "manager": row.manager_no},
        "axes": axes,
    }


def _reason(row: rows.Row) -> str | None:
    """score, new, or kept when there is no score to go by; tier_rule says it more finely."""
    if row.tier_reason == "new":
        return "new"
    if not row.tier:
        return None
    return "score" if row.score is not None else "kept"


def _axis_text(value: float | None) -> str | None:
    """An axis score with 2 places, rounded through 9 as the score itself."""
    if value is None:
        return None
    exact = Fraction(round(Decimal(value), 9))
    return str(rows.half_up(exact, 2))


def explanation_document(explanation: Explanation) -> dict[str, Any]:
    """A row of scores with every indicator's raw value, score, weight and what it adds."""
    row = explanation.row
    version = explanation.version or ModelVersion.objects.first_version()
    document = row_document(row, version, rows.retention_on(row.as_of))
    document["axes"] = {axis.code: _axis_document(axis) for axis in explanation.axes}
    return document


def _axis_document(axis: AxisPart) -> dict[str, Any]:
    return {
        "score": _text(shown(axis.score)),
        "weight": str(axis.weight),
        "used_weight": _text(shown(axis.share, 4)),
        "adds": _text(shown(axis.adds)),
        "indicators": {part.indicator.code: _indicator_document(part) for part in axis.indicators},
    }


def _indicator_document(part: IndicatorPart) -> dict[str, Any]:
    return {
        "raw": _text(part.raw),
        "score": _text(shown(part.score)),
        "weight": str(part.indicator.weight),
        "used_weight": _text(shown(part.share, 4)),
        "adds": _text(shown(part.adds)),
    }


class PartSerializer(serializers.Serializer):
    """weight is the model's; used_weight after missing weight was spread; adds is in points of the score."""

    score = serializers.CharField(allow_null=True)
    weight = serializers.CharField()
    used_weight = serializers.CharField(allow_null=True, required=False)
    adds = serializers.CharField(allow_null=True, required=False)


class IndicatorSerializer(PartSerializer):
    raw = serializers.CharField(allow_null=True)


class AxisSerializer(PartSerializer):
    indicators = serializers.DictField(child=IndicatorSerializer(), required=False)


class ScoreSerializer(serializers.Serializer):
    """A client's value on a date; null where something is missing."""

    client_no = serializers.CharField()
    as_of = serializers.DateField()
    model_version = serializers.IntegerField(allow_null=True)
    score = serializers.CharField(allow_null=True)
    provisional = serializers.BooleanField()
    tier = serializers.CharField(allow_null=True)
    tier_since = serializers.DateField(allow_null=True)
    tier_reason = serializers.CharField(allow_null=True)
    tier_rule = serializers.CharField(allow_null=True)
    matrix = serializers.CharField(allow_null=True)
    stage = serializers.CharField(allow_null=True)
    flags = serializers.ListField(child=serializers.CharField())
    clv = serializers.CharField(allow_null=True)
    unit = serializers.DictField(child=serializers.CharField())
    axes = serializers.DictField(child=AxisSerializer())


class ClientScoreView(GenericAPIView):
    """A client's score with its explanation, as of a month close or the last night (the default)."""

    required_scopes = {"GET": "scores:read"}
    required_rights = {"GET": "clients.view"}
    serializer_class = ScoreSerializer
    pagination_class = None

    @extend_schema(parameters=[OpenApiParameter("as_of", DAY)], responses={200: ScoreSerializer})
    def get(self, request: Request, client_no: str) -> Response:
        client = caller_client(request, client_no)
        return Response(explanation_document(explain(client, day_of(request, "as_of"))))


class Scores(GenericAPIView):
    """Clients with a tier on a date (S12), by tier and unit (firm, region:R1, branch:1001, manager:M1)."""

    required_scopes = SCORES["required_scopes"]
    required_rights = SCORES["required_rights"]
    serializer_class = ScoreSerializer
    pagination_class = KeysetPagination
    filter_backends = ()
    ordering = ("client_id",)
    ordering_tie = ("client_id",)
    ordering_fields = {"client_no": "client__client_no", "score": "score"}

    @extend_schema(
        parameters=[
            OpenApiParameter("as_of", DAY),
            OpenApiParameter("tier", str, enum=TIERS),
            OpenApiParameter("unit", str),
        ],
        responses={200: ScoreSerializer(many=True)},
    )
    def get(self, request: Request) -> Response:
        as_of = day_of(request, "as_of") or _night()
        found = self._narrowed(request, as_of)
        retention = rows.retention_on(as_of)
        versions = rows.versions()
        page = self.paginate_queryset(found) or []
        return self.get_paginated_response(
            [row_document(row, versions[row.model_version_id], retention) for row in page]
        )

    def _narrowed(self, request: Request, as_of: date) -> Any:
        unit = units.named(request.query_params.get("unit", ""), caller(request).scope, as_of)
        found = rows.scores_on(request.user, as_of)
        if request.query_params.get("unit"):
            found = unit.narrow(found)
        tier = request.query_params.get("tier", "")
        if tier and tier not in TIERS:
            raise ValidationError({"tier": [ErrorDetail(f"One of {', '.join(TIERS)}.", "invalid_choice")]})
        return found.filter(tier=tier) if tier else found


def _night() -> date:
    run = last_finished()
    if run is None:
        raise rows.NoScore("No nightly run has finished yet.")
    return run.as_of
