"""REST of the difference report."""

from typing import Any

from django.http import Http404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from kpis.models import Scorecard
from kpis.queries import signing
from kpis.queries.difference_report import ClientLine, Report, other_revision, report
from kpis.queries.differences import ValueChange
from kpis.queries.shape import rounded

PLACES = 6


class ChangedCountSerializer(serializers.Serializer):
    number = serializers.CharField()
    before = serializers.IntegerField()
    after = serializers.IntegerField()
    came = serializers.IntegerField()
    left = serializers.IntegerField()


class ChangedValueSerializer(serializers.Serializer):
    """In the caller's language; kind: money, rate, score or plain."""

    words = serializers.CharField()
    kind = serializers.CharField()
    before = serializers.CharField(allow_null=True)
    after = serializers.CharField(allow_null=True)


class FeedRowsSerializer(serializers.Serializer):
    feed_day = serializers.DateField()
    file = serializers.CharField()
    rows = serializers.IntegerField()
    on = serializers.DateField()


class ChangedClientSerializer(serializers.Serializer):
    """A client in the caller's sight; before and after: the numbers it stands in."""

    client_no = serializers.CharField()
    before = serializers.ListField(child=serializers.CharField())
    after = serializers.ListField(child=serializers.CharField())
    feed_rows = FeedRowsSerializer(many=True)


class CardDifferencesSerializer(serializers.Serializer):
    """What a later revision has otherwise; beyond: clients out of sight or above the 200 named."""

    before = serializers.IntegerField()
    after = serializers.IntegerField()
    causes = serializers.ListField(child=serializers.CharField())
    counts = ChangedCountSerializer(many=True)
    values = ChangedValueSerializer(many=True)
    clients = ChangedClientSerializer(many=True)
    beyond = serializers.IntegerField()
    packages = serializers.ListField(child=serializers.CharField())


class ScorecardDifferences(GenericAPIView):
    """A revision against another one: `with`, else the frozen one, else the one before."""

    required_scopes = {"GET": "scorecards:read"}
    required_rights = {"GET": "kpis.view"}
    serializer_class = CardDifferencesSerializer
    queryset = Scorecard.objects.none()

    @extend_schema(parameters=[OpenApiParameter("with", int, description="Id of another revision")])
    def get(self, request: Request, pk: int) -> Response:
        card, asked = signing.in_sight(request.user, pk), request.query_params.get("with", "")
        if card is None or (asked and not asked.isdecimal()):
            raise Http404
        other = other_revision(card, request.user, int(asked) if asked else None)
        if other is None:
            raise Http404
        before, after = sorted((card, other), key=lambda one: one.revision)
        return Response(_body(report(before, after, request.user)))


def _body(found: Report) -> dict[str, Any]:
    told = found.told
    return {
        "before": told.before.pk,
        "after": told.after.pk,
        "causes": told.causes,
        "counts": [
            {"number": one.number, "before": one.before, "after": one.after, "came": len(one.came),
             "left": len(one.left)}
            for one in told.counts
        ],
        "values": [_value(one) for one in (*told.values, *told.profits)],
        "clients": [_client(line) for line in found.lines],
        "beyond": found.beyond,
        "packages": [package.name for package in found.packages],
    }  # fmt: skip


def _value(one: ValueChange) -> dict[str, Any]:
    return {
        "words": one.words, "kind": one.kind, "before": rounded(one.before, PLACES),
        "after": rounded(one.after, PLACES),
    }  # fmt: skip


def _client(line: ClientLine) -> dict[str, Any]:
    return {
        "client_no": line.client.client_no,
        "before": sorted(line.moved.before),
        "after": sorted(line.moved.after),
        "feed_rows": FeedRowsSerializer(line.brought, many=True).data,
    }
