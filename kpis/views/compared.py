"""Why a card changed, two units side by side, and the clients who make the difference."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from clients.queries.record import listed as clients_in_sight
from kpis import causes
from kpis.exports.tables import count_words
from kpis.lists import MemberList
from kpis.models import Scorecard
from kpis.queries import compared, pages
from kpis.queries.cards import cards as cards_of
from kpis.queries.cards import split_unit
from kpis.rules import COUNTS, Period
from kpis.views.common import card_in_sight, chosen_period, period_bar
from staff.access import PersonRequest, needs


@require_GET
@needs("kpis.view")
def why(request: PersonRequest, pk: int) -> HttpResponse:
    """A card against another revision or period of its unit, and what parts them."""
    card = card_in_sight(request, pk)
    choices = compared.of_unit(card, request.user)
    asked = request.GET.get("with", "")
    usual = compared.usual_other(card, choices)
    if not asked and usual is None:
        return render(request, "kpis/why.html", {"card": card, "choices": choices, "found": None})
    other = _other(request, asked or str(usual.pk if usual else ""))
    if other.unit_label != card.unit_label or not compared.comparable(other, card):
        raise Http404
    context = {"card": card, "choices": choices, "other": other, **_context(_in_order(card, other))}
    return render(request, "kpis/why.html", context)


@require_GET
@needs("kpis.view")
def side_by_side(request: PersonRequest) -> HttpResponse:
    """Two units of a kind in one period, number by number."""
    cards, known = cards_of(request.user), pages.known_periods()
    period = chosen_period(request, known)
    first = _unit_card(cards, period, request.GET.get("unit", "")) if period else None
    if period is None or first is None:
        raise Http404
    units = [one for one in pages.units_of(cards, period) if one.unit_type == first.unit_type]
    others = [one for one in units if one.unit_code != first.unit_code]
    asked = request.GET.get("other", "") or (others[0].unit_label if others else "")
    second = _unit_card(cards, period, asked) if asked else None
    if asked and (second is None or second.unit_type != first.unit_type):
        raise Http404
    context = {**period_bar(known, period, units, first.unit_label), "card": first, "others": others}
    if second is not None:
        context |= {"other": second, **_context(compared.compared(first, second))}
    return render(request, "kpis/side_by_side.html", context)


@require_GET
@needs("kpis.view")
def differing(request: PersonRequest, pk: int) -> HttpResponse:
    """The clients in sight behind a number of one card and not of the other."""
    card, other = card_in_sight(request, pk), _other(request, request.GET.get("not", ""))
    number = request.GET.get("number", "")
    if number not in COUNTS or not compared.comparable(card, other):
        raise Http404
    if not request.user.may("clients.view"):
        raise PermissionDenied
    ids = compared.only_in(card, other, number, request.user).values("client_id")
    found = clients_in_sight(request.user).filter(pk__in=ids)
    context = {"card": card, "other": other, "number": number, "words": count_words()[number]}
    return MemberList(request, found).render("kpis/differing.html", context)


def _other(request: PersonRequest, pk: str) -> Scorecard:
    if not pk.isdecimal():
        raise Http404
    return card_in_sight(request, int(pk))


def _in_order(card: Scorecard, other: Scorecard) -> compared.Comparison:
    """The earlier one first: the change is told forwards in time."""
    ends = sorted([card, other], key=lambda one: (one.start, one.revision))
    return compared.compared(*ends)


def _unit_card(cards: Any, period: Period, label: str) -> Scorecard | None:
    unit = split_unit(label)
    return cards.filter(unit_type=unit[0], unit_code=unit[1], period=period.name).first() if unit else None


def _context(found: compared.Comparison) -> dict[str, Any]:
    """What both pages show of two cards."""
    change = found.change
    heads, rows = causes.points_table(change) if change else ([], [])
    return {
        "found": found,
        "titles": causes.titles(found),
        "way": causes.way(found, change) if change else None,
        "cause_heads": heads,
        "points": rows,
        "rates": causes.rate_rows(found),
        "groups": causes.group_rows(found),
        "counts": causes.count_pairs(found),
        "scores": causes.score_pairs(found),
        "used": causes.rate_pairs(found),
        "by_group": causes.tier_pairs(found, "groups"),
        "by_tier": causes.tier_pairs(found, "tiers"),
    }
