"""A unit's card, the clients behind a number, its files."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clients.queries.record import listed as clients_in_sight
from core.context import figures_run
from core.fragments import fragment
from core.sheets import XLSX
from kpis import charts
from kpis.exports import card_pdf, card_xlsx
from kpis.exports.tables import caveat_words, count_words, indicator_words
from kpis.insights import insights
from kpis.lists import MemberList
from kpis.models import Scorecard, UnitType
from kpis.queries import pages, peers, tree
from kpis.queries.cards import cards as cards_of
from kpis.queries.cards import split_unit, trend_of
from kpis.queries.members import behind
from kpis.queries.overridden import effects
from kpis.rules import COUNTS, Period
from kpis.units import units_told_by
from kpis.views.common import card_in_sight, chosen_period, period_bar
from staff.access import PersonRequest, needs


@require_GET
@needs("kpis.view")
def scorecard(request: PersonRequest) -> HttpResponse:
    """A unit's card of a period; without a choice the reader's own unit and the newest month that is over."""
    cards, known = cards_of(request.user), pages.known_periods()
    period = chosen_period(request, known)
    units = pages.units_of(cards, period) if period else []
    if period is None or not (units or request.GET.get("unit")):
        return render(request, "kpis/empty.html")
    found = _unit_cards(request, period, units)
    card, near = found[period.name], pages.neighbours(period, found)
    whole = units_told_by(card.as_of)
    context = {
        **period_bar(known, period, units, card.unit_label),
        "card": card,
        "caveats": caveat_words(card),
        "gauges": charts.gauges(card, near),
        "total_before": near.before.total if near.before else None,
        "total_change": _difference(card, near.before),
        "trend": charts.totals(near),
        "flow": charts.flow_of_clients(card),
        "tiers": charts.profit_by_tier(card),
        "profits": pages.profits(card),
        "counts": [(number, count_words()[number], card.counts[number]) for number in COUNTS],
        "above": tree.above(card, units, whole),
        **_standing(card, units, tree.below(card, units, whole)),
    }
    return render(request, "kpis/scorecard.html", context)


@require_GET
@needs("kpis.view")
def needs_action(request: PersonRequest, pk: int) -> HttpResponse:
    """What the card asks its unit to do: a piece of its page that comes after it."""
    card, run = card_in_sight(request, pk), figures_run(request)
    found = insights(card, request.user, units_told_by(card.as_of), run.as_of if run else None)
    return fragment(request, "kpis/needs_action.html", {"insights": found})


@require_GET
@needs("kpis.view")
def overridden(request: PersonRequest) -> HttpResponse:
    """What tiers by hand do to the cards of a period: a piece of the page of overrides."""
    period = chosen_period(request, pages.known_periods())
    found = effects(request.user, period) if period else []
    return fragment(
        request, "kpis/overridden.html", {"period": period, "effects": found, "words": indicator_words()}
    )


@require_GET
@needs("kpis.view")
def members(request: PersonRequest, pk: int) -> HttpResponse:
    """The clients behind a number of a card, those in the reader's sight."""
    card = card_in_sight(request, pk)
    number = request.GET.get("number", "")
    if number not in COUNTS:
        raise Http404
    if not request.user.may("clients.view"):
        raise PermissionDenied
    ids = behind(card, number, request.user).values("client_id")
    found = clients_in_sight(request.user).filter(pk__in=ids)
    context = {"card": card, "number": number, "words": count_words()[number], "count": card.counts[number]}
    return MemberList(request, found).render("kpis/members.html", context)


@require_GET
@needs("kpis.view")
def as_xlsx(request: PersonRequest, pk: int) -> HttpResponse:
    card = card_in_sight(request, pk)
    return _file(card_xlsx(card), XLSX, f"{_file_name(card)}.xlsx")


@require_GET
@needs("kpis.view")
def as_pdf(request: PersonRequest, pk: int) -> HttpResponse:
    card = card_in_sight(request, pk)
    return _file(card_pdf(card), "application/pdf", f"{_file_name(card)}.pdf")


def _unit_cards(request: PersonRequest, period: Period, units: list[Scorecard]) -> dict[str, Scorecard]:
    """The asked unit's cards up to the period, else the first unit's in sight; 404 when it isn't in sight."""
    asked = request.GET.get("unit", "") or units[0].unit_label
    unit = split_unit(asked)
    found = trend_of(*unit, period) if unit and asked in {one.unit_label for one in units} else {}
    if period.name not in found:
        raise Http404
    return found


def _difference(card: Scorecard, other: Scorecard | None) -> Any:
    if other is None or card.total is None or other.total is None:
        return None
    return card.total - other.total


def _standing(card: Scorecard, units: list[Scorecard], below: list[Scorecard]) -> dict[str, Any]:
    """The card's place, the best of its kind and of the units below, as far as they are in sight."""
    kinds = {card.unit_type, *(one.unit_type for one in below[:1])}
    found = peers.places(card.period_value, kinds)
    alike = [one for one in units if one.unit_type == card.unit_type != UnitType.FIRM]
    return {
        "own_league": pages.best(alike, found[card.unit_type]),
        "peer": found[card.unit_type].peers.get(card.unit_code),
        "below": pages.best(below, found[below[0].unit_type]) if below else [],
    }


def _file_name(card: Scorecard) -> str:
    return f"scorecard-{card.unit_type}-{card.unit_code or 'all'}-{card.period}-r{card.revision}"


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
