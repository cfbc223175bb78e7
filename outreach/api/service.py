"""REST of the service plan: its versions, writing and publishing them, and how it was kept."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError as InvalidPlan
from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from outreach.actions import service as deeds
from outreach.models import PlanKept, ServicePlan, ServiceTier
from outreach.queries import kept, service


class ServiceTierSerializer(serializers.ModelSerializer):
    """What the plan says of a tier. rhythm_days: null where no contact is due; first_response: minutes.

    channels: codes of ways of contact (phone, visit, wecom …), the preferred first.
    """

    channels = serializers.ListField(child=serializers.CharField(max_length=10), max_length=8)

    class Meta:
        model = ServiceTier
        fields = [
            "tier", "rhythm_days", "channels", "adviser", "first_response", "products_zh", "products_en",
            "entitled_zh", "entitled_en",
        ]  # fmt: skip


class ServicePlanSerializer(serializers.ModelSerializer):
    """A version. Once published it never changes; its author is not who approved it."""

    author = serializers.CharField(source="author.username", default=None, read_only=True)
    approved_by = serializers.CharField(source="approved_by.username", default=None, read_only=True)
    tiers = ServiceTierSerializer(many=True)

    class Meta:
        model = ServicePlan
        fields = [
            "number", "state", "effective_on", "author", "written_at", "sent_back_for", "approved_by",
            "published_at", "version", "tiers",
        ]  # fmt: skip
        read_only_fields = ["number", "state", "written_at", "sent_back_for", "published_at", "version"]


def _tag(plan: ServicePlan) -> str:
    return etag("service-plan", plan.number, plan.version)


def _read(number: int) -> ServicePlan:
    return service.versions().get(number=number)


def _answer(plan: ServicePlan, code: int = status.HTTP_200_OK) -> Response:
    fresh = _read(plan.number)
    return with_etag(Response(ServicePlanSerializer(fresh).data, code), _tag(fresh))


class ServicePlans(ListAPIView):
    """The versions of the plan, newest first. POST begins the next one; people do, never other systems."""

    required_scopes = {"GET": "tasks:read"}
    required_rights = {"GET": "plans.view", "POST": "plans.manage"}
    serializer_class = ServicePlanSerializer
    filterset_class = None
    ordering = ("-number",)

    def get_queryset(self) -> Any:
        return service.visible_versions(self.request.user)

    @extend_schema(request=ServicePlanSerializer, responses={201: ServicePlanSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        return _answer(_written(request, 0), status.HTTP_201_CREATED)


class ServicePlanDetail(RetrieveAPIView):
    """One version. PUT writes the draft anew, as it was read (If-Match)."""

    required_scopes = {"GET": "tasks:read"}
    required_rights = {"GET": "plans.view", "PUT": "plans.manage"}
    serializer_class = ServicePlanSerializer
    lookup_field = "number"

    def get_queryset(self) -> Any:
        return service.visible_versions(self.request.user)

    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return _answer(self.get_object())

    @extend_schema(request=ServicePlanSerializer, responses={200: ServicePlanSerializer})
    def put(self, request: Request, number: int) -> Response:
        held = self.get_object()
        check_match(request, _tag(held))
        return _answer(_written(request, held.version))


class ServicePlanDeed(GenericAPIView):
    """The next word on what is being written: proposed, sent back, or published by a second person."""

    required_scopes: dict[str, str] = {}  # a person's word, never a system's
    required_rights = {"POST": "plans.view"}
    serializer_class = ServicePlanSerializer
    deeds = {"propose": deeds.propose, "send-back": deeds.send_back, "publish": deeds.publish}

    def get_queryset(self) -> Any:
        return service.visible_versions(self.request.user)

    @extend_schema(operation_id="service_plans_decide", request=None, responses={200: ServicePlanSerializer})
    @idempotent
    def post(self, request: Request, number: int, name: str) -> Response:
        held = self.get_queryset().filter(number=number).first()
        if held is None or name not in self.deeds:
            raise Http404
        check_match(request, _tag(held))
        return _answer(_checked(lambda: self.deeds[name](actor=_caller(request), version=held.version)))


def _caller(request: Request) -> Any:
    """A person: other systems hold no scope for these."""
    return request.user


def _written(request: Request, version: int) -> ServicePlan:
    caller = _caller(request)
    deeds.demand(service.may_write(caller))
    told = ServicePlanSerializer(data=request.data)
    told.is_valid(raise_exception=True)
    given = told.validated_data
    tiers = [deeds.TierTold(**one) for one in given["tiers"]]
    return _checked(
        lambda: deeds.write_draft(
            actor=caller, effective_on=given["effective_on"], tiers=tiers, version=version
        )
    )


def _checked(deed: Callable[[], ServicePlan]) -> ServicePlan:
    """What the rules find wrong, by field."""
    try:
        return deed()
    except InvalidPlan as error:
        raise serializers.ValidationError(error.message_dict) from error


class KeptSerializer(serializers.Serializer):
    """rate: kept / due, 0 to 1."""

    unit = serializers.CharField()
    tier = serializers.CharField()
    due = serializers.IntegerField()
    kept = serializers.IntegerField()
    rate = serializers.FloatField()


class ServicePlanKept(GenericAPIView):
    """Contacts due in a month and made by their day, by unit and tier, as of the last night."""

    required_scopes = {"GET": "tasks:read"}
    required_rights = {"GET": "plans.view"}
    serializer_class = KeptSerializer
    queryset = PlanKept.objects.none()
    pagination_class = None
    filter_backends: Any = ()

    @extend_schema(
        parameters=[OpenApiParameter("month", str, required=True, description="2026-10")],
        responses=KeptSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        try:
            month = date.fromisoformat(f"{request.query_params.get('month', '')}-01")
        except ValueError as error:
            raise ValidationError({"month": "YYYY-MM"}) from error
        return Response(KeptSerializer(kept.by_unit_and_tier(request.user, month), many=True).data)
