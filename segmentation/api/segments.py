"""REST of saved segments: write, read, change, put away; members, moves, the trend, counting a rule."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError as Invalid
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.models import Client
from clients.queries.record import listed, name_for
from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from segmentation.actions import segments as deeds
from segmentation.models import Segment, SegmentMember
from segmentation.queries import counting, segments
from segmentation.queries.catalogue import CATALOGUE, FIELDS, choice_words
from segmentation.queries.telling import Teller
from segmentation.rules import RuleError, read
from segmentation.segment_form import units_for
from staff.models import Unit

READ = {"GET": "segments:read"}
READ_RIGHT = {"GET": "segments.view"}


class SharedUnitField(serializers.SlugRelatedField):
    """A unit by its code; one with which the caller may share."""

    def get_queryset(self) -> Any:
        request = self.context.get("request")
        return units_for(request.user) if request else Unit.objects.none()


class SegmentSerializer(serializers.ModelSerializer):
    """rule: {"all"|"any"|"none": [conditions and groups]}; a condition is {"field", "op", "value"}, with
    "unit" (days, months) beside relative dates and "months" beside sums. segment-fields/ lists what there is.
    """

    unit = SharedUnitField(slug_field="code", required=False, allow_null=True, default=None)
    owner = serializers.CharField(source="owner_name", read_only=True)
    rule = serializers.JSONField()
    sharing = serializers.ChoiceField(choices=Segment.Sharing.choices, default="person")
    note = serializers.CharField(max_length=400, required=False, allow_blank=True, default="")
    is_kept = serializers.BooleanField(default=True)
    tells = serializers.BooleanField(default=False)

    class Meta:
        model = Segment
        fields = [
            "id", "name", "note", "rule", "rule_version", "owner", "sharing", "unit", "is_kept", "tells",
            "nights", "created_at", "updated_at", "version",
        ]  # fmt: skip
        read_only_fields = ["rule_version", "nights", "created_at", "updated_at", "version"]


class SegmentMemberSerializer(serializers.Serializer):
    """A client who meets the rule now, with its score; name masked for those without identity."""

    client_no = serializers.CharField()
    name = serializers.SerializerMethodField()
    branch = serializers.CharField(source="branch.code")
    manager_no = serializers.CharField()
    tier = serializers.CharField(source="standing.tier", default="")
    score = serializers.CharField(source="standing.score", default=None)

    def get_name(self, client: Any) -> str:
        return name_for(client.name, self.context["request"].user)


class SegmentMoveSerializer(serializers.Serializer):
    """A stay in the segment; why in words, empty while it lasts."""

    client_no = serializers.CharField(source="client.client_no")
    branch = serializers.CharField(source="client.branch.code")
    entered_on = serializers.DateField()
    entered_because = serializers.SerializerMethodField()
    left_on = serializers.DateField(allow_null=True)
    left_because = serializers.SerializerMethodField()

    def get_entered_because(self, row: SegmentMember) -> str:
        return self.context["reasons"].entered(row)

    def get_left_because(self, row: SegmentMember) -> str:
        return self.context["reasons"].left(row)


class SegmentPointSerializer(serializers.Serializer):
    as_of = serializers.DateField()
    members = serializers.IntegerField()
    contribution = serializers.DecimalField(max_digits=24, decimal_places=4)
    assets = serializers.DecimalField(max_digits=24, decimal_places=4)


class RuleSerializer(serializers.Serializer):
    rule = serializers.JSONField()


class RuleCountSerializer(serializers.Serializer):
    """clients: null when nothing could be told in time; margin: give or take so many where estimated."""

    clients = serializers.IntegerField(allow_null=True)
    exact = serializers.BooleanField()
    margin = serializers.IntegerField()
    words = serializers.CharField()


class SegmentChoiceSerializer(serializers.Serializer):
    code = serializers.CharField()
    words = serializers.CharField()


class SegmentFieldSerializer(serializers.Serializer):
    field = serializers.CharField()
    group = serializers.CharField()
    kind = serializers.CharField()
    words = serializers.CharField()
    operators = serializers.ListField(child=serializers.CharField())
    choices = SegmentChoiceSerializer(many=True)


def _tag(segment: Segment) -> str:
    return etag("segment", segment.pk, segment.version)


def _answer(segment: Segment, code: int = status.HTTP_200_OK) -> Response:
    return with_etag(Response(SegmentSerializer(segment).data, code), _tag(segment))


def _faulty(error: RuleError) -> serializers.ValidationError:
    words = [f"{place or '/'}: {told}" for place, told in error.errors.items()]
    return serializers.ValidationError({"rule": words})


def _checked(deed: Callable[[], Segment]) -> Segment:
    """What the rules find wrong, by field; of the rule by place."""
    try:
        return deed()
    except RuleError as error:
        raise _faulty(error) from error
    except Invalid as error:
        raise serializers.ValidationError(error.message_dict) from error


def _told(request: Request) -> deeds.SegmentTold:
    given = SegmentSerializer(data=request.data, context={"request": request})
    given.is_valid(raise_exception=True)
    return deeds.SegmentTold(**given.validated_data)


def _visible(request: Request, pk: int) -> Segment:
    return get_object_or_404(segments.visible(request.user), pk=pk)


class Segments(ListAPIView):
    """Saved segments in sight, by name."""

    required_scopes = {**READ, "POST": "segments:write"}
    required_rights = {**READ_RIGHT, "POST": "segments.make"}
    serializer_class = SegmentSerializer
    filterset_class = None
    ordering = ("name",)

    def get_queryset(self) -> Any:
        return segments.visible(self.request.user)

    @extend_schema(request=SegmentSerializer, responses={201: SegmentSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        told = _told(request)
        return _answer(
            _checked(lambda: deeds.write_segment(actor=request.user, told=told)), status.HTTP_201_CREATED
        )


class SegmentDetail(GenericAPIView):
    """One segment. PUT says it anew, DELETE puts it away; both as it was read (If-Match)."""

    required_scopes = {**READ, "PUT": "segments:write", "DELETE": "segments:write"}
    required_rights = {**READ_RIGHT, "PUT": "segments.make", "DELETE": "segments.make"}
    serializer_class = SegmentSerializer
    queryset = Segment.objects.none()

    def get(self, request: Request, pk: int) -> Response:
        return _answer(_visible(request, pk))

    @extend_schema(request=SegmentSerializer, responses={200: SegmentSerializer})
    def put(self, request: Request, pk: int) -> Response:
        held = self._changeable(request, pk)
        told = _told(request)
        return _answer(
            _checked(
                lambda: deeds.change_segment(
                    actor=request.user, segment=held, version=held.version, told=told
                )
            )
        )

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        held = self._changeable(request, pk)
        deeds.archive_segment(actor=request.user, segment=held, version=held.version)
        return Response(status=status.HTTP_204_NO_CONTENT)

    def _changeable(self, request: Request, pk: int) -> Segment:
        held = _visible(request, pk)
        if not segments.may_change(request.user, held):
            raise PermissionDenied
        check_match(request, _tag(held))
        return held


class SegmentMembers(ListAPIView):
    """The clients in sight that meet the rule now, by client number."""

    required_scopes, required_rights = READ, READ_RIGHT
    serializer_class = SegmentMemberSerializer
    queryset = Client.objects.none()
    filterset_class = None
    ordering = ("client_no",)

    def get_queryset(self) -> Any:
        segment = _visible(self.request, self.kwargs["pk"])
        return segments.narrowed(listed(self.request.user), segment)


class SegmentMoves(ListAPIView):
    """Who came and left, the newest first."""

    required_scopes, required_rights = READ, READ_RIGHT
    serializer_class = SegmentMoveSerializer
    queryset = Segment.objects.none()  # whose number stands in the path
    filterset_class = None
    ordering = ("-entered_on",)
    ordering_fields = ("entered_on", "left_on")
    ordering_tie = ("client_id",)

    def get_queryset(self) -> Any:
        self.segment = _visible(self.request, self.kwargs["pk"])
        return segments.moves(self.request.user, self.segment)

    def get_serializer_context(self) -> dict[str, Any]:
        segment = getattr(self, "segment", None)
        reasons = {"reasons": segments.Reasons(segment)} if segment else {}
        return {**super().get_serializer_context(), **reasons}


class SegmentPoints(GenericAPIView):
    """Size and worth at the last closes and on the last night, of the clients in sight."""

    required_scopes, required_rights = READ, READ_RIGHT
    serializer_class = SegmentPointSerializer
    queryset = Segment.objects.none()
    pagination_class = None
    filter_backends: Any = ()

    @extend_schema(responses=SegmentPointSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        points = segments.trend(request.user, _visible(request, pk))
        return Response(SegmentPointSerializer(points, many=True).data)


class SegmentPastCloses(GenericAPIView):
    """Has size and worth drawn at the month closes before the first night; answers 202, trend/ grows then."""

    required_scopes = {"POST": "segments:write"}
    required_rights = {"POST": "segments.make"}
    serializer_class = SegmentSerializer
    queryset = Segment.objects.none()

    @extend_schema(request=None, responses={202: None})
    @idempotent
    def post(self, request: Request, pk: int) -> Response:
        segment = _visible(request, pk)
        if not segments.may_change(request.user, segment):
            raise PermissionDenied
        deeds.draw_past_closes(actor=request.user, segment=segment)
        return Response(status=status.HTTP_202_ACCEPTED)


class SegmentFields(GenericAPIView):
    """What a rule may ask for, with operators and codes."""

    required_scopes, required_rights = READ, READ_RIGHT
    serializer_class = SegmentFieldSerializer
    queryset = Segment.objects.none()
    pagination_class = None
    filter_backends: Any = ()

    @extend_schema(operation_id="segment_fields_list", responses=SegmentFieldSerializer(many=True))
    def get(self, request: Request) -> Response:
        told = [
            {
                "field": one.key, "group": one.source, "kind": one.kind, "words": one.named(),
                "operators": one.operators,
                "choices": [{"code": code, "words": words} for code, words in choice_words(one).items()],
            }
            for one in FIELDS
        ]  # fmt: skip
        return Response(SegmentFieldSerializer(told, many=True).data)


class SegmentCount(GenericAPIView):
    """How many clients in sight meet a rule; nothing is kept."""

    required_scopes = {"POST": "segments:read"}
    required_rights = {"POST": "segments.view"}
    serializer_class = RuleSerializer
    queryset = Segment.objects.none()

    @extend_schema(request=RuleSerializer, responses={200: RuleCountSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        given = RuleSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            rule = read(given.validated_data["rule"], CATALOGUE)
        except RuleError as error:
            raise _faulty(error) from error
        found = counting.count(request.user, rule)
        told = {
            "clients": found.clients, "exact": found.exact, "margin": found.margin,
            "words": Teller().sentence(rule),
        }  # fmt: skip
        return Response(RuleCountSerializer(told).data)
