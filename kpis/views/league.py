"""Units of a type side by side: the page, and what it shows as a file."""

from dataclasses import dataclass

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import formats
from core.context import figures_run
from core.sheets import XLSX
from kpis.exports.league import league_pdf, league_xlsx
from kpis.exports.tables import indicator_words, size_words
from kpis.models import UnitType
from kpis.queries import pages, peers
from kpis.queries.cards import cards as cards_of
from kpis.queries.pages import Placed
from kpis.rules import Period
from kpis.views.common import chosen_period, period_bar
from staff.access import PersonRequest, needs


@dataclass(frozen=True)
class League:
    """What was asked for, and its rows as far as they are in sight."""

    known: dict[str, list[Period]]
    period: Period
    unit_type: str
    size: str
    sort: str
    rows: list[Placed]


@require_GET
@needs("kpis.view")
def league(request: PersonRequest) -> HttpResponse:
    """Units of a type by total, with the places they gained or lost."""
    found = _asked(request)
    if found is None:
        return render(request, "kpis/empty.html")
    context = {
        **period_bar(found.known, found.period, [], ""),
        "rows": found.rows,
        "size": found.size,
        "sizes": [("", _("All sizes")), *((str(one), words) for one, words in size_words().items())],
        "heads": _league_heads(found.sort),
        "unit_type": found.unit_type,
        "kind_words": UnitType(found.unit_type).label,
        "unit_types": [(value, words) for value, words in UnitType.choices if value != UnitType.FIRM],
        "file_query": request.GET.urlencode(),
    }
    return render(request, "kpis/league.html", context)


@require_GET
@needs("kpis.view")
def league_file(request: PersonRequest, form: str) -> HttpResponse:
    """What the page shows, as XLSX or PDF."""
    found = _asked(request)
    if found is None or form not in ("xlsx", "pdf"):
        raise Http404
    title = f"{_('League table')} {found.period.name}"
    if form == "xlsx":
        content, kind = league_xlsx(title, found.rows), XLSX
    else:
        content, kind = league_pdf(title, _facts(request, found), found.rows), "application/pdf"
    name = f"league-{found.unit_type}-{found.period.name}.{form}"
    return HttpResponse(
        content, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )


def _asked(request: PersonRequest) -> League | None:
    """The league of the address, None before there are cards; 404 for what it cannot mean."""
    cards, known = cards_of(request.user), pages.known_periods()
    period = chosen_period(request, known)
    if period is None:
        return None
    unit_type, size = request.GET.get("type", UnitType.BRANCH), request.GET.get("size", "")
    sort = request.GET.get("sort", "-total")
    known_sort = sort.removeprefix("-") in pages.SORTS
    if not known_sort or unit_type not in UnitType.values or size not in ("", *map(str, peers.CLASSES)):
        raise Http404
    rows = pages.of_size(pages.league(cards, period, unit_type), size)
    return League(known, period, unit_type, size, sort, pages.sorted_league(rows, sort))


def _facts(request: PersonRequest, found: League) -> list[tuple[str, str]]:
    """What the file is of; the day of the figures comes last."""
    run, facts = figures_run(request), [(_("Kind of unit"), str(UnitType(found.unit_type).label))]
    if found.size:
        facts.append((_("Size"), size_words()[int(found.size)]))
    return [*facts, (_("Period"), found.period.name), (_("As of"), formats.day(run.as_of if run else None))]


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
