"""Files of conversations (core.files keeps them)."""

import base64
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from core.files.content import File
from core.files.keeping import enter, keep
from interactions.models import Attachment, Conversation, Message


def attach(
    *, conversation: Conversation, message: Message | None, kept: Sequence[Mapping[str, Any]], added_by: str
) -> list[Attachment]:
    """Rows for files that were put away; told again they stay as they are. The scan begins after commit."""
    return enter(Attachment, kept=kept, added_by=added_by, conversation=conversation, message=message)


def fill(*, attachment: Attachment, file: File) -> None:
    """Gives a row that waited for a file that file, in the caller's transaction; the scan comes next."""
    kept = keep(file)
    attachment.key, attachment.secret = UUID(kept["key"]), base64.b64decode(kept["secret"])
    for name in ("name", "size", "sha256", "content_type", "finding"):
        setattr(attachment, name, kept[name])
    attachment.state = Attachment.State.REFUSED if kept["finding"] else Attachment.State.WAITING
    attachment.save()
