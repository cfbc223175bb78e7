"""Why a package was refused or a row held, in plain words and in the reader's language."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

REASONS = {
    # the whole package
    "not_found": _("There is no folder or zip file at %(path)s."),
    "not_zip": _("The file is no zip archive, or it is damaged."),
    "zip_encrypted": _("The archive is protected by a password."),
    "zip_doubled": _("%(file)s stands in the archive twice."),
    "zip_too_many": _("The archive holds more than %(most)s files."),
    "zip_too_large": _("Unpacked, the archive would take more than %(most)s bytes."),
    "zip_method": _("%(file)s is packed in a way that is not read here; use deflate or none."),
    "unreadable": _("%(file)s can't be read: %(error)s"),
    "no_manifest": _("manifest.json is missing."),
    "bad_manifest": _("manifest.json is not understood: %(error)s"),
    "other_date": _("The name %(name)s does not start with the manifest's trade date %(date)s."),
    "no_trading_day": _("%(date)s is no trading day of the exchange."),
    "file_missing": _("%(file)s is in the manifest but not in the package."),
    "file_extra": _("%(file)s is in the package but not in the manifest."),
    "file_both": _("The package has both %(file)s and %(other)s; send one of them."),
    "not_parquet": _("%(file)s is no Parquet file, or it is damaged."),
    "parquet_nested": _(
        "Column %(column)s of %(file)s holds lists or records; a feed has plain values only."
    ),
    "parquet_type": _("Column %(column)s of %(file)s has the type %(type)s, which can't be read as text."),
    "parquet_memory": _("%(file)s can't be read with %(most)s bytes of memory."),
    "parquet_too_large": _("Unpacked, %(file)s would take more than %(most)s bytes."),
    "no_column": _("%(file)s has no column %(column)s."),
    "column_doubled": _("%(file)s has the column %(column)s twice."),
    "not_utf8": _("%(file)s is not UTF-8 text."),
    "long_line": _("%(file)s has a line of more than %(most)s bytes."),
    "checksum": _("The checksum of %(file)s does not tie: the file is damaged or was changed."),
    "row_count": _("%(file)s has %(found)s rows, the manifest says %(said)s."),
    "control_sum": _("%(column)s of %(file)s sums to %(found)s, the manifest says %(said)s."),
    "too_many_bad": _("%(file)s has %(bad)s bad rows of %(rows)s, more than the allowed share."),
    "other_content": _(
        "Version %(version)s of %(date)s is loaded already with other content; send a higher version."
    ),
    "no_room": _("The database had no room for it. Nothing of it was loaded; load it again when there is."),
    # single rows
    "fields": _("The row has %(found)s fields, the header has %(said)s."),
    "quoting": _("The quotation marks of the row are broken."),
    "empty": _("%(column)s is empty but needed."),
    "choice": _("%(column)s has a word that is not allowed there."),
    "not_number": _("%(column)s is not a number."),
    "decimals": _("%(column)s has more than 4 decimals."),
    "large": _("%(column)s is too large a number."),
    "negative": _("%(column)s must not be negative."),
    "not_date": _("%(column)s is not a date of the form 2026-10-30."),
    "not_moment": _("%(column)s is not a date and time of the form 2026-10-30T09:30:00."),
    "future": _("%(column)s lies after the trade date."),
    "long": _("%(column)s has more than %(most)s characters."),
    "letters": _("%(column)s holds characters that can't be stored."),
    "checksum_id": _("The check character of the ID number is wrong."),
    "closed": _("Status closed and a closing date must come together."),
    "closed_early": _("It closes before it opens."),
    "circle": _("The unit would stand above itself."),
    "not_branch": _("%(column)s names a unit that is no branch."),
    "other_client": _("The account belongs to another client already."),
    "repeated": _("The same key stands in this file before, with other values."),
    "already_there": _("The day already holds a row with this key."),
    "unknown_branch": _("%(column)s names a unit that no feed has told of yet."),
    "unknown_client": _("%(column)s names a client that no feed has told of yet."),
    "unknown_account": _("%(column)s names an account that no feed has told of yet."),
    "unknown_product": _("%(column)s names a product that no feed has told of yet."),
}


def told(code: str, values: Mapping[str, Any]) -> str:
    """The reason in words."""
    return str(REASONS[code]) % values
