"""Units of a type side by side."""

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from kpis.exports.tables import indicator_words, size_words
from kpis.models import UnitType
from kpis.queries import pages, peers
from kpis.queries.cards import cards as cards_of
from kpis.views.common import chosen_period, period_bar
from staff.access import PersonRequest, needs


@require_GET
@needs("kpis.view")
def league(request: PersonRequest) -> HttpResponse:
    """Units of a type by total, with the places they gained or lost."""
    cards, known = cards_of(request.user), pages.known_periods()
    period = chosen_period(request, known)
    if period is None:
        return render(request, "kpis/empty.html")
    unit_type = request.GET.get("type", UnitType.BRANCH)
    if unit_type not in UnitType.values:
        raise Http404
    sort = request.GET.get("sort", "-total")
    if sort.removeprefix("-") not in pages.SORTS:
        raise Http404
    size = request.GET.get("size", "")
    if size not in ("", *map(str, peers.CLASSES)):
        raise Http404
    shown = [
        row
        for row in pages.league(cards, period, unit_type)
        if not size or (row.peer and str(row.peer.size) == size)
    ]
    context = {
        **period_bar(known, period, [], ""),
        "rows": pages.sorted_league(shown, sort),
        "size": size,
        "sizes": [("", _("All sizes")), *((str(one), words) for one, words in size_words().items())],
        "heads": _league_heads(sort),
        "unit_type": unit_type,
        "unit_types": [(value, words) for value, words in UnitType.choices if value != UnitType.FIRM],
    }
    return render(request, "kpis/league.html", context)


def _league_heads(sort: str) -> list[dict[str, str]]:
    """Columns of the league: words, the sort a click asks for, aria-sort of the present one."""
    words = {
        "total": _("Total score"),
        **indicator_words(),
        "clients": _("Clients"),
        "climbed": _("Places gained"),
    }
    states = {f"-{key}": "descending" for key in words} | dict.fromkeys(words, "ascending")
    return [
        {
            "key": key,
            "words": text,
            "sort": key if sort == f"-{key}" else f"-{key}",
            "state": states[sort] if sort.removeprefix("-") == key else "",
        }
        for key, text in words.items()
    ]
