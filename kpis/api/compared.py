"""REST of what parts two cards."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from kpis.api.cards import CardUnitSerializer, PassageSerializer
from kpis.models import Passage, Scorecard
from kpis.queries import cards, compared
from kpis.queries.shape import MONEY_PLACES, RATE_PLACES
from kpis.rules import COUNTS
from kpis.rules.changes import CAUSES, Change, Split, told

ENDS = [OpenApiParameter(name, int, required=True) for name in ("from", "to")]


class ComparedCardSerializer(serializers.Serializer):
    """Which card stands at an end."""

    id = serializers.IntegerField()
    unit = CardUnitSerializer()
    period = serializers.CharField()
    revision = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Scorecard.State.choices)
    scheme_version = serializers.IntegerField()
    model_version = serializers.IntegerField(allow_null=True)

    def to_representation(self, card: Scorecard) -> dict[str, Any]:
        return {
            "id": card.pk,
            "unit": {"type": card.unit_type, "code": card.unit_code or None, "name": card.unit_name},
            "period": card.period,
            "revision": card.revision,
            "state": card.state,
            "scheme_version": card.scheme.number,
            "model_version": card.model_version,
        }


class SplitSerializer(serializers.Serializer):
    """A number at both ends; parts add up to the difference, null where an end is missing."""

    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)
    difference = serializers.CharField(allow_null=True)
    parts = serializers.DictField(child=serializers.CharField(), allow_null=True, help_text=", ".join(CAUSES))


class CountPairSerializer(serializers.Serializer):
    before = serializers.IntegerField()
    after = serializers.IntegerField()


class ComparisonSerializer(serializers.Serializer):
    """Two cards and what parts them: total, scores and points of the total by indicator, rates used, AP used
    by group, counts. All but the counts are null while a card is withheld."""

    before = ComparedCardSerializer()
    after = ComparedCardSerializer()
    total = SplitSerializer(allow_null=True)
    scores = serializers.DictField(child=SplitSerializer(), allow_null=True)
    points = serializers.DictField(child=SplitSerializer(), allow_null=True)
    rates = serializers.DictField(child=SplitSerializer(), allow_null=True)
    groups = serializers.DictField(child=SplitSerializer(), allow_null=True)
    counts = serializers.DictField(child=CountPairSerializer())

    def to_representation(self, found: compared.Comparison) -> dict[str, Any]:
        counts = {number: {"before": one, "after": other} for number, one, other in found.counts}
        return {
            "before": ComparedCardSerializer(found.before).data,
            "after": ComparedCardSerializer(found.after).data,
            **_change(found.change),
            "counts": counts,
        }


def _change(change: Change | None) -> dict[str, Any]:
    if change is None:
        return dict.fromkeys(("total", "scores", "points", "rates", "groups"))
    kinds = {"scores": change.scores, "points": change.points, "groups": change.groups}
    return {
        "total": _split(change.total, MONEY_PLACES),
        "rates": {name: _split(split, RATE_PLACES) for name, split in change.used.items()},
        **{
            kind: {name: _split(split, MONEY_PLACES) for name, split in splits.items()}
            for kind, splits in kinds.items()
        },
    }


def _split(split: Split, places: int) -> dict[str, Any]:
    ends = told(split, places)
    values = {"before": ends.before, "after": ends.after, "difference": ends.difference}
    texts = {name: None if value is None else f"{value:f}" for name, value in values.items()}
    return {**texts, "parts": {cause: f"{part:f}" for cause, part in ends.parts.items()} or None}


class ScorecardComparison(GenericAPIView):
    """Two cards (any revision) of the same kind of unit and length of period, and what parts them."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = ComparisonSerializer
    queryset = Scorecard.objects.none()
    pagination_class = None

    @extend_schema(operation_id="scorecards_compare", parameters=ENDS, responses=ComparisonSerializer)
    def get(self, request: Request) -> Response:
        return Response(ComparisonSerializer(compared.compared(*_ends(request))).data)


class DifferingClients(ListAPIView):
    """The clients the caller may see behind a number of the card `to` and not of the card `from`; the other
    way round with the two exchanged."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = PassageSerializer
    filter_backends: list[Any] = []
    ordering = ("client__client_no",)
    ordering_tie = ("client_id",)
    ordering_never_null = ("client__client_no",)

    @extend_schema(
        operation_id="scorecards_compare_clients",
        parameters=[*ENDS, OpenApiParameter("number", required=True, enum=list(COUNTS))],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Passage.objects.none()
        before, after = _ends(self.request)
        number = self.request.query_params.get("number", "")
        if number not in COUNTS:
            raise serializers.ValidationError({"number": f"One of: {', '.join(COUNTS)}."})
        return compared.only_in(after, before, number, self.request.user).select_related("client")


def _ends(request: Request) -> tuple[Scorecard, Scorecard]:
    """The cards of `from` and `to`; 404 for one that isn't in sight, 400 for two that can't be compared."""
    ends = _card(request, "from"), _card(request, "to")
    if not compared.comparable(*ends):
        words = "Both cards must be of the same kind of unit and length of period."
        raise serializers.ValidationError({"to": words})
    return ends


def _card(request: Request, name: str) -> Scorecard:
    asked = request.query_params.get(name, "")
    if not asked.isdecimal():
        raise serializers.ValidationError({name: "The id of a card."})
    card = cards.all_revisions(request.user).filter(pk=int(asked)).first()
    if card is None:
        raise Http404
    return card
