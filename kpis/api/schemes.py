"""REST of the scheme: versions for everybody with scorecards, drafts for those who write or approve."""

from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError as Unfit
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from kpis import actions
from kpis.models import SchemeDraft, SchemeVersion
from kpis.queries import schemes
from kpis.rules import parse_period
from kpis.rules.rewards import BASES, KINDS
from kpis.rules.scheme import INDICATORS
from kpis.rules.told_scheme import scheme_from_json, scheme_to_json

READ = {"required_scopes": {"GET": "scorecards:read"}, "required_rights": {"GET": "kpis.view"}}
# drafts are people's work: no system reads or writes them
PEOPLE: dict[str, str] = {}


class SchemeGroupSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=10)
    tiers = serializers.ListField(child=serializers.CharField(max_length=3))
    weight = serializers.DecimalField(max_digits=4, decimal_places=3)


class RewardRuleSerializer(serializers.Serializer):
    """How a kind of unit is rewarded: points are pairs of score and coefficient."""

    kind = serializers.ChoiceField(choices=KINDS)
    points = serializers.ListField(
        child=serializers.ListField(
            child=serializers.DecimalField(max_digits=8, decimal_places=4), min_length=2, max_length=2
        )
    )
    base = serializers.ChoiceField(choices=BASES)


class SchemeContentSerializer(serializers.Serializer):
    """What a scheme says: weights sum to 100, those of the groups to 1, share_needed is a fraction."""

    weights = serializers.DictField(child=serializers.DecimalField(max_digits=5, decimal_places=2))
    groups = SchemeGroupSerializer(many=True)
    cap = serializers.DecimalField(max_digits=5, decimal_places=2)
    small_base = serializers.IntegerField()
    base_added = serializers.IntegerField()
    small_group = serializers.IntegerField()
    group_added = serializers.IntegerField()
    share_needed = serializers.DecimalField(max_digits=4, decimal_places=3)
    undo_days = serializers.IntegerField()
    months_behind = serializers.IntegerField()
    rewards = serializers.DictField(child=RewardRuleSerializer(), required=False, default=dict)

    def validate_weights(self, weights: dict[str, Any]) -> dict[str, Any]:
        if set(weights) != set(INDICATORS):
            raise serializers.ValidationError(f"Exactly: {', '.join(INDICATORS)}.")
        return weights

    def validate_rewards(self, rewards: dict[str, Any]) -> dict[str, Any]:
        if set(rewards) - {"region", "branch", "manager"}:
            raise serializers.ValidationError("Of region, branch, manager.")
        return rewards


class SchemeVersionSerializer(serializers.Serializer):
    """A published version; serves_from null: all periods until a later one begins."""

    number = serializers.IntegerField()
    serves_from = serializers.DateField(allow_null=True)
    proposed_by = serializers.CharField()
    approved_by = serializers.CharField()
    published_at = serializers.DateTimeField()
    content = SchemeContentSerializer()

    def to_representation(self, version: SchemeVersion) -> dict[str, Any]:
        names = ("number", "serves_from", "proposed_by", "approved_by", "published_at")
        return {name: getattr(version, name) for name in names} | {
            "content": scheme_to_json(version.as_rules())
        }


class SchemeDraftSerializer(serializers.ModelSerializer):
    """A draft of the next version; a declined one is a draft again, with the answer."""

    based_on = serializers.IntegerField(source="based_on.number")
    content = SchemeContentSerializer()
    edited_by = serializers.CharField(source="edited_by.username")
    proposed_by = serializers.CharField(source="proposed_by.username", default=None)
    decided_by = serializers.CharField(source="decided_by.username", default=None)
    published = serializers.IntegerField(source="published.number", default=None)

    class Meta:
        model = SchemeDraft
        fields = [
            "id", "state", "based_on", "content", "serves_from", "reason", "edited_by", "edited_at",
            "proposed_by", "proposed_at", "decided_by", "decided_at", "answer", "published", "version",
        ]  # fmt: skip


class DraftWishSerializer(serializers.Serializer):
    """What a draft should say from now on."""

    content = SchemeContentSerializer()
    from_period = serializers.CharField(max_length=7, required=False, allow_null=True)
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")

    def validate_from_period(self, name: str | None) -> date | None:
        try:
            return parse_period(name).start if name else None
        except ValueError as error:
            raise serializers.ValidationError(str(error)) from error


