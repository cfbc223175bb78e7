"""A league as a file: PDF to print and pin up, XLSX to reckon with. Both show the same rows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core import formats, pdf
from core.sheets import Sheets
from kpis.exports.tables import SCORE_PLACES, indicator_words, size_words
from kpis.queries.pages import Placed
from kpis.rules import half_up

TEMPLATE = Path(__file__).parent / "league.typ"


def league_xlsx(title: str, rows: Sequence[Placed]) -> bytes:
    """A row a unit; scores are exact, places are numbers."""
    sheets, head = Sheets(), _head()
    sheet = sheets.sheet(title, len(head))
    sheets.head(sheet, head)
    for row in rows:
        sheets.row(sheet, _cells(row))
    return sheets.content()


def league_pdf(title: str, facts: Sequence[tuple[str, str]], rows: Sequence[Placed]) -> bytes:
    """Landscape, as many pages as the units need, each with title, heads and number."""
    data = {
        "title": title,
        "facts": [list(fact) for fact in facts],
        "head": _head(),
        "rows": [[_written(cell) for cell in _cells(row)] for row in rows],
        "note": _("Places count all units of the kind, also those that are not listed here."),
    }
    return pdf.render(TEMPLATE, data)


def _head() -> list[str]:
    return [
        "#", _("Code"), _("Unit"), _("Total score"), *indicator_words().values(), _("Clients"),
        _("Places gained"), _("Size"), _("Among its size"), _("Revision"), _("State"),
    ]  # fmt: skip


def _cells(row: Placed) -> list[Any]:
    card, peer, sizes = row.card, row.peer, size_words()
    scores = [half_up(score, SCORE_PLACES) for score in (card.total, *row.scores)]
    among = f"{peer.place} / {peer.of}" if peer and peer.place else None
    return [
        row.place, card.unit_code, card.unit_title, *scores, card.counts["E"], row.climbed,
        sizes[peer.size] if peer else None, among, card.revision, card.get_state_display(),
    ]  # fmt: skip


def _written(cell: Any) -> str:
    if cell is None:
        return formats.DASH
    return str(cell) if isinstance(cell, int | str) else formats.number(cell, 2)
