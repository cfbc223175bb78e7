"""Pages of segments over time and by cell: two years by tier, cohorts, current by potential; and the file."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from core.sheets import XLSX
from segmentation import pictures
from segmentation.queries import figures
from segmentation.sheets import workbook
from segmentation.views.asked import Asked
from staff.access import PersonRequest, needs


def _page(request: PersonRequest, name: str, told: Any) -> HttpResponse:
    """A page of this name; before the first night it says that there are no figures yet."""
    asked = Asked.of(request, with_migration=False)
    if not asked.kept.newest_first:
        return render(request, "segmentation/overview.html", {"form": asked.form, "empty": True})
    asked.form.show(as_of=asked.as_of)
    context = {**asked.context(name), **told(request, asked)}
    return render(request, f"segmentation/{name}.html", context)


@require_GET
@needs("segmentation.view")
def history(request: PersonRequest) -> HttpResponse:
    """Clients and contribution of each tier at the closes of two years."""
    return _page(request, "history", _history)


def _history(_request: PersonRequest, asked: Asked) -> dict[str, Any]:
    days = figures.shown_closes(asked.kept.closes, asked.as_of)
    past = figures.over_time(days, asked.unit)
    return {
        "clients": pictures.tiers_over_time(past, asked.rules, "clients"),
        "value": pictures.tiers_over_time(past, asked.rules, "contribution"),
    }


@require_GET
@needs("segmentation.view")
def cohorts(request: PersonRequest) -> HttpResponse:
    """Of the clients opened in a quarter, how many are still held, quarter by quarter."""
    return _page(request, "cohorts", _cohorts)


def _cohorts(_request: PersonRequest, asked: Asked) -> dict[str, Any]:
    found = figures.cohorts(asked.as_of, asked.unit)
    return {"cohorts": found, "heat": pictures.cohort_matrix(found, asked.links)}


@require_GET
@needs("segmentation.view")
def cells(request: PersonRequest) -> HttpResponse:
    """The scored clients by current value and potential; each cell leads to its clients."""
    return _page(request, "cells", _cells)


def _cells(_request: PersonRequest, asked: Asked) -> dict[str, Any]:
    found, as_of, links = figures.cells(asked.as_of, asked.unit), asked.as_of, asked.links
    return {
        "heat": pictures.cell_matrix(found, as_of, links),
        "quadrants": pictures.quadrants(found, asked.rules, as_of, links),
        "linked": links.is_open,
    }


@require_GET
@needs("segmentation.view")
def file(request: PersonRequest) -> HttpResponse:
    """All figures of the choice as XLSX: counts and sums only."""
    asked = Asked.of(request)
    if not asked.kept.newest_first:
        raise Http404
    response = HttpResponse(
        workbook(asked.kept, asked.as_of, asked.unit, asked.migration()), content_type=XLSX
    )
    response["Content-Disposition"] = f'attachment; filename="segments-{asked.as_of:%Y-%m-%d}.xlsx"'
    return response
