"""REST of segments over time and by cell: tiers over two years, cohorts, current by potential."""

from datetime import date
from fractions import Fraction
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from segmentation.api.asking import DAY, SCORES, caller, day_of
from segmentation.models import BAND
from segmentation.queries import figures, rows, units
from segmentation.queries.rows import half_up

ASKED = [OpenApiParameter("as_of", DAY), OpenApiParameter("unit", str)]
MONEY: dict[str, Any] = {"max_digits": 20, "decimal_places": 4}


class TierOnSerializer(serializers.Serializer):
    """A tier at a date; tier null: clients held without one. Money in CNY, contribution of 12 months."""

    as_of = serializers.DateField()
    tier = serializers.CharField(allow_null=True)
    clients = serializers.IntegerField()
    contribution = serializers.DecimalField(**MONEY)
    assets = serializers.DecimalField(**MONEY)
    average_score = serializers.DecimalField(max_digits=5, decimal_places=2, allow_null=True)


class CohortSerializer(serializers.Serializer):
    """Clients opened in a quarter: of those effective `age` quarters later, how many are held then."""

    quarter = serializers.CharField()
    age = serializers.IntegerField()
    effective = serializers.IntegerField()
    held = serializers.IntegerField()
    retention = serializers.DecimalField(max_digits=8, decimal_places=6)


class CellSerializer(serializers.Serializer):
    """Scored clients between two scores of current value and of potential; null: the axis is missing."""

    current_from = serializers.IntegerField(allow_null=True)
    potential_from = serializers.IntegerField(allow_null=True)
    clients = serializers.IntegerField()
    contribution = serializers.DecimalField(**MONEY)
    assets = serializers.DecimalField(**MONEY)


class TiersOverTimeSerializer(serializers.Serializer):
    as_of = serializers.DateField()
    results = TierOnSerializer(many=True)


class CohortsSerializer(serializers.Serializer):
    as_of = serializers.DateField()
    results = CohortSerializer(many=True)


class CellsSerializer(serializers.Serializer):
    as_of = serializers.DateField()
    band = serializers.IntegerField()
    results = CellSerializer(many=True)


class Figures(GenericAPIView):
    """What the figures have in common: as of a kept date (the last night), of a unit or manager."""

    required_scopes = SCORES["required_scopes"]
    required_rights = SCORES["required_rights"]
    pagination_class = None

    def asked(self, request: Request) -> tuple[rows.KeptDates, date, units.UnitChoice]:
        kept = rows.kept_dates()
        as_of = day_of(request, "as_of") or kept.night
        if as_of is None or as_of not in kept:
            raise rows.NoScore(f"No figures of {as_of} are kept." if as_of else "No run has finished yet.")
        unit = units.named(request.query_params.get("unit", ""), caller(request).scope, as_of)
        return kept, as_of, unit


class TiersOverTime(Figures):
    """Size and value of each tier at the closes of two years up to a date, and on it."""

    serializer_class = TiersOverTimeSerializer

    @extend_schema(operation_id="segment_figures_tiers", parameters=ASKED)
    def get(self, request: Request) -> Response:
        kept, as_of, unit = self.asked(request)
        past = figures.over_time(figures.shown_closes(kept.closes, as_of), unit)
        results = [
            {"as_of": one.as_of, "tier": tier or None, "clients": sums.clients, "assets": sums.assets,
             "contribution": sums.contribution, "average_score": _score(sums.score_sum, sums.scored)}
            for one in past
            for tier, sums in sorted(one.tiers.items(), reverse=True)
        ]  # fmt: skip
        return Response(TiersOverTimeSerializer({"as_of": as_of, "results": results}).data)


class Cohorts(Figures):
    """Retention by quarter of opening, at the quarters' ends of two years up to a date."""

    serializer_class = CohortsSerializer

    @extend_schema(operation_id="segment_figures_cohorts", parameters=ASKED)
    def get(self, request: Request) -> Response:
        _kept, as_of, unit = self.asked(request)
        results = [
            {"quarter": figures.quarter_text(cohort.quarter), "age": age, "effective": cohort.entered[age],
             "held": cohort.held[age], "retention": round(cohort.retention(age) or 0, 6)}
            for cohort in figures.cohorts(as_of, unit)
            for age in sorted(cohort.entered)
        ]  # fmt: skip
        return Response(CohortsSerializer({"as_of": as_of, "results": results}).data)


class ValueCells(Figures):
    """The scored clients of a date by current value and potential."""

    serializer_class = CellsSerializer

    @extend_schema(operation_id="segment_figures_cells", parameters=ASKED)
    def get(self, request: Request) -> Response:
        _kept, as_of, unit = self.asked(request)
        results = [
            {"current_from": _edge(current), "potential_from": _edge(potential), "clients": here.clients,
             "contribution": here.contribution, "assets": here.assets}
            for (current, potential), here in sorted(figures.cells(as_of, unit).items())
        ]  # fmt: skip
        return Response(CellsSerializer({"as_of": as_of, "band": BAND, "results": results}).data)


def _edge(band: int) -> int | None:
    return None if band == figures.MISSING else figures.band_edges(band)[0]


def _score(total: Any, scored: int) -> Any:
    return half_up(Fraction(total) / scored, 2) if scored else None
