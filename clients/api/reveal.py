"""REST of reveals: for people only; no scope of other systems opens it."""

from typing import Any

from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import exceptions, serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.actions import reveal as deeds
from clients.api import caller_client
from clients.models import Reveal


class RevealSerializer(serializers.Serializer):
    """Which value is wanted, and what for."""

    field = serializers.CharField(max_length=40)
    purpose = serializers.ChoiceField(choices=Reveal.Purpose.choices)
    note = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        if told["purpose"] == Reveal.Purpose.OTHER and len(told["note"].strip()) < 4:
            raise serializers.ValidationError({"note": "Say in a few words what it is for."})
        return told


class RevealedSerializer(serializers.Serializer):
    field = serializers.CharField()
    value = serializers.CharField()


class RevealValue(GenericAPIView):
    """Shows one personal value unmasked; on record, and limited an hour (429 with Retry-After)."""

    required_rights = {"POST": "clients.reveal"}
    serializer_class = RevealSerializer
    answers_are_secret = True  # an answer kept for repetition would keep the value in the clear

    @extend_schema(request=RevealSerializer, responses={200: RevealedSerializer})
    def post(self, request: Request, client_no: str) -> Response:
        client = caller_client(request, client_no)
        told = RevealSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        try:
            value = deeds.reveal(actor=request.user, client=client, **told.validated_data)  # type: ignore[arg-type]
        except deeds.TooManyReveals as refusal:
            wait = (refusal.again_at - timezone.now()).total_seconds()
            raise exceptions.Throttled(wait=wait, detail=refusal.message) from refusal
        return Response(
            {"field": told.validated_data["field"], "value": value}, headers={"Cache-Control": "no-store"}
        )
