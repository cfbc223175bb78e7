"""What the client page shows of the value model."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clients.models import Client
from clients.views import visible_client
from segmentation import charts
from segmentation.definition import NEW
from segmentation.queries import history, rows
from segmentation.queries.explain import explain
from segmentation.queries.steps import changes, steps
from segmentation.tables import MonthRow, change_rows, explanation_table, months_table, step_rows
from segmentation.words import event_words, matrix_words, reason_words, rule_words
from staff.access import PersonRequest, needs

MONTHS_SHOWN = 24


@require_GET
@needs("clients.view")
def client_score(request: PersonRequest, client_no: str) -> HttpResponse:
    """The score with its parts, and in words why the tier is what it is."""
    client = visible_client(request, client_no)
    try:
        explanation = explain(client)
    except rows.NoScore:
        return render(request, "segmentation/client_score.html", {"client": client, "none": True})
    row, moved = explanation.row, changes(explanation)
    context = {
        "client": client, "explanation": explanation, "row": row,
        "axes": explanation_table(explanation), "ring": charts.score_ring(row),
        "past": charts.score_line(client, row), "rule": rule_words().get(row.tier_reason, ""),
        "matrix": matrix_words().get(row.matrix, ""), "is_new": row.tier == NEW,
        "changes": moved, "change_rows": change_rows(moved) if moved else [],
        "steps": step_rows(steps(explanation)),
    }  # fmt: skip
    return render(request, "segmentation/client_score.html", context)


@require_GET
@needs("clients.view")
def client_trend(request: PersonRequest, client_no: str) -> HttpResponse:
    """Assets and contribution of the last 24 months as pictures."""
    client = visible_client(request, client_no)
    return render(request, "segmentation/client_trend.html", _month_pictures(_months(client), small=True))


@require_GET
@needs("clients.view")
def client_months(request: PersonRequest, client_no: str) -> HttpResponse:
    """The client's months: contribution and assets as pictures, all facts as a table."""
    client = visible_client(request, client_no)
    months = _months(client)
    context = {"client": client, "months": months, **_month_pictures(months)}
    return render(request, "segmentation/client_months.html", context)


@require_GET
@needs("clients.view")
def client_tiers(request: PersonRequest, client_no: str) -> HttpResponse:
    """The client's tiers over time and its lifecycle events."""
    client = visible_client(request, client_no)
    rules, events, reasons = rule_words(), event_words(), reason_words()
    spans = [(span, rules.get(span.reason, "")) for span in history.tiers_of(client)]
    happened = [
        (event, events.get(event.event, event.event), reasons.get(event.reason, ""))
        for event in history.events_of(client).order_by("-on_date")
    ]
    return render(
        request, "segmentation/client_tiers.html", {"client": client, "spans": spans, "events": happened}
    )


def _months(client: Client) -> list[MonthRow]:
    """The newest months, each over all units of record."""
    rows = history.months_of(client).order_by("-month")[: 2 * MONTHS_SHOWN]
    return months_table(list(rows))[:MONTHS_SHOWN]


def _month_pictures(months: list[MonthRow], *, small: bool = False) -> dict[str, Any]:
    return {
        "contribution": charts.month_bars(months, small=small),
        "assets": charts.month_assets(months, small=small),
    }
