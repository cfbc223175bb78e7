"""REST of appeals: read by whoever sees the card, lodged and answered by people."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError as Unfit
from django.http import Http404
from drf_spectacular.utils import extend_schema, extend_schema_field
from rest_framework import serializers, status
from rest_framework.exceptions import ValidationError
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import check_match, etag, with_etag
from core.api.idempotency import idempotent
from kpis.actions import appeals as deeds
from kpis.api.cards import CardUnitSerializer
from kpis.models import Adjustment, CardAppeal
from kpis.models.appeals import REFERENCE, TEXT
from kpis.queries import appeals, signing


class AdjustmentSerializer(serializers.ModelSerializer):
    """An amount that enters the card's next revisions; subject: an indicator's events, or profit:GROUP."""

    proposed_by = serializers.CharField(source="proposed_by.username")
    decided_by = serializers.CharField(source="decided_by.username", default=None)

    class Meta:
        model = Adjustment
        fields = ["subject", "amount", "state", "proposed_by", "proposed_at", "decided_by", "decided_at"]


class ScorecardAppealSerializer(serializers.ModelSerializer):
    """An appeal against a line of one revision of a card."""

    unit = serializers.SerializerMethodField()
    period = serializers.CharField(source="card.period")
    revision = serializers.IntegerField(source="card.revision")
    lodged_by = serializers.CharField(source="lodged_by.username")
    answered_by = serializers.CharField(source="answered_by.username", default=None)
    adjustments = AdjustmentSerializer(many=True)

    class Meta:
        model = CardAppeal
        fields = [
            "id", "card", "unit", "period", "revision", "line", "text", "state", "lodged_by", "lodged_at",
            "answer_by", "answered_by", "answered_at", "answer", "remedy", "reference", "adjustments",
            "version",
        ]  # fmt: skip

    @extend_schema_field(CardUnitSerializer)
    def get_unit(self, appeal: CardAppeal) -> dict[str, Any]:
        card = appeal.card
        return {"type": card.unit_type, "code": card.unit_code or None, "name": card.unit_name}


class AppealWishSerializer(serializers.Serializer):
    """What is lodged; line: an indicator or a count of the card."""

    card = serializers.IntegerField()
    line = serializers.CharField(max_length=13)
    text = serializers.CharField(max_length=TEXT)
    clients = serializers.ListField(child=serializers.CharField(max_length=40), required=False, default=list)


class AppealAnswerSerializer(serializers.Serializer):
    """The answer; remedy and what follows from it where the appeal is accepted."""

    answer = serializers.CharField(max_length=TEXT, required=False, allow_blank=True, default="")
    remedy = serializers.ChoiceField(choices=CardAppeal.Remedy.choices, required=False, default="")
    reference = serializers.CharField(max_length=REFERENCE, required=False, allow_blank=True, default="")
    subject = serializers.CharField(max_length=17, required=False, allow_blank=True, default="")
    amount = serializers.DecimalField(max_digits=20, decimal_places=4, required=False, default=None)

    def told(self) -> deeds.Answer:
        given = self.validated_data
        return deeds.Answer(
            text=given["answer"], remedy=given["remedy"], reference=given["reference"],
            subject=given["subject"], amount=given["amount"],
        )  # fmt: skip


class ScorecardAppeals(ListAPIView):
    """Appeals against cards in sight, newest first. POST lodges one: a person's word."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view", "POST": "kpis.appeal"}
    serializer_class = ScorecardAppealSerializer
    filter_backends: list[Any] = []
    ordering = ("-id",)

    def get_queryset(self) -> Any:
        return appeals.listed(self.request.user)

    @extend_schema(request=AppealWishSerializer, responses={201: ScorecardAppealSerializer})
    @idempotent
    def post(self, request: Request) -> Response:
        told = AppealWishSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        values: Any = told.validated_data
        card = signing.in_sight(request.user, values["card"])
        if card is None:
            raise ValidationError({"card": "No card in your sight."})
        wish = deeds.Wish(line=values["line"], text=values["text"], client_nos=values["clients"])
        made = _checked(lambda: deeds.lodge(actor=_person(request), card=card, wish=wish))
        return _answer(request, made.pk, status.HTTP_201_CREATED)


class ScorecardAppealDetail(GenericAPIView):
    """One appeal."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = ScorecardAppealSerializer

    def get_queryset(self) -> Any:
        return appeals.listed(self.request.user)

    def get(self, request: Request, pk: int) -> Response:
        return _answer(request, pk)


class ScorecardAppealDeed(GenericAPIView):
    """POST withdraw, accept or decline; approve or refuse for the adjustment that waits (If-Match)."""

    required_scopes: dict[str, str] = {}
    required_rights = {"POST": "kpis.view"}
    serializer_class = ScorecardAppealSerializer

    def get_queryset(self) -> Any:
        return appeals.listed(self.request.user)

    @extend_schema(
        operation_id="scorecard_appeals_deed",
        request=AppealAnswerSerializer,
        responses={200: ScorecardAppealSerializer},
    )
    @idempotent
    def post(self, request: Request, pk: int, deed: str) -> Response:
        found = _found(request, pk)
        check_match(request, _tag(found))
        told = AppealAnswerSerializer(data=request.data)
        told.is_valid(raise_exception=True)
        person, version = _person(request), found.version
        known: dict[str, Callable[[], Any]] = {
            "withdraw": lambda: deeds.withdraw(actor=person, appeal=found, version=version),
            "accept": lambda: deeds.accept(actor=person, appeal=found, version=version, answer=told.told()),
            "decline": lambda: deeds.decline(actor=person, appeal=found, version=version, answer=told.told()),
            "approve": lambda: _decide(person, found, approved=True),
            "refuse": lambda: _decide(person, found, approved=False),
        }
        if deed not in known:
            raise Http404
        _checked(known[deed])
        return _answer(request, pk)


def _decide(person: Any, found: CardAppeal, *, approved: bool) -> Adjustment:
    adjustment = found.adjustments.order_by("-pk").first()
    if adjustment is None:
        raise Http404
    return deeds.decide_adjustment(actor=person, adjustment=adjustment, approved=approved)


def _checked(deed: Callable[[], Any]) -> Any:
    """What the rules find wrong, by field."""
    try:
        return deed()
    except Unfit as error:
        raise ValidationError(error.message_dict) from error


def _person(request: Request) -> Any:
    return request.user


def _found(request: Request, pk: int) -> CardAppeal:
    found = appeals.in_sight(request.user, pk)
    if found is None:
        raise Http404
    return found


def _answer(request: Request, pk: int, code: int = status.HTTP_200_OK) -> Response:
    found = _found(request, pk)
    return with_etag(Response(ScorecardAppealSerializer(found).data, code), _tag(found))


def _tag(found: CardAppeal) -> str:
    states = "".join(one.state for one in found.adjustments.all())
    return etag("scorecard-appeal", found.pk, found.version, states)
