"""A few routes that exist only in tests, to try the API's common ground on."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from core.errors import Conflict
from core.models import Job
from crm.urls import handler400, handler403, handler404, handler500
from crm.urls import urlpatterns as real

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]
SCOPES = {"GET": "units:read", "POST": "units:read", "PUT": "units:read"}
RIGHTS = {"GET": "people.view", "POST": "people.view", "PUT": "people.view"}


class LineSerializer(serializers.Serializer):
    amount = serializers.DecimalField(max_digits=8, decimal_places=2)


class OrderSerializer(serializers.Serializer):
    title = serializers.CharField(max_length=10)
    lines = LineSerializer(many=True, required=False)


class JobSerializer(serializers.ModelSerializer):
    class Meta:
        model = Job
        fields = ("id", "title", "percent", "started_at")


class Jobs(ListAPIView):
    required_scopes = SCOPES
    required_rights = RIGHTS
    serializer_class = JobSerializer
    ordering = ("title",)
    ordering_fields = {"title": "title", "begun": "started_at"}  # noqa: RUF012
    queryset = Job.objects.all()

    @idempotent
    def post(self, request: Request) -> Response:
        given = OrderSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        job = Job.objects.create(kind="toy", title=given.validated_data["title"], owner_name="toy")
        return Response({"id": job.pk}, status=201, headers={"Location": f"/toys/jobs/{job.pk}/"})


class OneJob(APIView):
    required_scopes = SCOPES
    required_rights = RIGHTS

    def get(self, request: Request, pk: int) -> Response:
        return with_etag(Response({"id": pk}), etag("job", pk, 1))

    def put(self, request: Request, pk: int) -> Response:
        check_match(request, etag("job", pk, 1))
        return Response({"id": pk})


class Undeclared(APIView):
    """Says nothing about who may call it, so nobody may."""

    def get(self, request: Request) -> Response:
        return Response({})


class Fails(APIView):
    required_scopes = SCOPES
    required_rights = RIGHTS

    def get(self, request: Request, how: str) -> Response:
        errors: dict[str, Any] = {
            "rule": ValidationError({"name": ValidationError("Too short.", code="short")}),
            "conflict": Conflict("It is closed.", code="closed"),
            "crash": RuntimeError("secret words"),
        }
        raise errors[how]


def crash(_request: Any) -> HttpResponse:
    raise RuntimeError("secret words")


crash.login_required = False  # type: ignore[attr-defined]


def refuses(_request: Any, status: int) -> HttpResponse:
    refusal = Conflict("It is closed.")
    refusal.status = status
    raise refusal


refuses.login_required = False  # type: ignore[attr-defined]
urlpatterns = [
    path("api/v1/toys/jobs/", Jobs.as_view()),
    path("api/v1/toys/jobs/<int:pk>/", OneJob.as_view()),
    path("api/v1/toys/undeclared/", Undeclared.as_view()),
    path("api/v1/toys/fails/<str:how>/", Fails.as_view()),
    path("toys/crash/", crash),
    path("toys/refuses/<int:status>/", refuses),
    *real,
]
