"""REST of imports, one's own alone: for people with the right, systems with the scope (decision 0044)."""

from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from clients.actions import imports as deeds
from clients.importing.columns import FIELDS
from clients.importing.plans import RIGHT
from clients.models import ClientImport
from clients.queries import imports as queries
from clients.queries.prospects import enterable_branches
from core.api.idempotency import idempotent

MOST_SHOWN = 50
SCOPE = "clients:write"


class ImportSerializer(serializers.ModelSerializer):
    """An uploaded table. mapping: by place of the column the field it fills, '' for none.

    counts: rows by what became of them, or would: create, update, skip, fail, undone, stayed.
    """

    percent = serializers.IntegerField(source="job.percent", default=None)
    job = serializers.CharField(source="job.state", default="")
    may_undo = serializers.SerializerMethodField()

    class Meta:
        model = ClientImport
        fields = [
            "id", "name", "state", "refusal", "form", "columns", "mapping", "branch", "rows", "counts",
            "job", "percent", "may_undo", "created_at", "done_at",
        ]  # fmt: skip

    @extend_schema_field(serializers.BooleanField())
    def get_may_undo(self, made: ClientImport) -> bool:
        return deeds.may_undo(made)


class MappingSerializer(serializers.Serializer):
    """A field ('' for none) for each column; branch: the code for new prospects where no column says it."""

    mapping = serializers.ListField(child=serializers.ChoiceField(choices=["", *FIELDS], allow_blank=True))
    branch = serializers.CharField(max_length=20, required=False, allow_blank=True, default="")

    def validate_branch(self, code: str) -> str:
        if code and not enterable_branches(self.context["request"].user).filter(code=code).exists():
            raise serializers.ValidationError("There is no such branch in your reach.")
        return code


class SampleSerializer(serializers.Serializer):
    """A row of the upload and what becomes of it."""

    number = serializers.IntegerField()
    cells = serializers.ListField(child=serializers.CharField(allow_blank=True))
    does = serializers.CharField()
    why = serializers.CharField()
    client_no = serializers.CharField()
    fields_changed = serializers.ListField(child=serializers.CharField(), source="fields")


UPLOAD = {
    "multipart/form-data": {
        "type": "object",
        "required": ["table"],
        "properties": {"table": {"type": "string", "format": "binary"}},
    }
}


class Imports(ListAPIView):
    """One's own imports, newest first. POST a CSV or XLSX as form field `table`: 202, then it is read."""

    required_rights = {"GET": RIGHT, "POST": RIGHT}
    required_scopes = {"GET": SCOPE, "POST": SCOPE}
    serializer_class = ImportSerializer
    filterset_class = None
    parser_classes = [MultiPartParser]
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        return ClientImport.objects.visible_to(self.request.user).select_related("job")

    @extend_schema(request=UPLOAD, responses={202: ImportSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        table = request.FILES.get("table")
        if not isinstance(table, UploadedFile):
            raise serializers.ValidationError({"table": "Send a CSV or XLSX file."})
        caller: Any = request.user
        made = deeds.receive_import(actor=caller, name=table.name or "table", chunks=table.chunks())
        return Response(ImportSerializer(made).data, status.HTTP_202_ACCEPTED)


class _OneImport(GenericAPIView):
    """A deed on one's own import."""

    required_rights = {"POST": RIGHT}
    required_scopes = {"POST": SCOPE}
    serializer_class = ImportSerializer
    queryset = ClientImport.objects.none()  # found() says which; the schema wants to know the kind

    def found(self, pk: int) -> ClientImport:
        mine = ClientImport.objects.visible_to(self.request.user).select_related("job")
        made = mine.filter(pk=pk).first()
        if made is None:
            raise Http404
        return made

    def accepted(self, made: ClientImport) -> Response:
        return Response(ImportSerializer(made).data, status.HTTP_202_ACCEPTED)


class ImportDetail(_OneImport):
    """What the import waits for, does or did, and how far it is."""

    required_rights = {"GET": RIGHT}
    required_scopes = {"GET": SCOPE}

    @extend_schema(responses=ImportSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(ImportSerializer(self.found(pk)).data)


class ImportMapping(_OneImport):
    @extend_schema(request=MappingSerializer, responses={202: ImportSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Names the columns and tries the rows without effect; 409 for a mapping that can't be."""
        made = self.found(pk)
        told = MappingSerializer(data=request.data, context={"request": request})
        told.is_valid(raise_exception=True)
        caller: Any = request.user
        return self.accepted(deeds.name_columns(actor=caller, made=made, **told.validated_data))


class ImportStart(_OneImport):
    @extend_schema(request=None, responses={202: ImportSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Does what was tried; 409 unless it stands tried."""
        caller: Any = request.user
        return self.accepted(deeds.start_import(actor=caller, made=self.found(pk)))


class ImportUndo(_OneImport):
    @extend_schema(request=None, responses={202: ImportSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        """Takes back what was done, where nobody changed it since; within seven days, else 409."""
        caller: Any = request.user
        return self.accepted(deeds.start_undo(actor=caller, made=self.found(pk)))


class ImportRows(_OneImport):
    """The first rows (50) of which `?does=` becomes: create, update, skip, fail (default), undone, stayed."""

    required_rights = {"GET": RIGHT}
    required_scopes = {"GET": SCOPE}

    @extend_schema(responses=SampleSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        does = request.query_params.get("does", "fail")
        if does not in queries.DID:
            raise serializers.ValidationError({"does": f"One of: {', '.join(queries.DID)}."})
        rows = queries.samples(self.found(pk), does, MOST_SHOWN)
        return Response(SampleSerializer(rows, many=True).data)


class ImportFailed(_OneImport):
    """All rows that were not done, with the same columns and the reason, as CSV."""

    required_rights = {"GET": RIGHT}
    required_scopes = {"GET": SCOPE}

    @extend_schema(responses={(200, "text/csv"): OpenApiTypes.STR})
    def get(self, request: Request, pk: int) -> StreamingHttpResponse:
        made = self.found(pk)
        answer = StreamingHttpResponse(queries.failed_lines(made), content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="import-{made.pk}-failed.csv"'
        return answer
