"""XLSX files: plain texts and numbers only, never a formula, whatever the text begins with."""

import re
from collections.abc import Iterable, Sequence
from decimal import Decimal
from io import BytesIO
from typing import IO, Any

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet._write_only import WriteOnlyWorksheet

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = Font(bold=True)
FILL = PatternFill("solid", fgColor="EEF2FC")
WIDTH = 18
NOT_IN_TITLES = re.compile(r"[\[\]:*?/\\]")  # a spreadsheet refuses these signs in the name of a sheet
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


class Sheets:
    """A workbook that is written row by row, with flat memory."""

    def __init__(self) -> None:
        self.book = Workbook(write_only=True)

    def sheet(self, title: str, columns: int) -> WriteOnlyWorksheet:
        made = self.book.create_sheet(NOT_IN_TITLES.sub(" ", title)[:31])
        for number in range(1, columns + 1):
            made.column_dimensions[get_column_letter(number)].width = WIDTH
        return made

    def head(self, sheet: WriteOnlyWorksheet, words: Iterable[Any]) -> None:
        """A bold row on a tinted ground."""
        cells = [text_cell(sheet, word) for word in words]
        for cell in cells:
            cell.font, cell.fill = HEAD, FILL
        sheet.append(cells)

    def row(self, sheet: WriteOnlyWorksheet, values: Sequence[Any]) -> None:
        """Numbers stay numbers, everything else is text."""
        sheet.append([value if _is_number(value) else text_cell(sheet, value) for value in values])

    def mark(self, sheet: WriteOnlyWorksheet, text: str) -> None:
        """Stands above and below every printed page."""
        safe = ILLEGAL_CHARACTERS_RE.sub("", text).replace("&", "&&")
        sheet.oddHeader.center.text = sheet.oddFooter.center.text = safe

    def content(self) -> bytes:
        stream = BytesIO()
        self.save(stream)
        return stream.getvalue()

    def save(self, stream: IO[bytes]) -> None:
        self.book.save(stream)


def text_cell(sheet: WriteOnlyWorksheet, value: Any) -> WriteOnlyCell:
    """A text that no spreadsheet takes for a formula, also when somebody edits the cell; None is empty."""
    text = "" if value is None else ILLEGAL_CHARACTERS_RE.sub("", str(value))
    cell = WriteOnlyCell(sheet, value=text)
    cell.data_type = "s"
    cell.quotePrefix = text.startswith(FORMULA_STARTS)
    return cell


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | Decimal) and not isinstance(value, bool)
