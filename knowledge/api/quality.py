"""REST of inspections: results in sight, and their figures."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from knowledge.filters.quality import InspectionFilters
from knowledge.forms.quality import PeriodForm
from knowledge.models import Inspection, InspectionAnswer
from knowledge.queries import quality as queries


class AnswerSerializer(serializers.ModelSerializer):
    """How an item was found: met, partly, missed or na."""

    class Meta:
        model = InspectionAnswer
        fields = ["item", "result", "comment"]


class InspectionSerializer(serializers.ModelSerializer):
    """An inspection; points, passed and answers once it is scored."""

    form = serializers.CharField(source="form.code")
    form_number = serializers.IntegerField(source="form.number")
    agent = serializers.CharField(source="agent.username")
    unit = serializers.CharField(source="unit.code")
    inspector = serializers.CharField(source="inspector.username", default=None)
    answers = AnswerSerializer(many=True)

    class Meta:
        model = Inspection
        fields = [
            "id", "form", "form_number", "kind", "subject", "agent", "unit", "channel", "category",
            "happened_at", "state", "inspector", "points", "passed", "fatal", "comment", "coaching",
            "scored_at", "supersedes", "answers",
        ]  # fmt: skip


class FigureSerializer(serializers.Serializer):
    """Results that stand, of one agent, unit, month or channel. pass_share is a ratio."""

    key = serializers.CharField()
    name = serializers.CharField()
    inspections = serializers.IntegerField()
    points = serializers.DecimalField(max_digits=5, decimal_places=2)
    passed = serializers.IntegerField()
    pass_share = serializers.DecimalField(max_digits=5, decimal_places=4)
    fatal = serializers.IntegerField()
    appeals = serializers.IntegerField()
    accepted = serializers.IntegerField()


class InspectionFilterSet(InspectionFilters, filters.FilterSet):
    """The list page's filters, by the same names."""


class _InSight(GenericAPIView):
    required_scopes = {"GET": "quality:read"}
    required_rights = {"GET": "quality.view"}
    serializer_class = InspectionSerializer

    def get_queryset(self) -> QuerySet[Inspection]:
        rows = Inspection.objects.visible_to(self.request.user)
        return rows.select_related("form", "agent", "unit", "inspector").prefetch_related("answers")


class Inspections(_InSight, ListAPIView):
    """Inspections in sight, newest contact first."""

    filterset_class = InspectionFilterSet
    ordering = ("-happened_at",)
    ordering_never_null = ("happened_at",)
    ordering_fields = {"happened_at": "happened_at", "scored_at": "scored_at", "points": "points"}


class InspectionDetail(_InSight, RetrieveAPIView):
    """One inspection."""


class QualityFigures(APIView):
    """Figures of a period (since, until; the last 90 days), by agent, unit, month or channel."""

    required_scopes = {"GET": "quality:read"}
    required_rights = {"GET": "quality.figures"}

    @extend_schema(
        parameters=[
            OpenApiParameter("since", OpenApiTypes.DATE), OpenApiParameter("until", OpenApiTypes.DATE),
            OpenApiParameter("by", str, enum=queries.GROUPS),
        ],
        responses=FigureSerializer(many=True),
    )  # fmt: skip
    def get(self, request: Request) -> Response:
        form = PeriodForm(request.query_params)
        if not form.is_valid():
            raise ValidationError({field: list(map(str, faults)) for field, faults in form.errors.items()})
        reader: Any = request.user
        rows = queries.figures(reader, by=form.group, **form.period())
        return Response(FigureSerializer(rows, many=True).data)
