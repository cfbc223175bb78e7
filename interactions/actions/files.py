"""Files of conversations: kept sealed outside the web root, and opened only after the scan let them pass.

The scan is a hook: CRM_SCAN_COMMAND names a program that reads the file from its standard input and ends with
0 for clean and 1 for refused, such as `clamdscan --no-summary -`; anything else leaves the file waiting.
Without a hook only kind and size are looked at.
"""

import base64
import hashlib
import logging
import subprocess
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta
from pathlib import Path, PurePath
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import crypto, live
from interactions.channels import File
from interactions.models import Attachment, Conversation, Message

log = logging.getLogger(__name__)
LARGEST = 10 * 1024**2
SCAN_SECONDS = 60
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


def keep(file: File) -> dict[str, Any]:
    """Writes the content away, sealed, and returns what a row about it says; a refused one has no content."""
    key = uuid4()
    told = {
        "key": str(key), "name": _plain_name(file.name), "size": len(file.content), "finding": "",
        "sha256": hashlib.sha256(file.content).hexdigest(),
    }  # fmt: skip
    try:
        content_type = kind_of(file)
    except ValidationError:
        return told | {"content_type": "", "finding": "kind or size", "secret": ""}
    secret = _write(key, file.content)
    return told | {"content_type": content_type, "secret": base64.b64encode(secret).decode()}


def attach(
    *, conversation: Conversation, message: Message | None, kept: Sequence[Mapping[str, Any]], added_by: str
) -> list[Attachment]:
    """Rows for files that `keep` put away; told again they stay as they are. The scan begins after commit."""
    state = Attachment.State
    rows = [
        Attachment(
            conversation=conversation, message=message, added_by=added_by[:150],
            state=state.REFUSED if one["finding"] else state.WAITING,
            **{**one, "secret": base64.b64decode(one["secret"])},
        )
        for one in kept
    ]  # fmt: skip
    Attachment.objects.bulk_create(rows, ignore_conflicts=True)
    return list(Attachment.objects.filter(key__in=[one["key"] for one in kept]))


def fill(*, attachment: Attachment, file: File) -> None:
    """Gives a row that waited for a file that file, in the caller's transaction; the scan comes next."""
    kept = keep(file)
    attachment.key, attachment.secret = UUID(kept["key"]), base64.b64decode(kept["secret"])
    for name in ("name", "size", "sha256", "content_type", "finding"):
        setattr(attachment, name, kept[name])
    attachment.state = Attachment.State.REFUSED if kept["finding"] else Attachment.State.WAITING
    attachment.save()


def content_of(attachment: Attachment) -> bytes:
    """The content in clear. Raises FileNotFoundError."""
    secret = crypto.unseal_bytes(attachment.secret, attachment.context) if attachment.secret else b""
    return crypto.unlock(secret, _path(attachment.key).read_bytes(), attachment.context)


def scan_waiting(limit: int = 50) -> int:
    """Looks at files nobody looked at yet; returns how many are decided."""
    return sum(
        scan(attachment=one) for one in Attachment.objects.filter(state=Attachment.State.WAITING)[:limit]
    )


@transaction.atomic
def scan(*, attachment: Attachment) -> bool:
    """Lets a file pass or refuses it; says whether it was decided now."""
    rows = Attachment.objects.select_for_update(skip_locked=True).select_related("conversation")
    held = rows.filter(pk=attachment.pk, state=Attachment.State.WAITING).first()
    clean = _looks_clean(held) if held else None
    if held is None or clean is None:
        return False
    held.state = Attachment.State.CLEAN if clean else Attachment.State.REFUSED
    held.finding = "" if clean else "scan"
    held.save(update_fields=["state", "finding"])
    if not clean:
        transaction.on_commit(lambda: _path(held.key).unlink(missing_ok=True))
    if held.conversation.agent_id:
        live.tell(f"person:{held.conversation.agent_id}", "conversation", conversation=held.conversation_id)
    return True


def _looks_clean(held: Attachment) -> bool | None:
    """None when that cannot be said now."""
    command = settings.SCAN_COMMAND
    if not command:
        return True
    try:
        done = subprocess.run(
            command, input=content_of(held), capture_output=True, timeout=SCAN_SECONDS, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        log.exception("the scan of attachments does not work")
        return None
    if done.returncode not in (0, 1):
        log.error("the scan of attachments ended with %s", done.returncode)
    return {0: True, 1: False}.get(done.returncode)


def forget_orphans(older_than: timedelta = timedelta(days=2)) -> int:
    """Deletes files that no row names, such as those of events that never came to an end; how many."""
    before, gone = time.time() - older_than.total_seconds(), 0
    for path in (settings.FILES_ROOT / "attachments").glob("*/*"):
        if path.stat().st_mtime < before and not _named(path):
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def _named(path: Path) -> bool:
    try:
        return Attachment.objects.filter(key=UUID(path.name)).exists()
    except ValueError:
        return False


def _plain_name(name: str) -> str:
    """The last part of the name, without what no file name holds."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(sign for sign in last if sign.isprintable() and sign not in '<>:"|?*')[-150:] or "file"


def _path(key: UUID) -> Path:
    return settings.FILES_ROOT / "attachments" / str(key)[:2] / str(key)


def _write(key: UUID, content: bytes) -> bytes:
    """Whole or not at all; returns the sealed key of the file."""
    secret, context = crypto.new_secret(), Attachment(key=key).context
    path = _path(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(crypto.lock(secret, content, context))
    unfinished.replace(path)
    return crypto.seal_bytes(secret, context)
