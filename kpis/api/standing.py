"""REST of where a unit stands: its league by size, the tree of units around it, clients to see to."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView, ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from clients.models import Client
from clients.queries.record import listed as clients_in_sight
from core.keyset import capped_counts
from core.runs import last_finished
from kpis.api.cards import CardUnitSerializer
from kpis.models import Scorecard, UnitType
from kpis.queries import attention, cards, pages, peers, tree
from kpis.queries.pages import Placed
from kpis.queries.shape import MONEY_PLACES, rounded
from kpis.rules import parse_period
from kpis.units import units_told_by

COUNTED = 1000
LEAGUE = [
    OpenApiParameter("period", str, required=True),
    OpenApiParameter("unit_type", str, enum=[kind for kind in UnitType.values if kind != UnitType.FIRM]),
    OpenApiParameter("size", int, enum=list(peers.CLASSES)),
    OpenApiParameter("sort", str, enum=[*pages.SORTS, *(f"-{key}" for key in pages.SORTS)]),
]


class PlacedSerializer(serializers.Serializer):
    """A card in its league: places among all of its kind, and among those of its size (quarters by B)."""

    id = serializers.IntegerField()
    unit = CardUnitSerializer()
    period = serializers.CharField()
    total = serializers.DecimalField(max_digits=10, decimal_places=4, allow_null=True)
    place = serializers.IntegerField(allow_null=True)
    climbed = serializers.IntegerField(allow_null=True)
    size = serializers.IntegerField(allow_null=True)
    size_place = serializers.IntegerField(allow_null=True)
    size_of = serializers.IntegerField(allow_null=True)

    def to_representation(self, row: Placed) -> dict[str, Any]:
        peer = row.peer
        return {
            **_card(row.card), "place": row.place, "climbed": row.climbed,
            "size": peer.size if peer else None, "size_place": peer.place if peer else None,
            "size_of": peer.of if peer else None,
        }  # fmt: skip


class NodeSerializer(serializers.Serializer):
    """A card of the tree."""

    id = serializers.IntegerField()
    unit = CardUnitSerializer()
    period = serializers.CharField()
    total = serializers.DecimalField(max_digits=10, decimal_places=4, allow_null=True)


class TreeSerializer(serializers.Serializer):
    """The cards in sight of the units above, the firm's first, and of those right below, the best first."""

    above = NodeSerializer(many=True)
    below = PlacedSerializer(many=True)


class AttentionSerializer(serializers.Serializer):
    """A list of clients to see to, as of the last night; more: there are more than were counted."""

    kind = serializers.ChoiceField(choices=attention.KINDS)
    clients = serializers.IntegerField()
    more = serializers.BooleanField()


class NeedingClientSerializer(serializers.Serializer):
    """A client to see to."""

    client_no = serializers.CharField()
    tier = serializers.CharField(source="standing.tier", default="")
    score = serializers.DecimalField(source="standing.score", max_digits=7, decimal_places=4, default=None)


def _card(card: Scorecard) -> dict[str, Any]:
    unit = {"type": card.unit_type, "code": card.unit_code or None, "name": card.unit_name}
    return {"id": card.pk, "unit": unit, "period": card.period, "total": rounded(card.total, MONEY_PLACES)}


class ScorecardLeague(GenericAPIView):
    """Units of a kind in a period, the best first, with rank changes and places among their size."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = PlacedSerializer
    queryset = Scorecard.objects.none()
    pagination_class = None

    @extend_schema(operation_id="scorecards_league", parameters=LEAGUE, responses=PlacedSerializer(many=True))
    def get(self, request: Request) -> Response:
        asked = request.query_params
        unit_type, size = asked.get("unit_type", UnitType.BRANCH), asked.get("size", "")
        sort = asked.get("sort", "-total")
        _one_of("unit_type", unit_type, UnitType.values)
        _one_of("size", size, ["", *map(str, peers.CLASSES)])
        _one_of("sort", sort.removeprefix("-"), pages.SORTS)
        try:
            period = parse_period(asked.get("period", ""))
        except ValueError as error:
            raise serializers.ValidationError({"period": str(error)}) from error
        rows = pages.of_size(pages.league(cards.cards(request.user), period, unit_type), size)
        return Response(PlacedSerializer(pages.sorted_league(rows, sort), many=True).data)


def _one_of(name: str, value: str, known: Any) -> None:
    if value not in known:
        raise serializers.ValidationError({name: f"One of: {', '.join(filter(None, known))}."})


class ScorecardTree(GenericAPIView):
    """Up and down from a card: firm, region, branch, manager, as far as the caller may see."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = TreeSerializer
    queryset = Scorecard.objects.none()
    pagination_class = None

    @extend_schema(operation_id="scorecards_tree", responses=TreeSerializer)
    def get(self, request: Request, pk: int) -> Response:
        card = _in_sight(request, pk)
        seen, units = (
            pages.units_of(cards.cards(request.user), card.period_value),
            units_told_by(card.as_of),
        )
        below = tree.below(card, seen, units)
        kinds = {one.unit_type for one in below}
        found = peers.places(card.period_value, kinds)
        placed = pages.best(below, found[below[0].unit_type], len(below)) if below else []
        above = [_card(one) for one in tree.above(card, seen, units)]
        return Response({"above": above, "below": PlacedSerializer(placed, many=True).data})


class ScorecardAttention(GenericAPIView):
    """How many clients of a card's unit need somebody, by kind."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = AttentionSerializer
    queryset = Scorecard.objects.none()
    pagination_class = None

    @extend_schema(operation_id="scorecards_attention", responses=AttentionSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        card, run = _in_sight(request, pk), last_finished()
        lists = attention.lists_of(card, request.user, units_told_by(card.as_of), run.as_of) if run else {}
        counted = capped_counts(lists, COUNTED)
        told = [{"kind": kind, "clients": found, "more": more} for kind, (found, more) in counted.items()]
        return Response(AttentionSerializer(told, many=True).data)


class AttentionClients(ListAPIView):
    """The clients in sight of one kind."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = NeedingClientSerializer
    filter_backends: list[Any] = []
    ordering = ("client_no",)

    @extend_schema(
        operation_id="scorecards_attention_clients",
        parameters=[OpenApiParameter("kind", str, required=True, enum=list(attention.KINDS))],
    )
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Client.objects.none()
        card, kind = _in_sight(self.request, self.kwargs["pk"]), self.request.query_params.get("kind", "")
        _one_of("kind", kind, attention.KINDS)
        return clients_in_sight(self.request.user).filter(
            pk__in=attention.needing(card, kind, self.request.user)
        )


def _in_sight(request: Request, pk: int) -> Scorecard:
    card = cards.all_revisions(request.user).filter(pk=pk).first()
    if card is None:
        raise Http404
    return card
