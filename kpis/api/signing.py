"""REST of the sign-off: what is frozen, how far a card is, and the deeds of people."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError as Unfit
from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from kpis import actions
from kpis.api.cards import CardUnitSerializer, ScorecardSerializer
from kpis.filters import CardFilters
from kpis.models import Scorecard, Stage
from kpis.models.signing import REASON
from kpis.queries import signing
from kpis.queries.cards import all_revisions
from kpis.queries.frozen import frozen_cards
from kpis.queries.signing import Standing

READ_SCOPES, READ_RIGHTS = {"GET": "scorecards:read"}, {"GET": "kpis.view"}


class MeaningSerializer(serializers.Serializer):
    """A part of what the numbers mean, in words."""

    title = serializers.CharField()
    lines = serializers.ListField(child=serializers.CharField())


class SignOffSerializer(serializers.Serializer):
    """A frozen revision; replaces: the revision whose place it took, adopted for `reason`."""

    card = serializers.IntegerField(source="card_id")
    revision = serializers.IntegerField(source="card.revision")
    confirmed_by = serializers.CharField(source="confirmed_by.username")
    confirmed_at = serializers.DateTimeField()
    signed_by = serializers.CharField(source="signed_by.username")
    signed_at = serializers.DateTimeField()
    replaces = serializers.IntegerField(source="replaces.card.revision", default=None, allow_null=True)
    reason = serializers.CharField()


class CardStandingSerializer(serializers.Serializer):
    """How far a revision is on its way to being frozen; the days are deadlines, null beyond the calendar."""

    card = serializers.IntegerField()
    unit = CardUnitSerializer()
    period = serializers.CharField()
    revision = serializers.IntegerField()
    stage = serializers.ChoiceField(choices=[("", "Older revision"), *Stage.choices])
    missing_days = serializers.ListField(child=serializers.DateField())
    ready_on = serializers.DateField(allow_null=True)
    confirm_by = serializers.DateField(allow_null=True)
    sign_by = serializers.DateField(allow_null=True)
    appeal_by = serializers.DateField(allow_null=True)
    confirmed_by = serializers.CharField(allow_null=True)
    frozen = SignOffSerializer(allow_null=True)
    definition = serializers.DictField(child=MeaningSerializer(many=True), allow_null=True)

    def to_representation(self, standing: Standing) -> dict[str, Any]:
        card, known, frozen = standing.card, standing.readiness, standing.frozen
        given = getattr(card, "confirmation", None)
        dates = ("ready_on", "confirm_by", "sign_by", "appeal_by")
        return {
            "card": card.pk,
            "unit": {"type": card.unit_type, "code": card.unit_code or None, "name": card.unit_name},
            "period": card.period,
            "revision": card.revision,
            "stage": standing.stage,
            "missing_days": [day.isoformat() for day in known.missing],
            **{name: getattr(known, name) for name in dates},
            "confirmed_by": given.confirmed_by.username if given else None,
            "frozen": SignOffSerializer(frozen).data if frozen else None,
            "definition": frozen.definition if frozen and frozen.card_id == card.pk else None,
        }


class DeedReasonSerializer(serializers.Serializer):
    """Needed where headquarters answers in a unit's place, and to propose a later revision."""

    reason = serializers.CharField(max_length=REASON, required=False, allow_blank=True, default="")


class FrozenScorecards(ListAPIView):
    """The frozen card of each unit and period in sight: what rewards stand on. Newest period first."""

    required_scopes, required_rights = READ_SCOPES, READ_RIGHTS
    serializer_class = ScorecardSerializer
    filterset_class = CardFilters
    ordering = ("-start", "-id")

    def get_queryset(self) -> Any:
        rows = frozen_cards(self.request.user).select_related("scheme", "unit")
        return rows.defer("inputs").prefetch_related("lines")


class ScorecardSignOff(GenericAPIView):
    """How far one revision of a card is."""

    required_scopes, required_rights = READ_SCOPES, READ_RIGHTS
    serializer_class = CardStandingSerializer

    def get_queryset(self) -> Any:
        return all_revisions(self.request.user)

    def get(self, request: Request, pk: int) -> Response:
        return _standing(request, pk)


class SignOffDeed(GenericAPIView):
    """POST confirm, take-back or sign: a person's word, never a system's."""

    required_scopes: dict[str, str] = {}
    required_rights = {"POST": "kpis.view"}
    serializer_class = CardStandingSerializer
    deeds: dict[str, Callable[..., Any]] = {
        "confirm": actions.confirm, "take-back": actions.take_back, "sign": actions.sign,
    }  # fmt: skip

    def get_queryset(self) -> Any:
        return all_revisions(self.request.user)

    @extend_schema(request=DeedReasonSerializer, responses={200: CardStandingSerializer})
    @idempotent
    def post(self, request: Request, pk: int, deed: str) -> Response:
        card = _card(request, pk)
        if deed not in self.deeds:
            raise Http404
        check_match(request, _tag(card))
        told = DeedReasonSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        more = {"reason": told.validated_data["reason"]} if deed == "confirm" else {}
        try:
            self.deeds[deed](actor=request.user, card=card, **more)
        except Unfit as error:
            raise ValidationError(error.message_dict) from error
        return _standing(request, pk)


def _card(request: Request, pk: int) -> Scorecard:
    card = signing.in_sight(request.user, pk)
    if card is None:
        raise Http404
    return card


def _standing(request: Request, pk: int) -> Response:
    card = _card(request, pk)
    body = CardStandingSerializer(signing.standing(card, request.user)).data
    return with_etag(Response(body), _tag(card))


def _tag(card: Scorecard) -> str:
    """Another one once somebody confirmed, took back or signed, or a newer revision came."""
    given = getattr(card, "confirmation", None)
    return etag("sign-off", card.pk, card.state, card.current, given.pk if given else "")
