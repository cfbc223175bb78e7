"""A unit's card, the clients behind a number, its files."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from clients.queries.record import listed as clients_in_sight
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
from kpis.queries.cards import split_unit
from kpis.queries.members import behind, group_stands, in_group
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
    card = _chosen(request, cards, period, units)
    near, whole = pages.neighbours(card), units_told_by(card.as_of)
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
        "counts": [(number, count_words()[number], card.counts[number]) for number in COUNTS],
        "insights": insights(card, request.user, whole),
        "own_league": _standing(cards, period, card),
        "peer": peers.peers(period, card.unit_type).get(card.unit_code),
        "above": tree.above(card, cards, whole),
        "below": tree.below(card, cards, whole),
    }
    return render(request, "kpis/scorecard.html", context)


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
    number, group = request.GET.get("number", ""), request.GET.get("group", "")
    groups = [one["group"] for one in card.profitability["groups"]]
    if number not in COUNTS and group not in groups:
        raise Http404
    if not request.user.may("clients.view"):
        raise PermissionDenied
    if number:
        context = {"number": number, "words": count_words()[number], "count": card.counts[number]}
        ids = behind(card, number, request.user).values("client_id")
    else:
        context = {"number": group, "words": _("Group %(name)s") % {"name": group}, "count": None}
        ids = in_group(card, group, request.user)
    gone = bool(not number and not group_stands(card, group))
    found = clients_in_sight(request.user).filter(pk__in=[] if gone else ids)
    return MemberList(request, found).render("kpis/members.html", {"card": card, "gone": gone, **context})


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


def _chosen(
    request: PersonRequest, cards: QuerySet[Scorecard], period: Period, units: list[Scorecard]
) -> Scorecard:
    """The asked unit's card, else the first unit's in sight; 404 when there is none."""
    unit = split_unit(request.GET.get("unit", "") or (units[0].unit_label if units else ""))
    found = cards.filter(unit_type=unit[0], unit_code=unit[1], period=period.name).first() if unit else None
    if found is None:
        raise Http404
    return found


def _difference(card: Scorecard, other: Scorecard | None) -> Any:
    if other is None or card.total is None or other.total is None:
        return None
    return card.total - other.total


def _standing(cards: QuerySet[Scorecard], period: Period, card: Scorecard) -> list[pages.Placed]:
    """The league of the card's kind as far as it is in sight; empty for the firm."""
    return [] if card.unit_type == UnitType.FIRM else pages.league(cards, period, card.unit_type, 12)


def _file_name(card: Scorecard) -> str:
    return f"scorecard-{card.unit_type}-{card.unit_code or 'all'}-{card.period}-r{card.revision}"


def _file(content: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
