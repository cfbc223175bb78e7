"""REST of scorecards and the clients behind them."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import ListAPIView, RetrieveAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.etags import etag, with_etag
from kpis.filters import CardFilters
from kpis.models import Passage, Scorecard
from kpis.queries import cards, members
from kpis.queries.shape import card_body
from kpis.rules import COUNTS


class CardUnitSerializer(serializers.Serializer):
    type = serializers.CharField()
    code = serializers.CharField(allow_null=True)
    name = serializers.CharField()


class ScorecardSerializer(serializers.Serializer):
    """A card: rates with 6 places, scores, totals and money with 4; a missing value is null."""

    id = serializers.IntegerField()
    unit = CardUnitSerializer()
    period = serializers.CharField()
    start = serializers.DateField()
    end = serializers.DateField()
    revision = serializers.IntegerField()
    state = serializers.ChoiceField(choices=Scorecard.State.choices)
    completeness = serializers.ChoiceField(choices=["full", "partial", "none"])
    flags = serializers.ListField(child=serializers.CharField())
    notes = serializers.ListField(child=serializers.DictField())
    as_of = serializers.DateField()
    scheme_version = serializers.IntegerField()
    model_version = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    indicators = serializers.DictField()
    total = serializers.DecimalField(max_digits=10, decimal_places=4, allow_null=True)

    def to_representation(self, card: Scorecard) -> dict[str, Any]:
        return card_body(card)


class Scorecards(ListAPIView):
    """Current cards of the units the caller may see, newest period first."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = ScorecardSerializer
    filterset_class = CardFilters
    ordering = ("-start", "-id")
    ordering_fields = {"start": "start", "total": "total", "unit": "unit_code"}

    def get_queryset(self) -> Any:
        return cards.cards(self.request.user)


class ScorecardDetail(RetrieveAPIView):
    """One revision of a card."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = ScorecardSerializer

    def get_queryset(self) -> Any:
        return cards.all_revisions(self.request.user)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        card = self.get_object()
        return with_etag(Response(card_body(card)), etag("scorecard", card.pk, card.fingerprint, card.as_of))


class PassageSerializer(serializers.ModelSerializer):
    """A client behind a number: unit and tier at the opening and at the close that count."""

    client_no = serializers.CharField(source="client.client_no")
    branch_from = serializers.CharField(source="opening_branch")
    branch_to = serializers.CharField(source="closing_branch")
    manager_from = serializers.CharField(source="opening_manager")
    manager_to = serializers.CharField(source="closing_manager")

    class Meta:
        model = Passage
        fields = [
            "client_no", "branch_from", "branch_to", "manager_from", "manager_to", "tier_from", "tier_to",
        ]  # fmt: skip


class ScorecardClients(ListAPIView):
    """The clients behind one number of a card, those the caller may see."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = PassageSerializer
    filter_backends: list[Any] = []
    ordering = ("client__client_no",)
    ordering_tie = ("client_id",)
    ordering_never_null = ("client__client_no",)

    @extend_schema(parameters=[OpenApiParameter("number", required=True, enum=list(COUNTS))])
    def get(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return super().get(request, *args, **kwargs)

    def get_queryset(self) -> Any:
        if getattr(self, "swagger_fake_view", False):
            return Passage.objects.none()
        card = cards.all_revisions(self.request.user).filter(pk=self.kwargs["pk"]).first()
        if card is None:
            raise Http404
        number = self.request.query_params.get("number", "")
        if number not in COUNTS:
            raise serializers.ValidationError({"number": f"One of: {', '.join(COUNTS)}."})
        return members.behind(card, number, self.request.user).select_related("client")
