"""REST of the rules of surveys: read, add, change."""

from dataclasses import replace
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from interactions.actions.survey_rules import BOUNDS, Asking, add_survey_rule, change_survey_rule
from interactions.models import Category, Line, SurveyKind, SurveyRule
from interactions.queries.surveys import may_set, rules


class AskingSerializer(serializers.Serializer):
    """share in per cent; quiet_days between two questions to one client; valid_days of the link."""

    share = serializers.IntegerField(min_value=1, max_value=100, default=100)
    quiet_days = serializers.IntegerField(min_value=0, max_value=365, default=30)
    valid_days = serializers.IntegerField(min_value=1, max_value=60, default=7)
    recommend = serializers.BooleanField(default=True)
    active = serializers.BooleanField(default=True)


class SurveyRuleSerializer(AskingSerializer):
    """Who is asked; line and category null stand for all."""

    id = serializers.IntegerField(read_only=True)
    kind = serializers.ChoiceField(choices=SurveyKind.choices)
    line = serializers.SlugRelatedField(
        slug_field="code", queryset=Line.objects.filter(active=True), allow_null=True, default=None
    )
    category = serializers.SlugRelatedField(
        slug_field="code", queryset=Category.objects.filter(retired_on__isnull=True), allow_null=True,
        default=None,
    )  # fmt: skip
    version = serializers.IntegerField(read_only=True)


class SurveyRules(GenericAPIView):
    """All rules of the firm; POST adds one, by whoever sets them for the whole firm."""

    required_scopes = {"GET": "levels:read", "POST": "levels:write"}
    required_rights = {"GET": "desk.rules", "POST": "desk.rules"}
    serializer_class = SurveyRuleSerializer
    pagination_class = None
    filter_backends: list[Any] = []

    @extend_schema(responses=SurveyRuleSerializer(many=True))
    def get(self, request: Request) -> Response:
        return Response(SurveyRuleSerializer(rules(), many=True).data)

    @extend_schema(request=SurveyRuleSerializer, responses={201: SurveyRuleSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        if not may_set(request.user):
            raise PermissionDenied
        form = SurveyRuleSerializer(data=request.data)
        form.is_valid(raise_exception=True)
        told = dict(form.validated_data)
        place = {name: told.pop(name) for name in ("kind", "line", "category")}
        try:
            made = add_survey_rule(actor=request.user, asking=Asking(**told), **place)
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        return with_etag(Response(SurveyRuleSerializer(made).data, status.HTTP_201_CREATED), _tag(made))


class SurveyRuleDetail(GenericAPIView):
    """One rule; PATCH changes how it is asked, with If-Match only as it was read."""

    required_scopes = {"GET": "levels:read", "PATCH": "levels:write"}
    required_rights = {"GET": "desk.rules", "PATCH": "desk.rules"}
    serializer_class = SurveyRuleSerializer

    def get_queryset(self) -> Any:
        return rules()

    def get(self, request: Request, pk: int) -> Response:
        rule = self.get_object()
        return with_etag(Response(SurveyRuleSerializer(rule).data), _tag(rule))

    @extend_schema(request=AskingSerializer, responses={200: SurveyRuleSerializer})
    def patch(self, request: Request, pk: int) -> Response:
        rule = self.get_object()
        check_match(request, _tag(rule))
        form = AskingSerializer(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        held = Asking(**{name: getattr(rule, name) for name in (*BOUNDS, "recommend", "active")})
        asking = replace(held, **form.validated_data)
        change_survey_rule(actor=request.user, rule=rule, version=rule.version, asking=asking)
        return self.get(request, pk)


def _tag(rule: SurveyRule) -> str:
    return etag("survey_rule", rule.pk, rule.version)
