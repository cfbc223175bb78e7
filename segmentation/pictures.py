"""Figures over time and by cell as pictures: two years by tier, cohorts and cells as heat tables."""

from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import formats
from core.charts import Chart, Matrix, Series, bars
from core.charts.flow import Cell
from segmentation.charts import groups
from segmentation.definition import Definition
from segmentation.links import NOWHERE, Links
from segmentation.queries.cells import quarter_last_day
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


def cohort_matrix(found: Sequence[Cohort], links: Links = NOWHERE) -> Matrix | None:
    """Rows: the quarter of opening; columns: quarters since; a cell is darker the more are still held."""
    shown = [cohort for cohort in found if cohort.entered][-QUARTERS_SHOWN - 1 :]
    if not shown:
        return None
    heads = [_("Clients"), *(f"+{age}" for age in range(QUARTERS_SHOWN + 1))]
    rows = [(quarter_text(cohort.quarter), _cohort_cells(cohort, links)) for cohort in shown]
    return Matrix(_("Still held, by quarter of opening"), _("Opened in"), heads, rows)


def _cohort_cells(cohort: Cohort, links: Links) -> list[Cell]:
    size = Cell(formats.number(cohort.size), 0, "", _of_cohort(cohort, max(cohort.entered), links))
    return [size, *(_cohort_cell(cohort, age, links) for age in range(QUARTERS_SHOWN + 1))]


def _cohort_cell(cohort: Cohort, age: int, links: Links) -> Cell:
    share = cohort.retention(age)
    if share is None:
        return Cell("", 0, "", "")
    told = {"held": formats.number(cohort.held[age]), "entered": formats.number(cohort.entered[age])}
    hint = _("%(held)s of %(entered)s are held") % told
    url = _of_cohort(cohort, age, links, kept="held") if cohort.held[age] else ""
    return Cell(formats.percent(share, 0), _shade(share), hint, url)


def _of_cohort(cohort: Cohort, age: int, links: Links, kept: str | None = None) -> str:
    seen_on = quarter_last_day(cohort.quarter, age).isoformat()
    return links.to(opened=quarter_text(cohort.quarter), seen_on=seen_on, kept=kept)


def _shade(share: Decimal) -> int:
    """1 to DARKEST for a share above 0."""
    return min(DARKEST, 1 + int(share * DARKEST)) if share > 0 else 0


def cell_matrix(found: Cells, as_of: date, links: Links = NOWHERE) -> Matrix | None:
    """Rows: current value, the highest on top; columns: potential. Darker: more clients of all."""
    whole = sum(one.clients for one in found.values())
    if not whole:
        return None
    missing = [MISSING] if any(MISSING in place for place in found) else []
    across, down = [*missing, *BANDS], [*reversed(BANDS), *missing]
    rows = [
        (
            _band(row),
            [_cell(found.get((row, column)), whole, _url(row, column, as_of, links)) for column in across],
        )
        for row in down
    ]
    title = _("Clients by current value and potential")
    return Matrix(title, _("Current value, potential"), [_band(band) for band in across], rows)


def _url(current: int, potential: int, as_of: date, links: Links) -> str:
    return links.to(as_of, current=current, potential=potential)


def _band(band: int) -> str:
    return _("Missing") if band == MISSING else "–".join(str(edge) for edge in band_edges(band))


def _cell(here: CellSums | None, whole: int, url: str) -> Cell:
    if here is None:
        return Cell("", 0, "", "")
    share = Decimal(here.clients) / whole
    told = {"share": formats.percent(share), "contribution": formats.money_short(here.contribution)}
    hint = _("%(share)s of the clients, contribution %(contribution)s") % told
    return Cell(formats.number(here.clients), _shade(min(share * 4, Decimal(1))), hint, url)


def quadrants(found: Cells, rules: Definition, as_of: date, links: Links) -> list[tuple[str, CellSums, str]]:
    """The four fields of the value matrix (S10), a missing axis being below; with where each leads.

    Empty when the model does not cut at a band's edge.
    """
    cut = rules.score_params()
    edges = [band_edges(band)[0] for band in BANDS]
    current, potential = int(cut["matrix_current"]), int(cut["matrix_potential"])
    if current not in edges or potential not in edges:
        return []
    names = {(True, True): "core", (False, True): "grow", (True, False): "maintain", (False, False): "watch"}
    sums = dict.fromkeys(names.values(), NOBODY)
    for (one, other), here in found.items():
        name = names[band_edges(one)[0] >= current, band_edges(other)[0] >= potential]
        sums[name] = _added(sums[name], here)
    words = matrix_words()
    order = ("core", "grow", "maintain", "watch")
    return [(words[name], sums[name], links.to(as_of, matrix=name)) for name in order]


def _added(one: CellSums, other: CellSums) -> CellSums:
    return CellSums(
        one.clients + other.clients, one.contribution + other.contribution, one.assets + other.assets
    )


def tier_words(rules: Definition) -> dict[str, str]:
    """The tiers' names, '' for clients without one."""
    return {group.key: group.label or pgettext("tier", "None") for group in groups(rules)}
