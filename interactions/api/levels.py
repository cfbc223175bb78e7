"""REST of service levels: exact counts and sums, ratios as decimal strings, and how each is meant."""

from datetime import date, timedelta
from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from interactions import levels
from interactions.models import Channel
from interactions.queries import levels as queries


class LevelsAsked(serializers.Serializer):
    """The period (days in Shanghai, both inside) and what to narrow to; `from` and `to` in the address."""

    by = serializers.ChoiceField(choices=["day", "half_hour"], default="day")
    channel = serializers.ChoiceField(choices=Channel.choices, default="")
    unit = serializers.CharField(max_length=20, default="")
    agent = serializers.CharField(max_length=60, default="")

    def get_fields(self) -> dict[str, serializers.Field]:
        dates = {name: serializers.DateField(required=False) for name in ("from", "to")}
        return {**super().get_fields(), **dates}

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        last: date = told.get("to") or levels.today()
        first: date = told.get("from") or last
        if not timedelta(0) <= last - first <= timedelta(days=queries.MOST_DAYS):
            raise serializers.ValidationError({"to": "The period is empty or longer than 400 days."})
        return told | {"from": first, "to": last}


class LevelSerializer(serializers.Serializer):
    """A day or half hour: counts, sums of seconds, and ratios (null where nothing was counted)."""

    start = serializers.CharField()
    counts = serializers.DictField(child=serializers.IntegerField())
    seconds = serializers.DictField(child=serializers.CharField())
    ratios = serializers.DictField(child=serializers.CharField(allow_null=True))


class LevelsSerializer(serializers.Serializer):
    variants = serializers.DictField(child=serializers.CharField())
    results = LevelSerializer(many=True)


class ServiceLevels(GenericAPIView):
    """Service levels of the units the caller may see."""

    required_scopes = {"GET": "levels:read"}
    required_rights = {"GET": "levels.view"}
    serializer_class = LevelsSerializer
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(parameters=[LevelsAsked], responses=LevelsSerializer)
    def get(self, request: Request) -> Response:
        asked = LevelsAsked(data=request.query_params.dict())
        asked.is_valid(raise_exception=True)
        told = asked.validated_data
        narrow = {name: told[name] for name in ("channel", "unit", "agent")}
        rows = queries.levels_of(request.user, queries.Wanted(first=told["from"], last=told["to"], **narrow))
        parts = queries.by_day(rows) if told["by"] == "day" else queries.by_half_hour(rows)
        return Response({"variants": queries.VARIANTS, "results": [_body(part) for part in parts]})


def _body(part: dict[str, Any]) -> dict[str, Any]:
    found = queries.ratios(part)
    return {
        "start": part["start"].isoformat(),
        "counts": {name: part[name] for name in queries.COUNTS},
        "seconds": {name: str(part[name]) for name in queries.SECONDS},
        "ratios": {name: None if found[name] is None else str(found[name]) for name in queries.VARIANTS},
    }
