"""The segments as a whole."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from segmentation import charts
from segmentation.forms import SegmentsForm
from segmentation.models import ModelVersion
from segmentation.queries import overview, rows, units
from segmentation.tables import class_table, segment_table
from staff.access import PersonRequest, needs


@require_GET
@needs("segmentation.view")
def segments(request: PersonRequest) -> HttpResponse:
    """Sizes, value, concentration, the old split beside it, and migration between two dates."""
    kept = rows.kept_dates()
    scope = request.user.scope_for("segmentation.view")
    form = SegmentsForm(request.GET, days=kept.newest_first, units=units.choices(scope))
    if not kept.newest_first:
        return render(request, "segmentation/overview.html", {"form": form, "empty": True})
    return render(request, "segmentation/overview.html", _segments(form, kept, scope))


def _segments(form: SegmentsForm, kept: rows.KeptDates, scope: Any) -> dict[str, Any]:
    newest = kept.newest_first[0]
    as_of, end = form.chosen("as_of", newest), form.chosen("end", newest)
    start = form.chosen("start", max((day for day in kept.closes if day < end), default=end))
    chosen = form.data.get("unit", "")
    form.show(as_of=as_of, start=start, end=end, unit=chosen)
    unit = units.named(chosen, scope, as_of)
    figures = overview.overview(as_of, unit)
    moves = overview.migrations(start, end, unit)
    rules = (ModelVersion.objects.serving(as_of) or ModelVersion.objects.first_version()).rules
    curve = figures.concentration()
    rose, fell, stayed = overview.moved(moves, [tier.code for tier in rules.tiers])
    return {
        "form": form,
        "as_of": as_of,
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
