"""A quarantined row as it may be read: cut into its columns, personal numbers masked."""

from collections.abc import Mapping
from dataclasses import dataclass

from core import formats
from trading.feed.columns import FILES
from trading.feed.release import record_of
from trading.models import QuarantinedRow


@dataclass(frozen=True)
class RowValue:
    """One value; `is_hidden` when only a masked form of it is `shown`."""

    column: str
    shown: str
    is_hidden: bool


def delivered(row: QuarantinedRow) -> dict[str, str]:
    """The row's values by column as delivered; empty when it can't be cut into the header's columns."""
    header, fields = row.package.files[row.file]["header"], record_of(row).fields
    return dict(zip(header, fields, strict=True)) if fields and len(fields) == len(header) else {}


def hidden_columns(row: QuarantinedRow, names: Mapping[str, str] | list[str]) -> set[str]:
    """Columns with personal numbers, and whatever else a file with such columns holds beside its table."""
    file = FILES[row.file]
    return set(file.personal | (set(names) - set(file.column_names))) if file.personal else set()


def shown_values(row: QuarantinedRow) -> list[RowValue]:
    """The row for reading; of a client's row that can't be cut into columns nothing is shown."""
    values = delivered(row)
    hidden = hidden_columns(row, values)
    if not values:
        text = record_of(row).text.rstrip("\r\n")
        return [
            RowValue("", formats.DASH if FILES[row.file].personal else text, bool(FILES[row.file].personal))
        ]
    return [
        RowValue(name, formats.mask_middle(text, 3, 4) if text and name in hidden else text, name in hidden)
        for name, text in values.items()
    ]
