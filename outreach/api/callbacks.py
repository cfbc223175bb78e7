"""REST of callbacks: what stands open and what came of it, how far units are, how years were drawn."""

from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from outreach.lists.callbacks import CallbackFilters
from outreach.models import Callback, CallbackDraw, CallbackKind
from outreach.queries import callbacks as queries


class CallbackSerializer(serializers.ModelSerializer):
    """A callback; branch is where the client was when it was begun, case that of an exception."""

    client = serializers.CharField(source="client.client_no")
    branch = serializers.CharField(source="branch.code")
    programme = serializers.IntegerField(source="programme.number")
    caller = serializers.CharField(source="caller.username", default=None)

    class Meta:
        model = Callback
        fields = [
            "id", "kind", "client", "branch", "programme", "occasion_on", "due_on", "next_at", "state",
            "tries", "caller", "passed_on", "told_by_feed", "ended_at", "case",
        ]  # fmt: skip


class CallbackFilterSet(CallbackFilters, filters.FilterSet):
    """The list page's filters, by the same names."""


class Callbacks(ListAPIView):
    """Callbacks in sight, the most urgent first."""

    required_scopes = {"GET": "callbacks:read"}
    required_rights = {"GET": "callbacks.view"}
    serializer_class = CallbackSerializer
    filterset_class = CallbackFilterSet
    ordering = ("due_on", "id")
    ordering_fields = {"due_on": "due_on"}
    ordering_never_null = ("due_on",)

    def get_queryset(self) -> Any:
        return queries.listed(self.request.user)


class CallbackDetail(RetrieveAPIView):
    """One callback."""

    required_scopes = {"GET": "callbacks:read"}
    required_rights = {"GET": "callbacks.view"}
    serializer_class = CallbackSerializer

    def get_queryset(self) -> Any:
        return queries.listed(self.request.user)


class ProgressAsked(serializers.Serializer):
    kind = serializers.ChoiceField(choices=CallbackKind.choices, default=CallbackKind.NEW_ACCOUNT)
    year = serializers.IntegerField(required=False, min_value=2000, max_value=2999)


class ProgressSerializer(serializers.Serializer):
    """A branch: its quota (`every`), and how the callbacks of the year's occasions stand."""

    branch = serializers.CharField(source="branch__code")
    every = serializers.IntegerField()
    reached = serializers.IntegerField()
    in_time = serializers.IntegerField()
    open = serializers.IntegerField()
    overdue = serializers.IntegerField()
    passed = serializers.IntegerField()
    exception = serializers.IntegerField()
    refused = serializers.IntegerField()
    unreachable = serializers.IntegerField()


class Progress(GenericAPIView):
    """How far the branches in sight are with a kind of callback in a year."""

    required_scopes = {"GET": "callbacks:read"}
    required_rights = {"GET": "callbacks.view"}
    serializer_class = ProgressSerializer
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(
        operation_id="callback_progress", parameters=[ProgressAsked], responses=ProgressSerializer(many=True)
    )
    def get(self, request: Request) -> Response:
        asked = ProgressAsked(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        year = asked.validated_data.get("year", timezone.localdate().year)
        rows = queries.progress(request.user, asked.validated_data["kind"], year)
        return Response(ProgressSerializer(rows, many=True).data)


class DrawSerializer(serializers.ModelSerializer):
    """The record of a year's draw: whoever has the seed can make it again."""

    class Meta:
        model = CallbackDraw
        fields = ["year", "seed", "share", "population", "drawn", "left_out", "drawn_at"]


class Draws(ListAPIView):
    """Records of draws, the newest year first."""

    required_scopes = {"GET": "callbacks:read"}
    required_rights = {"GET": "callbacks.view"}
    serializer_class = DrawSerializer
    filter_backends: list[Any] = []
    ordering = ("-year",)
    ordering_never_null = ("year",)

    def get_queryset(self) -> Any:
        return CallbackDraw.objects.all()
