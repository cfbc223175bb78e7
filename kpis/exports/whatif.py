"""A trial of all units as a sheet."""

from typing import Any

from django.utils.translation import gettext as _

from core.sheets import Sheets
from kpis.exports.tables import SCORE_PLACES, indicator_words
from kpis.queries.whatif import Outcome, Tried
from kpis.rules import half_up


def whatif_xlsx(outcome: Outcome) -> bytes:
    """A row a unit: places, totals and scores as they are and as tried."""
    sheets, words = Sheets(), indicator_words()
    head = [
        _("Unit"),
        _("Name"),
        _("Place"),
        _("Place tried"),
        _("Total score"),
        _("Total tried"),
        _("Change of score"),
    ]
    for name in words.values():
        head += [name, _("%(name)s, tried") % {"name": name}]
    sheet = sheets.sheet(_("What-if"), len(head))
    sheets.head(sheet, head)
    for row in outcome.rows:
        sheets.row(sheet, _cells(row))
    return sheets.content()


def _cells(row: Tried) -> list[Any]:
    scores = [half_up(score, SCORE_PLACES) for _name, *pair in row.by_indicator for score in pair]
    totals = [half_up(value, SCORE_PLACES) for value in (row.card.total, row.total_after, row.change)]
    return [row.card.unit_code, row.card.unit_title, row.place, row.place_after, *totals, *scores]