class DraftWhySerializer(serializers.Serializer):
    """Why it is declined; the other deeds ask for nothing."""

    why = serializers.CharField(max_length=actions.schemes.LONGEST_ANSWER, required=False, default="")


def _tag(draft: SchemeDraft) -> str:
    return etag("scheme-draft", draft.pk, draft.version)


def _caller(request: Request) -> Any:
    return request.user


def _answer(request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    draft = schemes.drafts(_caller(request)).get(pk=pk)
    return with_etag(Response(SchemeDraftSerializer(draft).data, code), _tag(draft))


def _checked(deed: Callable[[], Any]) -> Any:
    """What the rules find wrong, by field."""
    try:
        return deed()
    except Unfit as error:
        faults = error.message_dict
        if "serves_from" in faults:
            faults["from_period"] = faults.pop("serves_from")
        raise ValidationError(faults) from error


class KpiSchemes(ListAPIView):
    """Published versions of the scheme, the newest first."""

    required_scopes, required_rights = READ["required_scopes"], READ["required_rights"]
    serializer_class = SchemeVersionSerializer
    filter_backends: list[Any] = []
    ordering = ("-number",)
    ordering_never_null = ("number",)

    def get_queryset(self) -> Any:
        return schemes.versions()


class KpiScheme(RetrieveAPIView):
    """One version by its number."""

    required_scopes, required_rights = READ["required_scopes"], READ["required_rights"]
    serializer_class = SchemeVersionSerializer
    lookup_field = "number"

    def get_queryset(self) -> Any:
        return schemes.versions()


class SchemeDrafts(ListAPIView):
    """Drafts of the next version. POST begins one that says what the newest version says."""

    required_scopes = PEOPLE
    required_rights = {"GET": "kpis.view", "POST": "kpis.schemes"}
    serializer_class = SchemeDraftSerializer
    filter_backends: list[Any] = []
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        return schemes.drafts(_caller(self.request))

    @extend_schema(request=None, responses={201: SchemeDraftSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        made = actions.begin_draft(actor=_caller(request))
        return _answer(request, made.pk, status.HTTP_201_CREATED)


class SchemeDraftDetail(GenericAPIView):
    """One draft. PUT replaces what it says, as it was read (If-Match)."""

    required_scopes = PEOPLE
    required_rights = {"GET": "kpis.view", "PUT": "kpis.schemes"}
    serializer_class = SchemeDraftSerializer

    def get_queryset(self) -> Any:
        return schemes.drafts(_caller(self.request))

    def get(self, request: Request, pk: int) -> Response:
        return _answer(request, self.get_object().pk)

    @extend_schema(request=DraftWishSerializer, responses={200: SchemeDraftSerializer})
    def put(self, request: Request, pk: int) -> Response:
        draft = self.get_object()
        check_match(request, _tag(draft))
        told = DraftWishSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        values = told.validated_data
        wish = {
            "scheme": scheme_from_json(values["content"]),
            "serves_from": values.get("from_period"),
            "reason": values["reason"],
        }
        _checked(
            lambda: actions.change_draft(actor=_caller(request), draft=draft, version=draft.version, **wish)
        )
        return _answer(request, pk)


class SchemeDraftDeed(GenericAPIView):
    """Propose, take back, discard; publish or decline as the second person."""

    required_scopes = PEOPLE
    required_rights = {"POST": "kpis.view"}
    serializer_class = SchemeDraftSerializer
    deeds: dict[str, Callable[..., Any]] = {
        "propose": actions.propose_scheme, "take-back": actions.take_back_scheme,
        "discard": actions.discard_draft, "publish": actions.publish_scheme,
        "decline": actions.decline_scheme,
    }  # fmt: skip

    def get_queryset(self) -> Any:
        return schemes.drafts(_caller(self.request))

    @extend_schema(
        operation_id="scheme_drafts_decide",
        request=DraftWhySerializer,
        responses={200: SchemeDraftSerializer},
    )
    @idempotent
    def post(self, request: Request, pk: int, name: str) -> Response:
        draft = self.get_queryset().filter(pk=pk).first()
        if draft is None or name not in self.deeds:
            raise Http404
        check_match(request, _tag(draft))
        told = DraftWhySerializer(data=request.data)
        told.is_valid(raise_exception=True)
        more = {"why": told.validated_data["why"]} if name == "decline" else {}
        _checked(lambda: self.deeds[name](actor=_caller(request), draft=draft, version=draft.version, **more))
        return _answer(request, pk)
