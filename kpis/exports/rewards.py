"""The ledger of rewards as XLSX and CSV; amounts stay exact, texts are no formulas."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from django.utils.translation import gettext as _

from core import formats
from core.sheets import FORMULA_STARTS, Sheets
from kpis.models import RewardEntry

BOM = "\ufeff"  # so that spreadsheets read UTF-8


def ledger_xlsx(entries: Iterable[RewardEntry]) -> bytes:
    sheets, head = Sheets(), _head()
    sheet = sheets.sheet(_("Rewards"), len(head))
    sheets.head(sheet, head)
    for entry in entries:
        sheets.row(sheet, _cells(entry))
    return sheets.content()


def ledger_csv(entries: Iterable[RewardEntry]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_head())
    for entry in entries:
        writer.writerow([_guarded(cell) for cell in _cells(entry)])
    return (BOM + text.getvalue()).encode()


def _head() -> list[str]:
    return [
        _("Booking"), _("Period"), _("Kind"), _("Code"), _("Name"), _("Revision"), _("Score"),
        _("Coefficient"), _("Base"), _("Amount, CNY"), _("Takes back booking"), _("Booked at"),
    ]  # fmt: skip


def _cells(entry: RewardEntry) -> list[Any]:
    return [
        entry.pk, entry.period, entry.get_unit_type_display(), entry.unit_code, entry.unit_name,
        entry.card.revision, entry.score, entry.coefficient, entry.base, entry.amount, entry.reverses_id,
        formats.moment(entry.booked_at),
    ]  # fmt: skip


def _guarded(cell: Any) -> Any:
    """A text that no spreadsheet takes for a formula; numbers stay as they are."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA_STARTS) else cell
