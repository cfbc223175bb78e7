"""XLSX files hold texts and numbers, whatever somebody typed into a name."""

from decimal import Decimal
from io import BytesIO
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from core.sheets import Sheets

FORMULAS = ['=HYPERLINK("http://x")', "=1+1", "+1", "-2+3", "@SUM(1)", "\t=1", "\r=1"]


def made(head: list[str], *rows: list[object]) -> bytes:
    sheets = Sheets()
    sheet = sheets.sheet("Card", len(head))
    sheets.head(sheet, head)
    for row in rows:
        sheets.row(sheet, row)
    return sheets.content()


@pytest.mark.parametrize("text", FORMULAS)
def test_a_text_that_looks_like_a_formula_stays_text(text: str) -> None:
    """The mark of a quoted text keeps it one when somebody edits the cell in the spreadsheet."""
    content = made([text], [text])
    assert "<f>" not in ZipFile(BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    cells = [cell for row in load_workbook(BytesIO(content)).active.iter_rows() for cell in row]
    assert [(cell.data_type, bool(cell.quotePrefix)) for cell in cells] == [("s", True)] * 2
    assert [cell.value.strip() for cell in cells] == [text.strip()] * 2


def test_numbers_stay_numbers_and_the_rest_is_text() -> None:
    content = made(["a", "b"], [1, Decimal("2.50")], [True, None], ["1001", "客户\x01甲"])
    rows = list(load_workbook(BytesIO(content)).active.iter_rows(min_row=2, values_only=True))
    assert rows == [(1, 2.5), ("True", None), ("1001", "客户甲")]
