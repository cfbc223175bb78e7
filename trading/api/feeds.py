"""REST of the feeds: sending packages, seeing what became of them, settling quarantined rows."""

from collections.abc import Iterator
from typing import Any, cast

from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.parsers import FileUploadParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.idempotency import idempotent
from core.audit import Actor
from trading import actions
from trading.feed.shown import shown_values
from trading.filters import PackageFilters, QuarantineFilters
from trading.models import FeedPackage, QuarantinedRow


class FeedPackageSerializer(serializers.ModelSerializer):
    """files: per file rows, loaded, quarantined and dropped (identical repeats)."""

    reason = serializers.CharField()
    files = serializers.SerializerMethodField()

    class Meta:
        model = FeedPackage
        fields = [
            "id",
            "name",
            "trade_date",
            "version",
            "state",
            "reason",
            "rows",
            "loaded",
            "quarantined",
            "files",
            "sent_by",
            "received_at",
            "finished_at",
        ]

    @extend_schema_field(serializers.DictField(child=serializers.DictField(child=serializers.IntegerField())))
    def get_files(self, package: FeedPackage) -> dict[str, dict[str, int]]:
        names = ("rows", "loaded", "quarantined", "dropped")
        return {file: {name: counts[name] for name in names} for file, counts in package.files.items()}


class QuarantinedRowSerializer(serializers.ModelSerializer):
    """raw: the row's values by column as delivered, personal numbers masked."""

    reason = serializers.CharField()
    raw = serializers.SerializerMethodField()

    class Meta:
        model = QuarantinedRow
        fields = [
            "id",
            "file",
            "line",
            "key",
            "column",
            "code",
            "reason",
            "raw",
            "state",
            "settled_at",
            "settled_by",
        ]

    @extend_schema_field(serializers.DictField(child=serializers.CharField(allow_blank=True)))
    def get_raw(self, row: QuarantinedRow) -> dict[str, str]:
        return {value.column: value.shown for value in shown_values(row)}


class ValuesSerializer(serializers.Serializer):
    """The columns to change; others stay as delivered."""

    values = serializers.DictField(child=serializers.CharField(allow_blank=True, trim_whitespace=False))


class ZipParser(FileUploadParser):
    """The zip itself as the request's body."""

    media_type = "application/zip"

    def get_filename(self, stream: Any, media_type: Any, parser_context: Any) -> str:
        return super().get_filename(stream, media_type, parser_context) or "package.zip"


UPLOAD = {
    "application/zip": OpenApiTypes.BINARY,
    "multipart/form-data": {
        "type": "object",
        "properties": {"file": {"type": "string", "format": "binary"}},
    },
}


class FeedPackages(ListAPIView):
    """Deliveries, newest first. POST a zip (as the body, or as form field `file`): 202, then it loads."""

    required_scopes = {"GET": "feeds:read", "POST": "feeds:write"}
    required_rights = {"GET": "feeds.view", "POST": "feeds.load"}
    serializer_class = FeedPackageSerializer
    filterset_class = PackageFilters
    parser_classes = [ZipParser, MultiPartParser]
    ordering = ("-id",)
    ordering_fields = {"id": "id", "trade_date": "trade_date"}

    def get_queryset(self) -> Any:
        return FeedPackage.objects.visible_to(self.request.user)

    @extend_schema(request=UPLOAD, responses={202: FeedPackageSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        demand_firm(request, "feeds.load")
        upload = request.FILES.get("file")
        if not isinstance(upload, UploadedFile):
            raise serializers.ValidationError({"file": "Send a zip."})
        package = actions.receive_package(
            name=upload.name or "package.zip", chunks=_chunks(upload), actor=cast(Actor, request.user)
        )
        return Response(FeedPackageSerializer(package).data, status=status.HTTP_202_ACCEPTED)


class FeedPackageDetail(RetrieveAPIView):
    """One delivery and what became of it."""

    required_scopes = {"GET": "feeds:read"}
    required_rights = {"GET": "feeds.view"}
    serializer_class = FeedPackageSerializer
    filterset_class = None

    def get_queryset(self) -> Any:
        return FeedPackage.objects.visible_to(self.request.user)


class PackageQuarantine(ListAPIView):
    """The quarantined rows of one package."""

    required_scopes = {"GET": "feeds:read"}
    required_rights = {"GET": "feeds.view"}
    serializer_class = QuarantinedRowSerializer
    filterset_class = QuarantineFilters
    ordering = ("id",)

    def get_queryset(self) -> Any:
        rows = QuarantinedRow.objects.visible_to(self.request.user)
        if getattr(self, "swagger_fake_view", False):
            return rows
        packages = FeedPackage.objects.visible_to(self.request.user)
        package = get_object_or_404(packages, pk=self.kwargs["pk"])
        return rows.filter(package=package).select_related("package")


class _Settle(APIView):
    required_scopes = {"POST": "feeds:write"}
    required_rights = {"POST": "feeds.release"}

    def row(self, pk: int) -> QuarantinedRow:
        demand_firm(self.request, "feeds.release")
        rows = QuarantinedRow.objects.visible_to(self.request.user).select_related("package")
        return get_object_or_404(rows, pk=pk)


class ReleaseRow(_Settle):
    """Takes a quarantined row in as it stands; 409 with the reason when it still has a fault."""

    @extend_schema(request=None, responses={200: QuarantinedRowSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        row = actions.release_row(row=self.row(pk), actor=cast(Actor, request.user))
        return Response(QuarantinedRowSerializer(row).data)


class CorrectRow(_Settle):
    """Takes a quarantined row in with changed values; 409 with the reason when it still has a fault."""

    @extend_schema(request=ValuesSerializer, responses={200: QuarantinedRowSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        row = self.row(pk)
        asked = ValuesSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        row = actions.correct_row(
            row=row, values=asked.validated_data["values"], actor=cast(Actor, request.user)
        )
        return Response(QuarantinedRowSerializer(row).data)


def demand_firm(request: Request, right: str) -> None:
    """Feeds are the whole firm's: a right at one branch is not enough."""
    caller: Any = request.user
    if not caller.scope_for(right).firm:
        raise PermissionDenied


def _chunks(upload: UploadedFile) -> Iterator[bytes]:
    return cast(Iterator[bytes], upload.chunks())
