"""REST of the targets of service levels: what holds on a day, what is to come, and a new one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.idempotency import idempotent
from interactions.actions.targets import set_target
from interactions.models import Channel, LevelTarget
from interactions.queries import targets as queries
from staff.models import Unit


class SettableUnit(serializers.SlugRelatedField):
    """The code of a unit whose targets the caller may set."""

    def get_queryset(self) -> QuerySet[Unit]:
        return queries.settable_units(self.context["request"].user)


class LevelTargetSerializer(serializers.Serializer):
    """target and limit in the figure's own measure: a share of 1, seconds, or points.

    channel '' stands for all channels, unit null for the firm.
    """

    id = serializers.IntegerField(read_only=True)
    figure = serializers.ChoiceField(choices=LevelTarget.Figure.choices)
    channel = serializers.ChoiceField(choices=Channel.choices, allow_blank=True, default="")
    unit = SettableUnit(slug_field="code", queryset=Unit.objects.none(), allow_null=True, default=None)
    target = serializers.DecimalField(max_digits=12, decimal_places=6)
    limit = serializers.DecimalField(max_digits=12, decimal_places=6)
    from_date = serializers.DateField()


class LevelTargetsSerializer(serializers.Serializer):
    in_force = LevelTargetSerializer(many=True)
    to_come = LevelTargetSerializer(many=True)


class LevelTargets(GenericAPIView):
    """The targets of the firm and of the units the caller may see."""

    required_scopes = {"GET": "levels:read", "POST": "levels:write"}
    required_rights = {"GET": "levels.view", "POST": "desk.rules"}
    serializer_class = LevelTargetSerializer
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(parameters=[OpenApiParameter("on", str)], responses=LevelTargetsSerializer)
    def get(self, request: Request) -> Response:
        asked = serializers.DateField().run_validation(
            request.query_params.get("on") or timezone.localdate().isoformat()
        )
        told = {"in_force": queries.all_on(asked), "to_come": queries.to_come(asked)}
        seen = {name: queries.seen_by(request.user, rows) for name, rows in told.items()}
        return Response(LevelTargetsSerializer(seen, context=self.get_serializer_context()).data)

    @extend_schema(request=LevelTargetSerializer, responses={201: LevelTargetSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        told = self.get_serializer(data=request.data)
        told.is_valid(raise_exception=True)
        caller: Any = request.user
        try:
            made = set_target(actor=caller, **told.validated_data)
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        return Response(self.get_serializer(made).data, status=status.HTTP_201_CREATED)
