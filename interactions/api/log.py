"""REST of the interaction log: list, log, correct. Nothing is changed or deleted."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import fields
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.api import caller_client
from core.api.idempotency import idempotent
from interactions.actions import log as actions
from interactions.actions.log import Entry
from interactions.lists.log import InteractionFilters
from interactions.models import Channel, Interaction, Recording
from interactions.queries import log as queries
from interactions.queries.recordings import recordings_of
from staff.models import Person
from staff.queries import person_named


class RecordingSerializer(serializers.ModelSerializer):
    """What is known of a recording; the sound is held elsewhere."""

    class Meta:
        model = Recording
        fields = ["reference", "started_at", "ended_at", "seconds", "sha256"]
        read_only_fields = ["seconds"]


class InteractionSerializer(serializers.ModelSerializer):
    """An entry of the log; minutes are the agent's, times carry an offset."""

    client = serializers.CharField(source="client.client_no", default=None)  # null while nobody is known
    category = serializers.CharField(source="category.code")
    agent = serializers.CharField(source="agent.username", default=None)
    recordings = serializers.SerializerMethodField()

    @extend_schema_field(RecordingSerializer(many=True))
    def get_recordings(self, entry: Interaction) -> Any:
        return RecordingSerializer(recordings_of(entry), many=True).data

    class Meta:
        model = Interaction
        fields = [
            "id",
            "client",
            "channel",
            "direction",
            "agent",
            "conversation",
            "started_at",
            "ended_at",
            "minutes",
            "messages",
            "category",
            "subject",
            "summary",
            "outcome",
            "follow_up_on",
            "satisfaction",
            "reference",
            "recordings",
            "steps",
            "confidentiality",
            "supersedes",
            "recorded_by",
            "recorded_at",
        ]


class EntrySerializer(serializers.Serializer):
    """What a caller tells of one contact; minutes left out are taken from started_at and ended_at."""

    client = serializers.CharField(max_length=30)
    channel = serializers.ChoiceField(choices=Channel.choices)
    direction = serializers.ChoiceField(choices=Interaction.Direction.choices)
    category = serializers.CharField(max_length=40)
    summary = serializers.CharField(max_length=4000)
    started_at = serializers.DateTimeField()
    ended_at = serializers.DateTimeField(required=False, allow_null=True)
    minutes = serializers.DecimalField(max_digits=8, decimal_places=2, required=False, allow_null=True)
    messages = serializers.IntegerField(required=False, default=0)
    subject = serializers.CharField(max_length=200, required=False, allow_blank=True)
    outcome = serializers.ChoiceField(choices=Interaction.Outcome.choices, required=False)
    follow_up_on = serializers.DateField(required=False, allow_null=True)
    satisfaction = serializers.IntegerField(required=False, allow_null=True)
    conversation = serializers.CharField(max_length=80, required=False, allow_blank=True)
    reference = serializers.CharField(max_length=200, required=False, allow_blank=True)
    confidentiality = serializers.ChoiceField(choices=Interaction.Confidentiality.choices, required=False)
    agent = serializers.CharField(max_length=60, required=False, allow_null=True)

    def validate_agent(self, username: str | None) -> Person | None:
        if not username:
            return None
        people: dict[str, Person | None] = self.context.get("people", {})  # a batch names the same ones
        if username not in people:
            people[username] = person_named(username)
        person = people[username]
        if person is None:
            raise serializers.ValidationError("There is no such person.")
        return person

    def entry(self) -> Entry:
        return self.entry_of(self.validated_data)

    @staticmethod
    def entry_of(told: Mapping[str, Any]) -> Entry:
        """The entry that checked values tell of."""
        names = {field.name for field in fields(Entry)}
        return Entry(**{name: value for name, value in told.items() if name in names})


class InteractionFilterSet(InteractionFilters, filters.FilterSet):
    """The list page's filters, by the same names."""


class Interactions(ListAPIView):
    """The log, newest first; POST writes an entry."""

    required_scopes = {"GET": "interactions:read", "POST": "interactions:write"}
    required_rights = {"GET": "interactions.view", "POST": "interactions.log"}
    serializer_class = InteractionSerializer
    filterset_class = InteractionFilterSet
    ordering = ("-started_at", "-id")
    ordering_fields = {"started_at": "started_at"}

    def get_queryset(self) -> Any:
        return queries.log_of(self.request.user)

    @extend_schema(request=EntrySerializer, responses={201: InteractionSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        told = EntrySerializer(data=request.data)
        told.is_valid(raise_exception=True)
        client = caller_client(request, told.validated_data["client"])
        with refused_in_words():
            written = actions.log_interaction(
                actor=caller_of(request), client=client, entry=told.entry(),
                agent=agent_of(request, told.validated_data),
            )  # fmt: skip
        return Response(InteractionSerializer(written).data, status=status.HTTP_201_CREATED)


class InteractionCorrections(GenericAPIView):
    """POST /interactions/{id}/corrections/: a new entry that supersedes this one."""

    required_scopes = {"POST": "interactions:write"}
    required_rights = {"POST": "interactions.correct"}
    serializer_class = EntrySerializer

    def get_queryset(self) -> Any:
        return queries.log_of(self.request.user)

    @extend_schema(request=EntrySerializer, responses={201: InteractionSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        original = self.get_queryset().filter(pk=pk).first()
        if original is None:
            raise Http404("No such entry in force.")
        told = EntrySerializer(
            data={**dict(request.data), "client": original.client.client_no if original.client else "-"}
        )
        told.is_valid(raise_exception=True)
        with refused_in_words():
            written = actions.correct_interaction(
                actor=caller_of(request), original=original, entry=told.entry()
            )
        return Response(InteractionSerializer(written).data, status=status.HTTP_201_CREATED)


def agent_of(request: Request, told: Mapping[str, Any]) -> Person | None:
    """A person logs in his own name; another system names the agent."""
    caller = caller_of(request)
    return told.get("agent") if caller.actor_kind == "api" else caller


def caller_of(request: Request) -> Any:
    """A person or an API client; strangers do not get here."""
    return request.user


@contextmanager
def refused_in_words(within: str = "") -> Iterator[None]:
    """What the deed refuses becomes the API's error by field, or by place and field `within` a list."""
    try:
        yield
    except ValidationError as error:
        faults = error.message_dict if hasattr(error, "error_dict") else {"detail": error.messages}
        told = {f"{within}.{name}" if within else name: words for name, words in faults.items()}
        raise serializers.ValidationError(told) from error
