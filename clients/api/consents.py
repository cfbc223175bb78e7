"""REST of consents: what a client allows, recording it, and stopping every contact."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.actions import consents as deeds
from clients.api.record import caller_client
from clients.models import Client, Consent
from clients.queries import consents as queries
from core.api.idempotency import idempotent


class ConsentCellSerializer(serializers.Serializer):
    """One channel and purpose; state, source and since are null where the default holds."""

    channel = serializers.CharField()
    purpose = serializers.CharField()
    allowed = serializers.BooleanField()
    state = serializers.CharField(source="row.state", default=None)
    source = serializers.CharField(source="row.source", default=None)  # type: ignore[assignment]
    since = serializers.DateTimeField(source="row.recorded_at", default=None)


class ConsentsSerializer(serializers.Serializer):
    do_not_contact = serializers.BooleanField()
    consents = ConsentCellSerializer(many=True)


class ConsentWordSerializer(serializers.Serializer):
    """One word of the client for some channels and purposes; a consent that is given needs evidence."""

    channels = serializers.ListField(
        child=serializers.ChoiceField(choices=Consent.Channel.choices), allow_empty=False
    )
    purposes = serializers.ListField(
        child=serializers.ChoiceField(choices=Consent.Purpose.choices), allow_empty=False
    )
    state = serializers.ChoiceField(choices=Consent.State.choices)
    source = serializers.ChoiceField(choices=Consent.Source.choices)  # type: ignore[assignment]
    evidence = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")

    def validate(self, told: dict[str, Any]) -> dict[str, Any]:
        if told["state"] == Consent.State.GIVEN and not told["evidence"].strip():
            raise serializers.ValidationError({"evidence": "A consent that is given needs its evidence."})
        return told


class ContactStopSerializer(serializers.Serializer):
    stopped = serializers.BooleanField()
    reason = serializers.CharField(max_length=300)


class Consents(GenericAPIView):
    """The client's consents by channel and purpose; POST records what the client said."""

    required_scopes = {"GET": "clients:read", "POST": "clients:write"}
    required_rights = {"GET": "clients.view", "POST": "clients.edit"}
    serializer_class = ConsentWordSerializer

    @extend_schema(responses={200: ConsentsSerializer})
    def get(self, request: Request, client_no: str) -> Response:
        return _answer(caller_client(request, client_no))

    @extend_schema(request=ConsentWordSerializer, responses={201: ConsentsSerializer})
    @idempotent
    def post(self, request: Request, client_no: str) -> Response:
        client = caller_client(request, client_no)
        told = ConsentWordSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        deeds.record_consents(actor=request.user, client=client, **told.validated_data)  # type: ignore[arg-type]
        return _answer(client, status.HTTP_201_CREATED)


class ContactStops(GenericAPIView):
    """Stops every contact with the client, or lifts that; 409 when it is so already."""

    required_scopes = {"POST": "clients:write"}
    required_rights = {"POST": "clients.edit"}
    serializer_class = ContactStopSerializer

    @extend_schema(request=ContactStopSerializer, responses={201: ConsentsSerializer})
    @idempotent
    def post(self, request: Request, client_no: str) -> Response:
        client = caller_client(request, client_no)
        told = ContactStopSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        deeds.set_contact_stop(actor=request.user, client=client, **told.validated_data)  # type: ignore[arg-type]
        return _answer(client, status.HTTP_201_CREATED)


def _answer(client: Client, code: int = status.HTTP_200_OK) -> Response:
    cells = [cell for row in queries.matrix(client) for cell in row]
    shown = {"do_not_contact": queries.stop_in_force(client) is not None, "consents": cells}
    return Response(ConsentsSerializer(shown).data, status=code)
