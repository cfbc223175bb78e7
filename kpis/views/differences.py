"""The difference report between two revisions of a card."""

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clients.queries import record
from core import formats
from kpis.exports.tables import count_words
from kpis.models import Scorecard
from kpis.queries import signing
from kpis.queries.difference_report import ClientLine, other_revision, report
from kpis.queries.differences import MONEY, RATE, ValueChange, cause_words
from kpis.views.words import way_words
from staff.access import PersonRequest, needs


@require_GET
@needs("kpis.view")
def differences(request: PersonRequest, pk: int) -> HttpResponse:
    """What this revision has otherwise than another one of its unit and period."""
    card = signing.in_sight(request.user, pk)
    asked = request.GET.get("with", "")
    if card is None or (asked and not asked.isdecimal()):
        raise Http404
    other = other_revision(card, request.user, int(asked) if asked else None)
    if asked and other is None:
        raise Http404
    context: dict[str, Any] = {"card": card, "other": other}
    if other is not None:
        context |= _told(request, *sorted((card, other), key=lambda one: one.revision))
    return render(request, "kpis/signing/differences.html", context)


def _told(request: PersonRequest, before: Scorecard, after: Scorecard) -> dict[str, Any]:
    found, words, causes = report(before, after, request.user), count_words(), cause_words()
    told = found.told
    return {
        "before": before,
        "after": after,
        "causes": [causes[cause] for cause in told.causes],
        "counts": [(one, words[one.number]) for one in told.counts],
        "values": [_written(value) for value in (*told.values, *told.profits)],
        "clients": [_client(line, request.user) for line in found.lines],
        "moved": len(told.moved),
        "beyond": found.beyond,
        "packages": found.packages,
        "sees_feeds": request.user.may("feeds.view"),
    }


def _written(value: ValueChange) -> dict[str, Any]:
    write = {MONEY: formats.money, RATE: lambda one: formats.percent(one, 2)}.get(
        value.kind, lambda one: formats.number(one, 2)
    )
    change = value.change
    return {
        "words": value.words, "before": write(value.before), "after": write(value.after),
        "change": formats.DASH if change is None else f"{'+' if change > 0 else ''}{write(change)}",
    }  # fmt: skip


def _client(line: ClientLine, user: Any) -> dict[str, Any]:
    moved = line.moved
    return {
        "client": line.client,
        "name": record.shown_name(line.client, user),
        "before": way_words(moved.way_before),
        "after": way_words(moved.way_after),
        "came": sorted(moved.after - moved.before),
        "left": sorted(moved.before - moved.after),
        "brought": line.brought,
    }
