"""REST of model versions."""

from decimal import Decimal

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from segmentation.api.asking import SCORES
from segmentation.models import Breakpoint, ModelVersion


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
