"""REST of cards under a draft of the value model."""

from django.http import Http404
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from kpis.queries import trials


class TrialSideSerializer(serializers.Serializer):
    """total and scores 0 to 100, rate as counted; decimals as text."""

    total = serializers.CharField(allow_null=True)
    upgraded = serializers.CharField(allow_null=True)
    rate = serializers.CharField(allow_null=True)
    profitability = serializers.CharField(allow_null=True)
    U = serializers.IntegerField()
    D = serializers.IntegerField()


class TrialCardSerializer(serializers.Serializer):
    """A unit's card as it was made and as it would have come out under the draft."""

    type = serializers.CharField()
    code = serializers.CharField(allow_blank=True)
    name = serializers.CharField()
    live = TrialSideSerializer()
    draft = TrialSideSerializer()


class TrialCardsSerializer(serializers.Serializer):
    """period: the last closed month; empty when there were no cards."""

    period = serializers.CharField(allow_blank=True)
    results = TrialCardSerializer(many=True, source="rows")


class TrialScorecards(GenericAPIView):
    """The last month's cards of firm, regions and branches under a draft of the value model."""

    required_scopes = {"GET": "models:read"}
    required_rights = {"GET": "models.view"}
    serializer_class = TrialCardsSerializer
    pagination_class = None

    def get(self, request: Request, pk: int) -> Response:
        found = trials.cards_of_trial(request.user, pk)
        if found is None:
            raise Http404
        return Response(TrialCardsSerializer(found).data)
