"""Figures over time and by cell as pictures: two years by tier, cohorts and cells as heat tables."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import formats
from core.charts import Chart, Matrix, Series, bars
from core.charts.flow import Cell
from segmentation.charts import groups
from segmentation.definition import Definition
from segmentation.forms.overview import SegmentsForm
from segmentation.queries.figures import (
    BANDS,
    MISSING,
    QUARTERS_SHOWN,
    Cells,
    CellSums,
    Cohort,
    TiersOn,
    band_edges,
    quarter_text,
)
from segmentation.queries.overview import Segment
from segmentation.words import matrix_words

DARKEST = 9
NOBODY = CellSums(0, Decimal(0), Decimal(0))


def tiers_over_time(past: Sequence[TiersOn], rules: Definition, what: str) -> Chart | None:
    """Clients, or contribution over 12 months, of each tier at each date, one upon the other."""
    if not any(one.clients for one in past):
        return None
    titles = {"clients": _("Clients by tier"), "contribution": _("Contribution by tier, 12 months")}
    write: Callable[[Any], str] = formats.number if what == "clients" else formats.money_short
    series = [
        Series(group.label, [getattr(one.tiers.get(group.key, Segment()), what) for one in past], group.tone)
        for group in reversed(groups(rules))
        if any(group.key in one.tiers for one in past)
    ]
    labels = [formats.day(one.as_of)[2:] for one in past]
    return bars(titles[what], labels, series, stacked=True, write=write, corner=_("As of"), height=300)


def cohort_matrix(found: Sequence[Cohort]) -> Matrix | None:
    """Rows: the quarter of opening; columns: quarters since; a cell is darker the more are still held."""
    shown = [cohort for cohort in found if cohort.entered][-QUARTERS_SHOWN - 1 :]
    if not shown:
        return None
    heads = [_("Clients"), *(f"+{age}" for age in range(QUARTERS_SHOWN + 1))]
    rows = [(quarter_text(cohort.quarter), _cohort_cells(cohort)) for cohort in shown]
    return Matrix(_("Still held, by quarter of opening"), _("Opened in"), heads, rows)


def _cohort_cells(cohort: Cohort) -> list[Cell]:
    size = Cell(formats.number(cohort.size), 0, "", "")
    return [size, *(_cohort_cell(cohort, age) for age in range(QUARTERS_SHOWN + 1))]


def _cohort_cell(cohort: Cohort, age: int) -> Cell:
    share = cohort.retention(age)
    if share is None:
        return Cell("", 0, "", "")
    told = {"held": formats.number(cohort.held[age]), "entered": formats.number(cohort.entered[age])}
    hint = _("%(held)s of %(entered)s are held") % told
    return Cell(formats.percent(share, 0), _shade(share), hint, "")


def _shade(share: Decimal) -> int:
    """1 to DARKEST for a share above 0."""
    return min(DARKEST, 1 + int(share * DARKEST)) if share > 0 else 0


def cell_matrix(found: Cells, narrowed: Mapping[str, str] | None) -> Matrix | None:
    """Rows: current value, the highest on top; columns: potential. Darker: more clients of all.

    narrowed: what links to the clients keep of the choice; None: no links.
    """
    whole = sum(one.clients for one in found.values())
    if not whole:
        return None
    missing = [MISSING] if any(MISSING in place for place in found) else []
    across, down = [*missing, *BANDS], [*reversed(BANDS), *missing]
    rows = [
        (_band(current), [_cell(found, (current, potential), whole, narrowed) for potential in across])
        for current in down
    ]
    title = _("Clients by current value and potential")
    return Matrix(title, _("Current value, potential"), [_band(band) for band in across], rows)


def _band(band: int) -> str:
    return _("Missing") if band == MISSING else "–".join(str(edge) for edge in band_edges(band))


def _cell(found: Cells, place: tuple[int, int], whole: int, narrowed: Mapping[str, str] | None) -> Cell:
    here = found.get(place, NOBODY)
    if not here.clients:
        return Cell("", 0, "", "")
    share = Decimal(here.clients) / whole
    told = {"share": formats.percent(share), "contribution": formats.money_short(here.contribution)}
    hint = _("%(share)s of the clients, contribution %(contribution)s") % told
    return Cell(
        formats.number(here.clients), _shade(min(share * 4, Decimal(1))), hint, _link(place, narrowed)
    )


def _link(place: tuple[int, int], narrowed: Mapping[str, str] | None) -> str:
    if narrowed is None or MISSING in place:
        return ""
    asked = {**narrowed, "current": place[0], "potential": place[1]}
    return f"{reverse('segmentation:scores')}?{urlencode(asked)}"


def narrowing(form: SegmentsForm) -> dict[str, str]:
    """What the list of clients keeps of the choice above the page."""
    unit = form.chosen_unit()
    return {"unit": unit} if unit else {}


def quadrants(found: Cells, rules: Definition) -> list[tuple[str, CellSums]]:
    """The four fields of the value matrix (S10); empty when the model does not cut at a band's edge."""
    cut = rules.score_params()
    edges = [band_edges(band)[0] for band in BANDS]
    current, potential = int(cut["matrix_current"]), int(cut["matrix_potential"])
    if current not in edges or potential not in edges:
        return []
    names = {(True, True): "core", (False, True): "grow", (True, False): "maintain", (False, False): "watch"}
    sums = dict.fromkeys(names.values(), NOBODY)
    for (one, other), here in found.items():
        if MISSING not in (one, other):
            name = names[band_edges(one)[0] >= current, band_edges(other)[0] >= potential]
            sums[name] = _added(sums[name], here)
    return [(matrix_words()[name], sums[name]) for name in ("core", "grow", "maintain", "watch")]


def _added(one: CellSums, other: CellSums) -> CellSums:
    return CellSums(
        one.clients + other.clients, one.contribution + other.contribution, one.assets + other.assets
    )


def tier_words(rules: Definition) -> dict[str, str]:
    """The tiers' names, '' for clients without one."""
    return {group.key: group.label or pgettext("tier", "None") for group in groups(rules)}
