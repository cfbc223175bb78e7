"""REST of migration between tiers."""

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from segmentation.api.asking import DAY, SCORES, caller, day_of
from segmentation.queries import overview, rows, units


class MigrationSerializer(serializers.Serializer):
    """`from` and `to` are tiers; null for clients without one at that end."""

    to = serializers.CharField(allow_null=True)
    clients = serializers.IntegerField()

    def get_fields(self) -> dict[str, serializers.Field]:
        return {"from": serializers.CharField(allow_null=True), **super().get_fields()}


class MigrationsSerializer(serializers.Serializer):
    results = MigrationSerializer(many=True)


class TierMigrations(GenericAPIView):
    """How many clients went from which tier to which between two dates (S9)."""

    required_scopes = SCORES["required_scopes"]
    required_rights = SCORES["required_rights"]
    serializer_class = MigrationsSerializer
    pagination_class = None

    @extend_schema(
        parameters=[
            OpenApiParameter("from", DAY, required=True),
            OpenApiParameter("to", DAY, required=True),
            OpenApiParameter("unit", str),
        ]
    )
    def get(self, request: Request) -> Response:
        start, end = day_of(request, "from", required=True), day_of(request, "to", required=True)
        assert start is not None and end is not None
        kept = rows.kept_dates()
        for day in (start, end):
            if day not in kept:
                raise rows.NoScore(f"No figures of {day} are kept.")
        unit = units.named(request.query_params.get("unit", ""), caller(request).scope, end)
        moves = overview.migrations(start, end, unit)
        results = [{"from": a or None, "to": b or None, "clients": count} for (a, b), count in moves.items()]
        return Response({"results": results})
