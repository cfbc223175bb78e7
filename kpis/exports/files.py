"""The files themselves."""

from decimal import Decimal
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from core import formats, pdf
from core.sheets import Sheets
from kpis.exports.tables import Table, card_facts, card_tables
from kpis.models import Scorecard

TEMPLATE = Path(__file__).parent / "card.typ"


def card_xlsx(card: Scorecard) -> bytes:
    """A sheet of facts, then a sheet a table; numbers are exact."""
    sheets = Sheets()
    facts = sheets.sheet(_("Card"), 2)
    for words, value in card_facts(card):
        sheets.row(facts, [words, value])
    for table in card_tables(card):
        sheet = sheets.sheet(table.title, len(table.head))
        sheets.head(sheet, table.head)
        for row in table.rows:
            sheets.row(sheet, row)
    return sheets.content()


def card_pdf(card: Scorecard) -> bytes:
    """One printed page or two: facts, tables, and the line for a signature."""
    data = {
        "title": _("Scorecard"),
        "unit": card.unit_title,
        "total": formats.number(card.total, 2),
        "total_words": _("Total score"),
        "facts": [list(fact) for fact in card_facts(card)],
        "tables": [printed(table) for table in card_tables(card)],
        "signature": _("Confirmed by, date"),
        "note": _(
            "Small bases are drawn towards the firm's figures; the raw value stands beside the used one."
        ),
    }
    return pdf.render(TEMPLATE, data)


def printed(table: Table) -> dict[str, Any]:
    """A table as typst takes it: every cell written."""
    rows = [[_cell(value, place in table.rates) for place, value in enumerate(row)] for row in table.rows]
    return {"title": table.title, "head": list(table.head), "rows": rows}


def _cell(value: Any, is_rate: bool) -> str:
    if value is not None and is_rate:
        return formats.percent(value, 2)
    if value is None:
        return formats.DASH
    if isinstance(value, Decimal):
        return formats.number(value, 4 if abs(value) < 1 else 2)
    return formats.number(value) if isinstance(value, int) else str(value)
