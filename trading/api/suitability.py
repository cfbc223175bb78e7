"""REST of suitability: the answer for a product, and the risk warnings given."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.actions.suitability import record_risk_warning
from clients.api import caller_client
from clients.models import RiskWarning
from clients.queries.suitability import assessment_of, warnings_given
from clients.suitability import Answer, Initiator
from core.api.idempotency import idempotent
from trading.models import Product
from trading.suitability import fit, product_named


class ProductField(serializers.CharField):
    """A product by its code."""

    def to_internal_value(self, data: Any) -> Any:
        found = product_named(super().to_internal_value(data))
        if found is None:
            raise serializers.ValidationError("There is no such product.")
        return found


class QuestionSerializer(serializers.Serializer):
    product = ProductField()
    initiated_by = serializers.ChoiceField(choices=[one.value for one in Initiator])


class SuitabilitySerializer(serializers.Serializer):
    """assessment_valid_to: the last day it holds; null where the client was never assessed."""

    answer = serializers.ChoiceField(choices=[one.value for one in Answer])
    reasons = serializers.ListField(child=serializers.CharField())
    product = serializers.CharField()
    product_level = serializers.CharField()
    client_level = serializers.CharField()
    assessment_valid_to = serializers.DateField(allow_null=True)


class Suitability(GenericAPIView):
    """Whether a product suits the client today, with the reasons in words."""

    required_scopes = {"GET": "clients:read"}
    required_rights = {"GET": "clients.view"}
    serializer_class = SuitabilitySerializer

    @extend_schema(
        parameters=[
            OpenApiParameter("product", str, required=True, description="The product's code."),
            OpenApiParameter("initiated_by", str, required=True, enum=[one.value for one in Initiator]),
        ]
    )
    def get(self, request: Request, client_no: str) -> Response:
        client = caller_client(request, client_no)
        asked = QuestionSerializer(data=request.query_params)
        asked.is_valid(raise_exception=True)
        product, who = asked.validated_data["product"], Initiator(asked.validated_data["initiated_by"])
        verdict = fit(client, product, who, timezone.localdate()).verdict
        shown = {
            "answer": verdict.answer,
            "reasons": verdict.reasons,
            "product": product.code,
            "product_level": product.risk_level,
            "client_level": client.risk_level,
            "assessment_valid_to": assessment_of(client).valid_to,
        }
        return Response(SuitabilitySerializer(shown).data)


class RiskWarningSerializer(serializers.ModelSerializer):
    class Meta:
        model = RiskWarning
        fields = [
            "id", "product_code", "product_name", "product_level", "client_level", "manner", "evidence",
            "warned_at", "recorded_by", "recorded_at",
        ]  # fmt: skip


class NewRiskWarningSerializer(serializers.Serializer):
    product = ProductField()
    manner = serializers.ChoiceField(choices=RiskWarning.Manner.choices)
    evidence = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    warned_at = serializers.DateTimeField()


class RiskWarnings(ListAPIView):
    """Warnings given to the client, newest first; POST records one (409 where none helps)."""

    required_scopes = {"GET": "clients:read", "POST": "clients:write"}
    required_rights = {"GET": "clients.view", "POST": "clients.edit"}
    serializer_class = RiskWarningSerializer
    filterset_class = None
    ordering = ("-warned_at", "-id")
    ordering_fields = {"warned_at": "warned_at"}

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return RiskWarning.objects.none()
        return warnings_given(caller_client(self.request, self.kwargs["client_no"]))

    @extend_schema(request=NewRiskWarningSerializer, responses={201: RiskWarningSerializer})
    @idempotent
    def post(self, request: Request, client_no: str) -> Response:
        actor: Any = request.user
        client = caller_client(request, client_no)
        told = NewRiskWarningSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        values = dict(told.validated_data)
        product: Product = values.pop("product")
        try:
            row = record_risk_warning(
                actor=actor, client=client, product_code=product.code, product_name=product.name,
                product_level=product.risk_level, **values,
            )  # fmt: skip
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        return Response(RiskWarningSerializer(row).data, status=status.HTTP_201_CREATED)
