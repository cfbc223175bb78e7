"""REST of cases: read, open, and the deeds on one."""

from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from cases.actions import working
from cases.actions.cases import open_case
from cases.models import Case, CaseClock, CaseNote, Complaint, ComplaintDecision, State
from cases.queries.explain import clocks_of
from cases.queries.listed import cases_of, complaints_of
from cases.queries.reach import possible_owners
from cases.queries.reading import answers_of, notes_of, result_of, text_of
from clients.api import caller_client
from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from interactions.models import Channel
from staff.models import Unit

READ = {"scope": "cases:read", "right": "cases.view"}
WRITE = {"scope": "cases:write", "right": "cases.work"}


class CaseSerializer(serializers.ModelSerializer):
    """A case; client is null while unknown, next_due_at is the nearest deadline of its clocks."""

    number = serializers.CharField()
    type = serializers.CharField(source="type_version.type.code")
    client = serializers.CharField(source="client.client_no", default=None)
    unit = serializers.CharField(source="unit.code")
    owner = serializers.CharField(source="owner.username", default=None)

    class Meta:
        model = Case
        fields = [
            "id", "number", "type", "is_complaint", "client", "unit", "owner", "channel", "tier", "subject",
            "priority", "state", "state_since", "opened_at", "resolved_at", "closed_at", "next_due_at",
            "escalated", "incident", "merged_into", "version",
        ]  # fmt: skip


class NoteSerializer(serializers.Serializer):
    at = serializers.DateTimeField(source="note.written_at")
    kind = serializers.CharField(source="note.kind")
    author = serializers.CharField(source="note.author_name")
    text = serializers.CharField(source="words")


class WholeCaseSerializer(CaseSerializer):
    text = serializers.SerializerMethodField()
    answers = serializers.SerializerMethodField()
    result = serializers.SerializerMethodField()
    steps = serializers.SerializerMethodField()
    notes = serializers.SerializerMethodField()

    class Meta(CaseSerializer.Meta):
        fields = [*CaseSerializer.Meta.fields, "text", "answers", "result", "steps", "notes"]

    def get_text(self, case: Case) -> str:
        return text_of(case)

    def get_answers(self, case: Case) -> dict[str, str]:
        return answers_of(case)

    def get_result(self, case: Case) -> str:
        return result_of(case)

    def get_steps(self, case: Case) -> dict[str, bool]:
        return {one["key"]: one["key"] in case.ticked for one in case.type_version.steps}

    @extend_schema(responses=NoteSerializer(many=True))
    def get_notes(self, case: Case) -> Any:
        return NoteSerializer(notes_of(case), many=True).data


class NewCaseSerializer(serializers.Serializer):
    """client, or the unit where it came in. key: opened once however often it is sent."""

    type = serializers.CharField(max_length=40)
    client = serializers.CharField(max_length=30, required=False, allow_null=True, default=None)
    unit = serializers.CharField(max_length=20, required=False, allow_null=True, default=None)
    subject = serializers.CharField(max_length=200)
    text = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    channel = serializers.ChoiceField(choices=Channel.choices, required=False, allow_blank=True, default="")
    answers = serializers.DictField(child=serializers.CharField(max_length=500), required=False, default=dict)


class CaseFilterSet(filters.FilterSet):
    state = filters.ChoiceFilter(choices=State.choices)
    type = filters.CharFilter(field_name="type__code")
    client = filters.CharFilter(field_name="client__client_no")
    owner = filters.CharFilter(field_name="owner__username")
    complaint = filters.BooleanFilter(field_name="is_complaint")
    incident = filters.NumberFilter(field_name="incident_id")


