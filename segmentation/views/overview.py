"""The segments as a whole."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from segmentation import charts
from segmentation.queries import overview
from segmentation.tables import class_table, segment_table, top_table
from segmentation.views.asked import Asked
from segmentation.words import moved_words
from staff.access import PersonRequest, needs


@require_GET
@needs("segmentation.view")
def segments(request: PersonRequest) -> HttpResponse:
    """Sizes, value, concentration, the old split beside it, and migration between two dates."""
    asked = Asked.of(request)
    context = _segments(asked) if asked.kept.newest_first else {"form": asked.form, "empty": True}
    return render(request, "segmentation/overview.html", context)


def _segments(asked: Asked) -> dict[str, Any]:
    form, as_of, unit, links = asked.form, asked.as_of, asked.unit, asked.links
    start, end = asked.migration()
    form.show(as_of=as_of, start=start, end=end)
    figures = overview.overview(as_of, unit)
    moves = overview.migrations(start, end, asked.unit_on(end))
    rules = asked.rules
    curve = figures.concentration()
    return {
        **asked.context("overview"),
        **_migration(asked, moves),
        "start": start,
        "end": end,
        "whole": figures.whole,
        "whole_url": links.to(as_of),
        "segments": segment_table(figures, rules, as_of, links),
        "classes": class_table(figures, rules, as_of, links),
        "tier_names": [group.label for group in charts.groups(rules) if group.key],
        "sizes": charts.sizes(figures, rules),
        "pareto": charts.pareto(curve),
        "tops": top_table(figures, as_of, links),
        "gini": overview.gini(curve),
    }


def _migration(asked: Asked, moves: dict[tuple[str, str], int]) -> dict[str, Any]:
    """The picture, the matrix and the words, each number with where it leads."""
    rules, (start, end) = asked.rules, asked.migration()
    urls = asked.links.moves(start, end, moves)
    counts = overview.moved(moves, [tier.code for tier in rules.tiers])
    return {
        "flow": charts.migration_flow(moves, rules, urls),
        "matrix": charts.migration_matrix(moves, rules, urls),
        "moved": [
            (words, count, asked.links.moved(start, end, how))
            for (how, words), count in zip(moved_words().items(), counts, strict=True)
        ],
    }
