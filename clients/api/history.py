"""REST of the record's history, and of who looked at a client."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.api.record import caller_client
from clients.queries import history as queries
from core.models import AuditEntry


class FieldChangeSerializer(serializers.Serializer):
    field = serializers.CharField()
    old = serializers.CharField()
    new = serializers.CharField()


class ChangeSerializer(serializers.Serializer):
    """One deed on the record with the old and new value of each field, personal numbers masked."""

    number = serializers.IntegerField()
    at = serializers.DateTimeField()
    who = serializers.CharField()
    deed = serializers.CharField()
    why = serializers.CharField()
    fields_changed = FieldChangeSerializer(source="fields", many=True)


class HistoryPage(serializers.Serializer):
    results = ChangeSerializer(many=True)
    below = serializers.IntegerField(allow_null=True)


class History(GenericAPIView):
    """Changes of one record, newest first; give `below` of a page to read the one before it."""

    required_scopes = {"GET": "clients:read"}
    required_rights = {"GET": "clients.view"}
    serializer_class = HistoryPage

    @extend_schema(parameters=[OpenApiParameter("below", int)], responses={200: HistoryPage})
    def get(self, request: Request, client_no: str) -> Response:
        client = caller_client(request, client_no)
        text = request.query_params.get("below", "")
        if text and not (text.isdecimal() and len(text) < 19):
            raise serializers.ValidationError({"below": "A whole number."})
        found = queries.changes(client, request.user, int(text) if text else None, queries.ROWS + 1)
        rows = found[: queries.ROWS]
        below = rows[-1].number if len(found) > queries.ROWS else None
        return Response(HistoryPage({"results": rows, "below": below}).data)


class LookSerializer(serializers.ModelSerializer):
    """Somebody opened the page, revealed a value or exported the client."""

    who = serializers.CharField(source="actor_name")

    class Meta:
        model = AuditEntry
        fields = ["at", "who", "deed", "detail"]


class Looks(ListAPIView):
    """Who looked at a client, newest first; for people with the right to know."""

    required_rights = {"GET": "clients.looks"}
    serializer_class = LookSerializer
    ordering = ("-at", "-id")
    filterset_class = None

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return AuditEntry.objects.none()
        return queries.looks(caller_client(self.request, self.kwargs["client_no"]))
