"""Putting files away, reading them, and the scan.

The scan is a hook: CRM_SCAN_COMMAND names a program that reads the file from its standard input and ends with
0 for clean and 1 for refused, such as `clamdscan --no-summary -`; anything else leaves the file waiting.
Without a hook only kind and size are looked at.
"""

import base64
import hashlib
import logging
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar
from uuid import UUID, uuid4

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction

from core import crypto, live
from core.files.content import File, kind_of, plain_name
from core.files.stored import StoredFile, context_of, tables

log = logging.getLogger(__name__)
SCAN_SECONDS = 60
Stored = TypeVar("Stored", bound=StoredFile)


def keep(file: File) -> dict[str, Any]:
    """Writes the content away, sealed, and returns what a row about it says; a refused one has no content."""
    key = uuid4()
    told = {
        "key": str(key), "name": plain_name(file.name), "size": len(file.content), "finding": "",
        "sha256": hashlib.sha256(file.content).hexdigest(),
    }  # fmt: skip
    try:
        content_type = kind_of(file)
    except ValidationError:
        return told | {"content_type": "", "finding": "kind or size", "secret": ""}
    secret = _write(key, file.content)
    return told | {"content_type": content_type, "secret": base64.b64encode(secret).decode()}


def enter(
    table: type[Stored], *, kept: Sequence[Mapping[str, Any]], added_by: str, **belongs: Any
) -> list[Stored]:
    """Rows for files that `keep` put away; told again they stay as they are.

    belongs: the table's own columns, such as the case.
    """
    state = StoredFile.State
    rows = [
        table(
            added_by=added_by[:150], state=state.REFUSED if one["finding"] else state.WAITING, **belongs,
            **{**one, "secret": base64.b64decode(one["secret"])},
        )
        for one in kept
    ]  # fmt: skip
    table._default_manager.bulk_create(rows, ignore_conflicts=True)
    return list(table._default_manager.filter(key__in=[one["key"] for one in kept]))


def check(uploads: Iterable[File]) -> None:
    """Raises ValidationError for the first that is not taken."""
    for one in uploads:
        kind_of(one)


def content_of(file: StoredFile) -> bytes:
    """The content in clear. Raises FileNotFoundError."""
    secret = crypto.unseal_bytes(file.secret, file.context) if file.secret else b""
    return crypto.unlock(secret, path_of(file.key).read_bytes(), file.context)


def scan_waiting(limit: int = 50) -> int:
    """Looks at files nobody looked at yet, of each table; returns how many are decided."""
    waiting = (
        one
        for table in tables()
        for one in table._default_manager.filter(state=StoredFile.State.WAITING)[:limit]
    )
    return sum(scan(file=one) for one in waiting)


def pass_unscanned(files: Iterable[StoredFile]) -> None:
    """Where no program looks at files they pass at once; else the background work sees to them."""
    if not settings.SCAN_COMMAND:
        for one in files:
            scan(file=one)


@transaction.atomic
def scan(*, file: StoredFile) -> bool:
    """Lets a file pass or refuses it; says whether it was decided now."""
    rows = type(file)._default_manager.select_for_update(skip_locked=True)
    held = rows.filter(pk=file.pk, state=StoredFile.State.WAITING).first()
    clean = _looks_clean(held) if held else None
    if held is None or clean is None:
        return False
    held.state = StoredFile.State.CLEAN if clean else StoredFile.State.REFUSED
    held.finding = "" if clean else "scan"
    held.save(update_fields=["state", "finding"])
    if not clean:
        transaction.on_commit(lambda: path_of(held.key).unlink(missing_ok=True))
    if news := held.news():
        topic, event, named = news
        live.tell(topic, event, **named)
    return True


def _looks_clean(held: StoredFile) -> bool | None:
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
        key = UUID(path.name)
    except ValueError:
        return False
    return any(table._default_manager.filter(key=key).exists() for table in tables())


def path_of(key: UUID) -> Path:
    """Where the content lies, sealed."""
    return settings.FILES_ROOT / "attachments" / str(key)[:2] / str(key)


def _write(key: UUID, content: bytes) -> bytes:
    """Whole or not at all; returns the sealed key of the file."""
    secret, context = crypto.new_secret(), context_of(key)
    path = path_of(key)
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(crypto.lock(secret, content, context))
    unfinished.replace(path)
    return crypto.seal_bytes(secret, context)
