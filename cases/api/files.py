"""REST of a case's files."""

from typing import Any
from uuid import UUID

from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from cases.actions.files import add_files, note_opened
from cases.api.cases import READ, WRITE, OneCase, checked
from cases.models import CaseFile
from cases.queries.files import clean_file, files_of
from core.api.idempotency import idempotent
from core.files.forms import opened
from core.files.serving import download

UPLOAD = {
    "multipart/form-data": {
        "type": "object",
        "required": ["file"],
        "properties": {"file": {"type": "array", "items": {"type": "string", "format": "binary"}}},
    }
}


class CaseFileSerializer(serializers.ModelSerializer):
    """A file of a case; it can be read once its state is clean."""

    class Meta:
        model = CaseFile
        fields = ["key", "name", "content_type", "size", "sha256", "state", "added_by", "added_at"]


class Files(OneCase):
    """The files put into a case. POST brings more, as form fields `file`."""

    required_scopes = {"GET": READ["scope"], "POST": WRITE["scope"]}
    required_rights = {"GET": READ["right"], "POST": WRITE["right"]}
    serializer_class = CaseFileSerializer
    parser_classes = [MultiPartParser]

    @extend_schema(responses={200: CaseFileSerializer(many=True)})
    def get(self, request: Request, pk: int) -> Response:
        return Response(CaseFileSerializer(files_of(self.case(request, pk)), many=True).data)

    @extend_schema(request=UPLOAD, responses={201: CaseFileSerializer(many=True)})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        case = self.case(request, pk)
        given = [one for one in request.FILES.getlist("file") if isinstance(one, UploadedFile)]
        actor: Any = request.user
        made = checked(lambda: add_files(actor=actor, case=case, uploads=opened(given)))
        fresh = CaseFile.objects.filter(pk__in=[one.pk for one in made])
        return Response(CaseFileSerializer(fresh, many=True).data, status.HTTP_201_CREATED)


class OneFile(GenericAPIView):
    """The content of a file that passed the scan; reading it is audited."""

    required_scopes = {"GET": READ["scope"]}
    required_rights = {"GET": READ["right"]}
    serializer_class = CaseFileSerializer
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(responses={(200, "application/octet-stream"): OpenApiTypes.BINARY})
    def get(self, request: Request, pk: int, key: UUID) -> HttpResponse:
        found = clean_file(request.user, pk, key)
        if found is None:
            raise Http404("No such file.")
        actor: Any = request.user
        answer = download(found)
        note_opened(actor=actor, file=found)
        return answer
