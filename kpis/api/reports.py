"""REST of client analysis reports: what is out, with facts, figures and texts of each section."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_field
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import etag, with_etag
from kpis.models import Report
from kpis.queries import reports
from kpis.queries.reports import Shown
from kpis.reporting.facts import filled


class ClientReportSerializer(serializers.ModelSerializer):
    """A month's report; people by user name, null until then.

    number: 1, and one more for each correction; corrects and corrected_by: the numbers before and after it,
    null without one (a correction counts once it is released), reason: why it corrects.
    """

    corrects = serializers.IntegerField(source="corrects.number", default=None)
    corrected_by = serializers.IntegerField(source="taken_over_by.number", default=None)

    submitted_by = serializers.CharField(source="submitted_by.username", default=None)
    released_by = serializers.CharField(source="released_by.username", default=None)

    class Meta:
        model = Report
        fields = [
            "period", "number", "corrects", "reason", "corrected_by", "as_of", "state", "provisional",
            "figures_at", "submitted_by", "submitted_at", "released_by", "released_at",
        ]  # fmt: skip


class ReportSectionSerializer(serializers.Serializer):
    """A section: exact facts by name, the figures behind its pictures, the texts with their facts filled in.

    Numbers are text; a missing fact is null.
    """

    key = serializers.CharField()
    title = serializers.CharField()
    facts = serializers.DictField(child=serializers.CharField(allow_null=True))
    figures = serializers.DictField()
    text_zh = serializers.CharField()
    text_en = serializers.CharField()
    version = serializers.IntegerField()

    def to_representation(self, shown: Shown) -> dict[str, Any]:
        figures = dict(shown.section.figures)
        facts = figures.pop("facts")
        return {
            "key": shown.key,
            "title": shown.title,
            "facts": {name: value for name, (_kind, value) in facts.items()},
            "figures": figures,
            "text_zh": filled(shown.text.text_zh, facts),
            "text_en": filled(shown.text.text_en, facts),
            "version": shown.text.number,
        }


class ClientReportBodySerializer(ClientReportSerializer):
    """The report with its sections in their order."""

    sections = serializers.SerializerMethodField()

    class Meta(ClientReportSerializer.Meta):
        fields = [*ClientReportSerializer.Meta.fields, "sections"]

    @extend_schema_field(ReportSectionSerializer(many=True))
    def get_sections(self, report: Report) -> list[dict[str, Any]]:
        return ReportSectionSerializer(reports.sections_of(report), many=True).data  # type: ignore[return-value]


class ClientReports(ListAPIView):
    """Client analysis reports, the newest first: of those who see the whole firm."""

    required_scopes = {"GET": "reports:read"}
    required_rights = {"GET": "reports.view"}
    serializer_class = ClientReportSerializer
    filter_backends: list[Any] = []
    ordering = ("-period", "-number")
    ordering_never_null = ("period", "number")

    def get_queryset(self) -> Any:
        return reports.listed(self.request.user)


class ClientReportDetail(RetrieveAPIView):
    """One report by its month, such as 2026-10: of a number, else the newest in sight."""

    required_scopes = {"GET": "reports:read"}
    required_rights = {"GET": "reports.view"}
    serializer_class = ClientReportBodySerializer
    lookup_field = "period"
    queryset = Report.objects.none()

    @extend_schema(parameters=[OpenApiParameter("number", int, description="1 for what was released first")])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        asked = request.query_params.get("number", "0")
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 5):
            raise Http404
        report = reports.in_sight(request.user, self.kwargs["period"], int(asked))
        body = self.get_serializer(report).data
        versions = [section["version"] for section in body["sections"]]
        return with_etag(
            Response(body), etag("report", report.pk, report.version, report.figures_at, versions)
        )
