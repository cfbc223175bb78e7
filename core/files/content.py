"""A file with its content, and which kinds and sizes are taken."""

from dataclasses import dataclass
from pathlib import PurePath

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LARGEST = 10 * 1024**2
# What a file of this ending begins with; b"" where any content may be.
KINDS: dict[str, tuple[str, tuple[bytes, ...]]] = {
    ".pdf": ("application/pdf", (b"%PDF-",)),
    ".png": ("image/png", (b"\x89PNG\r\n\x1a\n",)),
    ".jpg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".jpeg": ("image/jpeg", (b"\xff\xd8\xff",)),
    ".gif": ("image/gif", (b"GIF87a", b"GIF89a")),
    ".amr": ("audio/amr", (b"#!AMR",)),  # what people say into their phone
    ".txt": ("text/plain", (b"",)),
    ".csv": ("text/csv", (b"",)),
    ".docx": ("application/vnd.openxmlformats-officedocument.wordprocessingml.document", (b"PK\x03\x04",)),
    ".xlsx": ("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", (b"PK\x03\x04",)),
}


@dataclass(frozen=True)
class File:
    """A file with its content in clear."""

    name: str
    content_type: str
    content: bytes


def kind_of(file: File) -> str:
    """The content type by name and first bytes. Raises ValidationError with what may be sent instead."""
    content_type, beginnings = KINDS.get(PurePath(file.name).suffix.lower(), ("", ()))
    if not file.content.startswith(beginnings) or not content_type:
        words = _("%(name)s is not of a kind that is taken: %(kinds)s.")
        raise ValidationError(words % {"name": file.name[:80], "kinds": " ".join(KINDS)})
    if len(file.content) > LARGEST:
        words = _("%(name)s is larger than %(most)s MiB.")
        raise ValidationError(words % {"name": file.name[:80], "most": LARGEST // 1024**2})
    return content_type


def plain_name(name: str) -> str:
    """The last part of the name, without what no file name holds."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*')[-150:] or "file"
