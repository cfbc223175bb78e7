"""REST of the nightly runs: ask for one, see how far it is."""

from typing import Any, cast

from django.db.models import Prefetch, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.idempotency import idempotent
from core.audit import Actor
from core.models import Run, RunStep
from crm import nightly


class StepSerializer(serializers.ModelSerializer):
    """Of a step: rows written, seconds spent by all sessions, bytes of write-ahead log and sessions so far.

    progress: percent.
    """

    progress = serializers.SerializerMethodField()
    sessions = serializers.IntegerField(read_only=True)

    class Meta:
        model = RunStep
        fields = ["name", "state", "rows", "seconds", "wal_bytes", "sessions", "progress"]

    def get_progress(self, step: RunStep) -> int:
        return nightly.progress(step)


class RunSerializer(serializers.ModelSerializer):
    steps = StepSerializer(many=True, read_only=True)

    class Meta:
        model = Run
        fields = [
            "id",
            "as_of",
            "state",
            "requested_by",
            "requested_at",
            "started_at",
            "finished_at",
            "error",
            "steps",
        ]
        read_only_fields = [name for name in fields if name != "as_of"]


class RunRequestSerializer(serializers.Serializer):
    as_of = serializers.DateField()


def _runs() -> QuerySet[Run]:
    return Run.objects.prefetch_related(Prefetch("steps", nightly.told_steps()))


class Runs(ListAPIView):
    """Runs, newest first; POST {"as_of": "2026-10-31"} asks for one and answers 202."""

    required_scopes = {"GET": "runs:read", "POST": "runs:write"}
    required_rights = {"GET": "runs.view", "POST": "runs.start"}
    serializer_class = RunSerializer
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        return _runs()

    @extend_schema(request=RunRequestSerializer, responses={202: RunSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        asked = RunRequestSerializer(data=request.data)
        asked.is_valid(raise_exception=True)
        try:
            run = nightly.request_run(as_of=asked.validated_data["as_of"], actor=cast(Actor, request.user))
        except nightly.NotPossible as error:
            raise serializers.ValidationError({"as_of": str(error)}) from error
        return Response(RunSerializer(_runs().get(pk=run.pk)).data, status=status.HTTP_202_ACCEPTED)


class RunDetail(RetrieveAPIView):
    required_scopes = {"GET": "runs:read"}
    required_rights = {"GET": "runs.view"}
    serializer_class = RunSerializer

    def get_queryset(self) -> Any:
        return _runs()
