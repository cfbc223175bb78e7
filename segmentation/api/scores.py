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
from segmentation.queries.steps import Changes, PartChange, Step, changes, steps


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
    """score, new, override, or kept when there is no score to go by; tier_rule says it more finely."""
    if row.tier_reason in ("new", "override"):
        return str(row.tier_reason)
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
    document["override"] = _override_document(explanation)
    document["changes"] = _changes_document(changes(explanation))
    document["services"] = [_step_document(step) for step in steps(explanation)]
    return document


def _changes_document(found: Changes | None) -> dict[str, Any] | None:
    """What moved the score since the close before, in points; null where one of the two is not scored."""
    if found is None:
        return None
    return {
        "since": found.since,
        "score_before": str(found.score_before),
        "score": str(found.score_now),
        "model_versions": list(found.versions),
        "axes": {axis.code: _moved(axis) | {"indicators": _moved_parts(axis)} for axis in found.axes},
    }


def _moved_parts(axis: PartChange) -> dict[str, Any]:
    return {
        part.code: {"raw_before": _text(part.raw_before), "raw": _text(part.raw_now), **_moved(part)}
        for part in axis.parts
    }


def _moved(part: PartChange) -> dict[str, str | None]:
    return {
        "score_before": _text(shown(part.score_before)),
        "score": _text(shown(part.score_now)),
        "points": _text(shown(part.points)),
    }


def _step_document(step: Step) -> dict[str, Any]:
    """A service that would raise the score, with the raw values it would lead to."""
    return {
        "service": step.service,
        "raw": {name: str(value) for name, value in step.values.items()},
        "gain": _text(shown(step.gain)),
        "score": _text(shown(step.score)),
        "tier": step.tier or None,
    }


def _override_document(explanation: Explanation) -> dict[str, Any] | None:
    """Who set the tier by hand until when, and the tier by the rules alone; null where the rules set it."""
    one = explanation.override
    if one is None or one.approved_by is None:
        return None
    return {
        "id": one.pk,
        "tier": one.tier,
        "rules_tier": explanation.without or None,
        "reason": one.reason,
        "from": one.from_on,
        "until": one.until_on,
        "proposed_by": one.proposed_by.username,
        "approved_by": one.approved_by.username,
    }


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


class ServiceSerializer(serializers.Serializer):
    """raw: the values that the service would lead to; gain: points; tier: a higher one it would reach."""

    service = serializers.CharField()
    raw = serializers.DictField(child=serializers.CharField())
    gain = serializers.CharField()
    score = serializers.CharField()
    tier = serializers.CharField(allow_null=True)


class MovedSerializer(serializers.Serializer):
    """points: what the part adds now less what it added at the close before."""

    raw_before = serializers.CharField(allow_null=True, required=False)
    raw = serializers.CharField(allow_null=True, required=False)
    score_before = serializers.CharField(allow_null=True)
    score = serializers.CharField(allow_null=True)
    points = serializers.CharField()


class MovedAxisSerializer(MovedSerializer):
    indicators = serializers.DictField(child=MovedSerializer())


class ChangesSerializer(serializers.Serializer):
    since = serializers.DateField()
    score_before = serializers.CharField()
    score = serializers.CharField()
    model_versions = serializers.ListField(child=serializers.IntegerField(allow_null=True))
    axes = serializers.DictField(child=MovedAxisSerializer())


class ExplainedScoreSerializer(ScoreSerializer):
    """The same with what explains it: override is null where the rules set the tier, changes where the score
    or that of the close before is missing; services that would raise the score, the best first."""

    override = serializers.DictField(child=serializers.CharField(), allow_null=True)
    changes = ChangesSerializer(allow_null=True)
    services = ServiceSerializer(many=True)


class ClientScoreView(GenericAPIView):
    """A client's score with its explanation, as of a month close or the last night (the default)."""

    required_scopes = {"GET": "scores:read"}
    required_rights = {"GET": "clients.view"}
    serializer_class = ExplainedScoreSerializer
    pagination_class = None

    @extend_schema(parameters=[OpenApiParameter("as_of", DAY)], responses={200: ExplainedScoreSerializer})
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