class Cases(ListAPIView):
    """Cases, newest first; POST opens one. Other systems need the scope clients:read beside it."""

    required_scopes = {"GET": READ["scope"], "POST": WRITE["scope"]}
    required_rights = {"GET": READ["right"], "POST": WRITE["right"]}
    serializer_class = CaseSerializer
    filterset_class = CaseFilterSet
    ordering = ("-opened_at", "-id")
    ordering_fields = {"opened_at": "opened_at", "due": "next_due_at"}

    def get_queryset(self) -> Any:
        return cases_of(self.request.user)

    @extend_schema(request=NewCaseSerializer, responses={201: WholeCaseSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        told = NewCaseSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        wanted = dict(told.validated_data)
        number, kind, fields = wanted.pop("client"), wanted.pop("type"), wanted.pop("answers")
        client = caller_client(request, number) if number else None
        caller: Any = request.user
        wanted["unit"] = _unit(caller, wanted["unit"]) if wanted["unit"] and client is None else None
        made = checked(lambda: open_case(actor=caller, client=client, kind=kind, fields=fields, **wanted))
        return Response(WholeCaseSerializer(made).data, status.HTTP_201_CREATED)


class CaseDetail(RetrieveAPIView):
    """One case with its words, steps and notes; its ETag changes with every deed."""

    required_scopes = {"GET": READ["scope"]}
    required_rights = {"GET": READ["right"]}
    serializer_class = WholeCaseSerializer

    def get_queryset(self) -> Any:
        return cases_of(self.request.user)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        case = self.get_object()
        return with_etag(Response(WholeCaseSerializer(case).data), _tag(case))


class ExplainedSerializer(serializers.Serializer):
    """A clock and why it ends when it does; times are null while it stands still."""

    kind = serializers.CharField(source="clock.kind")
    round = serializers.IntegerField(source="clock.round")
    state = serializers.CharField(source="clock.state")
    statutory = serializers.BooleanField(source="clock.statutory")
    hours = serializers.CharField(source="clock.hours")
    seconds = serializers.IntegerField(source="clock.seconds")
    started_at = serializers.DateTimeField(source="clock.started_at")
    warn_at = serializers.DateTimeField(source="clock.warn_at", allow_null=True)
    due_at = serializers.DateTimeField(source="clock.due_at", allow_null=True)
    ended_at = serializers.DateTimeField(source="clock.ended_at", allow_null=True)
    pauses = serializers.SerializerMethodField()
    why = serializers.ListField(source="lines", child=serializers.CharField())

    def get_pauses(self, one: Any) -> list[list[str | None]]:
        clock: CaseClock = one.clock
        return [
            [pause.from_at.isoformat(), pause.to_at.isoformat() if pause.to_at else None]
            for pause in clock.pauses.all()
        ]


class OneCase(GenericAPIView):
    """Base of what hangs on one case: 404 outside the caller's sight."""

    serializer_class: Any = CaseSerializer
    pagination_class = None
    filter_backends = []

    def case(self, request: Request, pk: int) -> Case:
        found = cases_of(request.user).filter(pk=pk).first()
        if found is None:
            raise Http404("No such case.")
        check_match(request, _tag(found))
        return found

    def told(self, case: Case) -> Response:
        fresh = cases_of(self.request.user).filter(pk=case.pk).first()
        if fresh is None:
            return Response(status=status.HTTP_204_NO_CONTENT)
        return with_etag(Response(CaseSerializer(fresh).data), _tag(fresh))


class Clocks(OneCase):
    """The clocks of a case."""

    required_scopes = {"GET": READ["scope"]}
    required_rights = {"GET": READ["right"]}
    serializer_class = ExplainedSerializer

    @extend_schema(responses={200: ExplainedSerializer(many=True)})
    def get(self, request: Request, pk: int) -> Response:
        return Response(ExplainedSerializer(clocks_of(self.case(request, pk)), many=True).data)


class NewNoteSerializer(serializers.Serializer):
    text = serializers.CharField(max_length=4000)
    kind = serializers.ChoiceField(choices=CaseNote.Kind.choices, default=CaseNote.Kind.NOTE)


class Notes(OneCase):
    """Writes into a case; a reply or contact ends the clocks that wait for it."""

    required_scopes = {"POST": WRITE["scope"]}
    required_rights = {"POST": WRITE["right"]}
    serializer_class = NewNoteSerializer

    @extend_schema(request=NewNoteSerializer, responses={200: CaseSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        case = self.case(request, pk)
        told = NewNoteSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        actor: Any = request.user
        checked(lambda: working.add_note(actor=actor, case=case, **told.validated_data))
        return self.told(case)


class StateSerializer(serializers.Serializer):
    state = serializers.ChoiceField(choices=State.choices)
    result = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class StateOf(OneCase):
    """Moves a case to another state; 409 where that is no way."""

    required_scopes = {"POST": WRITE["scope"]}
    required_rights = {"POST": WRITE["right"]}
    serializer_class = StateSerializer

    @extend_schema(request=StateSerializer, responses={200: CaseSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        case = self.case(request, pk)
        told = StateSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        actor: Any = request.user
        checked(lambda: working.change_state(actor=actor, case=case, **told.validated_data))
        return self.told(case)


class OwnerSerializer(serializers.Serializer):
    """owner: a sign-in name, or null for back to the queue."""

    owner = serializers.CharField(max_length=60, allow_null=True)
    why = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")


class OwnerOf(OneCase):
    """Gives a case to somebody who works on cases there."""

    required_scopes = {"POST": WRITE["scope"]}
    required_rights = {"POST": WRITE["right"]}
    serializer_class = OwnerSerializer

    @extend_schema(request=OwnerSerializer, responses={200: CaseSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        case = self.case(request, pk)
        told = OwnerSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        name = told.validated_data["owner"]
        owner = next((one for one in possible_owners(case) if one.username == name), None)
        if name and owner is None:
            raise serializers.ValidationError({"owner": ["This person cannot work on the case."]})
        actor: Any = request.user
        why = told.validated_data["why"]
        checked(lambda: working.assign(actor=actor, case=case, owner=owner, why=why))
        return self.told(case)


class StepSerializer(serializers.Serializer):
    step = serializers.CharField(max_length=20)
    done = serializers.BooleanField(default=True)


class Steps(OneCase):
    """Marks a step of the checklist."""

    required_scopes = {"POST": WRITE["scope"]}
    required_rights = {"POST": WRITE["right"]}
    serializer_class = StepSerializer

    @extend_schema(request=StepSerializer, responses={200: CaseSerializer})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        case = self.case(request, pk)
        told = StepSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        actor: Any = request.user
        checked(lambda: working.tick(actor=actor, case=case, **told.validated_data))
        return self.told(case)


class ComplaintSerializer(serializers.ModelSerializer):
    """A complaint as the register has it; substantiated is yes, partly, no, or null while undecided."""

    id = serializers.IntegerField(source="case_id")
    number = serializers.CharField(source="case.number")
    client = serializers.CharField(source="case.client.client_no", default=None)
    subject = serializers.CharField(source="case.subject")
    state = serializers.CharField(source="case.state")
    substantiated = serializers.ChoiceField(
        choices=ComplaintDecision.Outcome.choices, allow_null=True, default=None
    )

    class Meta:
        model = Complaint
        fields = [
            "id", "number", "client", "subject", "state", "received_on", "business", "severity", "source",
            "source_no", "complainants", "complex_for", "substantiated",
        ]  # fmt: skip


class Complaints(ListAPIView):
    """Complaints, newest first. Other systems need the scope clients:read beside it."""

    required_scopes = {"GET": READ["scope"]}
    required_rights = {"GET": "complaints.view"}
    serializer_class = ComplaintSerializer
    ordering = ("-received_on", "-case_id")
    ordering_fields = {"received_on": "received_on"}

    def get_queryset(self) -> Any:
        return complaints_of(self.request.user)


def _unit(caller: Any, code: str) -> Unit:
    """Where the caller works on cases; 404 for any other."""
    found = Unit.objects.visible_to(caller).filter(code=code).first()
    if found is None or not caller.scope_for("cases.work").has_unit(found.pk):
        raise Http404("No such unit.")
    return found


def _tag(case: Case) -> str:
    return etag("case", case.pk, case.version)


def checked(deed: Any) -> Any:
    """Does it; what the rules find wrong becomes an answer 400 by field."""
    try:
        return deed()
    except ValidationError as error:
        if hasattr(error, "error_dict"):
            raise serializers.ValidationError(error.message_dict) from error
        raise serializers.ValidationError({"detail": error.messages}) from error
