"""The segments as a whole."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from segmentation import charts
from segmentation.queries import overview
from segmentation.tables import class_table, segment_table
from segmentation.views.asked import Asked
from staff.access import PersonRequest, needs


@require_GET
@needs("segmentation.view")
def segments(request: PersonRequest) -> HttpResponse:
    """Sizes, value, concentration, the old split beside it, and migration between two dates."""
    asked = Asked.of(request)
    context = _segments(asked) if asked.kept.newest_first else {"form": asked.form, "empty": True}
    return render(request, "segmentation/overview.html", context)


def _segments(asked: Asked) -> dict[str, Any]:
    form, as_of, unit = asked.form, asked.as_of, asked.unit
    start, end = asked.migration()
    form.show(as_of=as_of, start=start, end=end)
    figures = overview.overview(as_of, unit)
    moves = overview.migrations(start, end, unit)
    rules = asked.rules
    curve = figures.concentration()
    rose, fell, stayed = overview.moved(moves, [tier.code for tier in rules.tiers])
    return {
        **asked.context("overview"),
        "start": start,
        "end": end,
        "whole": figures.whole,
        "segments": segment_table(figures, rules),
        "classes": class_table(figures, rules),
        "tier_names": [group.label for group in charts.groups(rules) if group.key],
        "sizes": charts.sizes(figures, rules),
        "pareto": charts.pareto(curve),
        "gini": overview.gini(curve),
        "flow": charts.migration_flow(moves, rules),
        "matrix": charts.migration_matrix(moves, rules),
        "rose": rose,
        "fell": fell,
        "stayed": stayed,
    }
