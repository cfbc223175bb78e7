"""REST of conversations (read) and of messages to clients (ordered by other systems)."""

from typing import Any

from django.core.exceptions import ValidationError
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.api import caller_client
from clients.models import Consent
from core.api.idempotency import idempotent
from interactions.actions import deliveries
from interactions.lists.deliveries import DeliveryFilters
from interactions.models import Channel, Conversation, Delivery, Line
from interactions.queries.desk import conversations_of, deliveries_of, said_in


class ConversationSerializer(serializers.ModelSerializer):
    """A conversation; times carry an offset, hold_seconds are whole seconds, client is null while unknown."""

    client = serializers.CharField(source="client.client_no", default=None)
    line = serializers.CharField(source="line.code")
    unit = serializers.CharField(source="unit.code")
    agent = serializers.CharField(source="agent.username", default=None)
    category = serializers.CharField(source="category.code", default=None)

    class Meta:
        model = Conversation
        fields = [
            "id", "line", "channel", "direction", "client", "unit", "agent", "state", "tier", "subject",
            "category", "opened_at", "queued_at", "answered_at", "ended_at", "waiting_since", "snoozed_until",
            "wrapped_at", "hold_seconds", "messages_in", "messages_out", "satisfaction", "recommend", "entry",
        ]  # fmt: skip


class SaidSerializer(serializers.Serializer):
    """One message; `delivery` is what became of it when it went out, notes of the house are marked."""

    at = serializers.DateTimeField(source="message.at")
    direction = serializers.CharField(source="message.direction")
    kind = serializers.CharField(source="message.kind")
    author = serializers.CharField(source="message.author.username", default=None)
    text = serializers.CharField(source="words")
    delivery = serializers.CharField(source="delivery.state", default=None)


class WholeConversationSerializer(ConversationSerializer):
    messages = serializers.SerializerMethodField()

    class Meta(ConversationSerializer.Meta):
        fields = [*ConversationSerializer.Meta.fields, "messages"]

    @extend_schema(responses=SaidSerializer(many=True))
    def get_messages(self, row: Conversation) -> Any:
        return SaidSerializer(said_in(row), many=True).data


class ConversationFilterSet(filters.FilterSet):
    state = filters.ChoiceFilter(choices=Conversation.State.choices)
    channel = filters.ChoiceFilter(choices=Channel.choices)
    client = filters.CharFilter(field_name="client__client_no")
    agent = filters.CharFilter(field_name="agent__username")
    line = filters.CharFilter(field_name="line__code")


class Conversations(ListAPIView):
    """Conversations, newest first; other systems need the scope clients:read beside it."""

    required_scopes = {"GET": "interactions:read"}
    required_rights = {"GET": "interactions.view"}
    serializer_class = ConversationSerializer
    filterset_class = ConversationFilterSet
    ordering = ("-opened_at", "-id")
    ordering_fields = {"opened_at": "opened_at"}

    def get_queryset(self) -> Any:
        return conversations_of(self.request.user)


class ConversationDetail(RetrieveAPIView):
    """One conversation with its last 200 messages; other systems need the scope clients:read beside it."""

    required_scopes = {"GET": "interactions:read"}
    required_rights = {"GET": "interactions.view"}
    serializer_class = WholeConversationSerializer

    def get_queryset(self) -> Any:
        return conversations_of(self.request.user)


class DeliverySerializer(serializers.ModelSerializer):
    """A message to a client: state, and why it waits or did not go (`reason`); never its words."""

    client = serializers.CharField(source="client.client_no", default=None)
    line = serializers.CharField(source="line.code")
    reason = serializers.SerializerMethodField()

    class Meta:
        model = Delivery
        fields = [
            "id", "key", "client", "line", "purpose", "exempt", "state", "reason", "due_at", "attempts",
            "sent_at", "receipt_at", "requested_by", "requested_at",
        ]  # fmt: skip

    def get_reason(self, row: Delivery) -> str:
        return row.held_for if row.state == Delivery.State.WAITING else row.fault


class OrderSerializer(serializers.Serializer):
    """A message to be sent; consent, do-not-contact and quiet hours are looked at when it is."""

    client = serializers.CharField(max_length=30)
    line = serializers.SlugRelatedField(slug_field="code", queryset=Line.objects.filter(active=True))
    text = serializers.CharField(max_length=8000)
    subject = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    purpose = serializers.ChoiceField(choices=Consent.Purpose.choices, default=Consent.Purpose.SERVICE)
    exempt = serializers.ChoiceField(
        choices=[one for one in Delivery.Exempt.choices if one[0] != Delivery.Exempt.ANSWER],
        required=False, allow_blank=True, default="",
    )  # fmt: skip
    due_at = serializers.DateTimeField(required=False, allow_null=True, default=None)


class DeliveryFilterSet(DeliveryFilters, filters.FilterSet):
    """The list page's filters, by the same names."""


class Deliveries(ListAPIView):
    """Messages to clients, newest first; POST orders one."""

    required_scopes = {"GET": "interactions:read", "POST": "interactions:write"}
    required_rights = {"GET": "interactions.view", "POST": "interactions.log"}
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilterSet
    ordering = ("-requested_at", "-id")
    ordering_fields = {"requested_at": "requested_at"}

    def get_queryset(self) -> Any:
        return deliveries_of(self.request.user)

    @extend_schema(request=OrderSerializer, responses={202: DeliverySerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        told = OrderSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        wanted = dict(told.validated_data)
        client = caller_client(request, wanted.pop("client"))
        try:
            ordered = deliveries.order(actor=request.user, client=client, **wanted)  # type: ignore[arg-type]
        except ValidationError as error:
            raise serializers.ValidationError(error.message_dict) from error
        return Response(DeliverySerializer(ordered).data, status.HTTP_202_ACCEPTED)


class DeliveryDetail(RetrieveAPIView):
    """What became of one message."""

    required_scopes = {"GET": "interactions:read"}
    required_rights = {"GET": "interactions.view"}
    serializer_class = DeliverySerializer

    def get_queryset(self) -> Any:
        return deliveries_of(self.request.user)
