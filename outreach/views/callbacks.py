"""Pages of callbacks: how far units are, the list, and the record of a draw."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core.charts import Chart, Series, bars
from outreach.lists.callbacks import CallbackList
from outreach.models import Callback, CallbackDraw, CallbackKind
from outreach.queries import callbacks as queries
from staff.access import PersonRequest, needs

SHOWN_SKIPPED = 5
STACK = (("passed", "ok"), ("exception", "bad"), ("refused", "warn"), ("unreachable", "c4"), ("open", "c5"))


@require_GET
@needs("callbacks.view")
def overview(request: PersonRequest) -> HttpResponse:
    """What waits for the reader, and how far the units are with one programme in one year."""
    now, today = timezone.now(), timezone.localdate()
    kind = request.GET.get("kind", "")
    kind = kind if kind in CallbackKind.values else CallbackKind.NEW_ACCOUNT
    year = queries.year_of(request.GET.get("year", ""), today)
    lines, works = queries.progress(request.user, kind, year), request.user.may("callbacks.work")
    context = {
        "kind": kind, "kinds": CallbackKind.choices, "year": year, "lines": lines,
        "whole": queries.summed(lines),
        "chart": _chart(lines) if lines else None, "works": works, "years": queries.years(today),
        "draw": CallbackDraw.objects.filter(year=year).first() if kind == CallbackKind.YEARLY else None,
    }  # fmt: skip
    if works:
        skipped = list(queries.skipped_for(request.user, now)[: SHOWN_SKIPPED + 1])
        context |= {
            "left": queries.count_free(request.user), "today": queries.made_today(request.user),
            "in_hand": queries.of_caller(request.user).select_related("client").first(),
            "skipped": skipped[:SHOWN_SKIPPED], "more_skipped": len(skipped) > SHOWN_SKIPPED,
        }  # fmt: skip
    return render(request, "outreach/callbacks/overview.html", context)


@require_GET
@needs("callbacks.view")
def callback_list(request: PersonRequest) -> HttpResponse:
    return CallbackList(request, queries.listed(request.user)).render("outreach/callbacks/list.html")


@require_GET
@needs("callbacks.view")
def draw(request: PersonRequest, year: int) -> HttpResponse:
    """The record of a year's draw, so that anybody can make it again; of branches in sight."""
    held = get_object_or_404(CallbackDraw.objects.select_related("programme"), year=year)
    context = {"draw": held, "branches": queries.drawn_branches(held, request.user)}
    return render(request, "outreach/callbacks/draw.html", context)


def _chart(lines: list[dict[str, Any]]) -> Chart:
    """How the callbacks of every unit stand, one upon the other."""
    words = dict(Callback.State.choices)
    series = [Series(str(words[state]), [line[state] for line in lines], tone) for state, tone in STACK]
    labels = [line["branch__name"] for line in lines]
    return bars(_("Callbacks by branch"), labels, series, stacked=True, corner=_("Branch"))
