"""REST of model versions: what each says, what it changed, and its breakpoints."""

from decimal import Decimal
from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from segmentation.api.asking import SCORES
from segmentation.models import Breakpoint, ModelVersion
from segmentation.queries import drafts as queries


class ModelVersionSerializer(serializers.ModelSerializer):
    """A published version; serves_from null: from the beginning. changes: against the one before."""

    changes = serializers.SerializerMethodField()

    class Meta:
        model = ModelVersion
        fields = [
            "number", "state", "serves_from", "breakpoints_as_of", "short_history", "proposed_by",
            "approved_by", "published_at", "definition", "changes",
        ]  # fmt: skip

    def get_changes(self, version: ModelVersion) -> list[dict[str, str]]:
        return [vars(change) for change in queries.changes_of(version)]


class ModelVersions(ListAPIView):
    """All versions of the value model, newest first."""

    required_scopes = SCORES["required_scopes"]
    required_rights = SCORES["required_rights"]
    serializer_class = ModelVersionSerializer
    filterset_class = None
    ordering = ("-number",)
    ordering_fields = {"number": "number"}
    ordering_tie = ("number",)

    def get_queryset(self) -> Any:
        return ModelVersion.objects.all()


class ModelVersionDetail(RetrieveAPIView):
    """One version."""

    required_scopes = SCORES["required_scopes"]
    required_rights = SCORES["required_rights"]
    serializer_class = ModelVersionSerializer
    lookup_field = "number"
    lookup_url_kwarg = "version"

    def get_queryset(self) -> Any:
        return ModelVersion.objects.all()


class PointSerializer(serializers.Serializer):
    p = serializers.IntegerField()
    value = serializers.CharField()


class PointsSerializer(serializers.Serializer):
    results = PointSerializer(many=True)


class Breakpoints(GenericAPIView):
    """The 101 quantiles of an indicator for a kind of client in a version; none when nobody had a value."""

    required_scopes = SCORES["required_scopes"]
    required_rights = SCORES["required_rights"]
    serializer_class = PointsSerializer
    pagination_class = None

    @extend_schema(
        parameters=[
            OpenApiParameter("kind", str, required=True),
            OpenApiParameter("indicator", str, required=True),
        ]
    )
    def get(self, request: Request, version: int) -> Response:
        model = ModelVersion.objects.filter(number=version).first()
        if model is None:
            raise Http404("No such version.")
        indicators = {one.code: one for one in model.rules.indicators}
        kind, code = request.query_params.get("kind", ""), request.query_params.get("indicator", "")
        if code not in indicators:
            raise ValidationError(
                {"indicator": [ErrorDetail(f"One of {', '.join(indicators)}.", "invalid_choice")]}
            )
        points = Breakpoint.objects.filter(model_version=model, kind=kind, indicator=code).order_by("p")
        unit = Decimal(1).scaleb(-indicators[code].places)
        return Response(
            {"results": [{"p": point.p, "value": str(point.value.quantize(unit))} for point in points]}
        )
