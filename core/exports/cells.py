"""Cells of CSV files: no spreadsheet takes one for a formula."""

from decimal import Decimal
from typing import Any

# Also the full-width signs, which spreadsheets read as the plain ones in Chinese and Japanese.
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def harmless(text: str) -> str:
    """The text, with an apostrophe before what could begin a formula, also after spaces."""
    return f"'{text}" if text.startswith(DANGEROUS) or text.lstrip(" ").startswith(DANGEROUS) else text


def csv_cell(value: Any) -> str:
    """Numbers as they are; every other value as a harmless text without NUL."""
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return f"{value:f}" if isinstance(value, Decimal) else str(value)
    return harmless(("" if value is None else str(value)).replace("\x00", ""))


class Line:
    """A file whose write gives the text back, so that csv writes one line at a time."""

    def write(self, text: str) -> str:
        return text
