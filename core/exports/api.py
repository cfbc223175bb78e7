"""REST of lists as files: for people with the rights, as on the pages, and systems with the scope (0044)."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.idempotency import idempotent
from core.exports import asking
from core.exports.views import delivered
from core.models import Export
from core.registry import list_sources

SHORTEST = 4  # characters of a purpose
SCOPE = "exports:request"


class ExportSerializer(serializers.ModelSerializer):
    """state: asked (waits for approval), refused, making, ready or expired.

    job, percent: of a file being made, where it failed too.
    """

    list = serializers.CharField(source="list_name")
    owner = serializers.CharField(source="owner_name")
    decided_by = serializers.CharField(source="decided_by_name")
    job = serializers.CharField(source="job.state", default="")
    percent = serializers.IntegerField(source="job.percent", default=None)

    class Meta:
        model = Export
        fields = [
            "id", "list", "query", "columns", "format", "purpose", "owner", "counted", "needs_approval",
            "state", "job", "percent", "decided_by", "decided_at", "decision_reason", "rows", "size",
            "created_at", "made_at", "expires_at",
        ]  # fmt: skip


class NewExportSerializer(serializers.Serializer):
    """query: the list's query string; purpose: stands in the file and in the audit trail."""

    query = serializers.CharField(max_length=2000, required=False, allow_blank=True, default="")
    format = serializers.ChoiceField(choices=Export.Format.choices, default=Export.Format.XLSX)
    purpose = serializers.CharField(min_length=SHORTEST, max_length=300)


class DecisionSerializer(serializers.Serializer):
    decision = serializers.ChoiceField(choices=["approve", "refuse"])
    reason = serializers.CharField(min_length=2, max_length=300)


class NewExport(GenericAPIView):
    required_rights = {"POST": asking.ASK}
    required_scopes = {"POST": SCOPE}
    serializer_class = NewExportSerializer

    @extend_schema(request=NewExportSerializer, responses={202: ExportSerializer})
    @idempotent
    def post(self, request: Request, name: str) -> Response:
        """Asks for a list as a file; above 1 000 rows compliance decides first."""
        source = list_sources().get(name)
        if source is None:
            raise Http404
        told = NewExportSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        export = asking.ask(actor=request.user, source=source, **told.validated_data)
        return Response(ExportSerializer(export).data, status.HTTP_202_ACCEPTED)


class Exports(ListAPIView):
    """What one asked for, newest first."""

    required_rights = {"GET": asking.ASK}
    required_scopes = {"GET": SCOPE}
    serializer_class = ExportSerializer
    filterset_class = None
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        return asking.own(self.request.user)


class ExportRequests(ListAPIView):
    """Requests that wait for a decision, oldest first."""

    required_rights = {"GET": asking.APPROVE}
    serializer_class = ExportSerializer
    filterset_class = None
    ordering = ("id",)

    def get_queryset(self) -> Any:
        return asking.to_decide() if asking.may_decide(self.request.user) else Export.objects.none()


class ExportDetail(RetrieveAPIView):
    """How far one's own file is."""

    required_rights = {"GET": asking.ASK}
    required_scopes = {"GET": SCOPE}
    serializer_class = ExportSerializer
    filterset_class = None

    def get_queryset(self) -> Any:
        return asking.own(self.request.user)


class ExportDecision(GenericAPIView):
    required_rights = {"POST": asking.APPROVE}
    serializer_class = DecisionSerializer

    @extend_schema(request=DecisionSerializer, responses={200: ExportSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Lets a large file be made, or refuses it; 409 for an own request."""
        export = asking.to_decide().filter(pk=pk).first()
        if export is None or not asking.may_decide(request.user):
            raise Http404
        told = DecisionSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        given = told.validated_data
        deed = asking.approve if given["decision"] == "approve" else asking.refuse
        export = deed(actor=request.user, export=export, reason=given["reason"])
        return Response(ExportSerializer(export).data)


class ExportFile(GenericAPIView):
    """The file itself, for whoever asked for it and still may; each download is on record."""

    required_rights = {"GET": asking.ASK}
    required_scopes = {"GET": SCOPE}

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int) -> StreamingHttpResponse:
        caller: Any = request.user
        export = asking.own(caller).filter(pk=pk).first()
        if export is None:
            raise Http404
        source = list_sources().get(export.list_name)
        if source is None or not caller.may(source.right):
            raise PermissionDenied
        return delivered(asking.fetched(actor=caller, export=export))
