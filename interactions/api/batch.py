"""REST of many entries of the log in one call: another system that logs a whole day."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ErrorDetail
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.models import Client
from clients.queries import record
from core.api.idempotency import idempotent
from interactions.actions import log as actions
from interactions.actions.log import Told
from interactions.api.log import EntrySerializer, agent_of, caller_of, refused_in_words
from interactions.models import Interaction

MOST = 500


class BatchSerializer(serializers.Serializer):
    """Entries that are written together or not at all."""

    entries = serializers.ListField(child=EntrySerializer(), allow_empty=False, max_length=MOST)


class WrittenSerializer(serializers.Serializer):
    """The ids of what was written, in the order told."""

    ids = serializers.ListField(child=serializers.IntegerField())


class InteractionBatch(GenericAPIView):
    """POST: up to 500 entries together. One that does not fit refuses all; errors name it by its place."""

    required_scopes = {"POST": "interactions:write"}
    required_rights = {"POST": "interactions.log"}
    serializer_class = BatchSerializer
    queryset = Interaction.objects.none()
    pagination_class = None

    @extend_schema(request=BatchSerializer, responses={201: WrittenSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        told = BatchSerializer(data=request.data, context={"people": {}})
        told.is_valid(raise_exception=True)
        rows = _rows(request, told.validated_data["entries"])
        with refused_in_words(within="entries"):
            written = actions.log_interactions(actor=caller_of(request), rows=rows)
        return Response({"ids": [one.pk for one in written]}, status=status.HTTP_201_CREATED)


def _rows(request: Request, entries: list[dict[str, Any]]) -> list[Told]:
    """Each with its client, if the caller may see them all."""
    clients = _clients(request, {one["client"] for one in entries})
    unknown = {
        f"entries.{place}.client": [ErrorDetail("No such client.", "not_found")]
        for place, one in enumerate(entries)
        if one["client"] not in clients
    }
    if unknown:
        raise serializers.ValidationError(unknown)
    return [
        (clients[one["client"]], agent_of(request, one), EntrySerializer.entry_of(one)) for one in entries
    ]


def _clients(request: Request, numbers: set[str]) -> dict[str, Client]:
    found = record.listed(request.user).filter(client_no__in=numbers)
    return {client.client_no: client for client in found}
