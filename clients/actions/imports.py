"""Deeds on imports: an upload taken, its columns named, tried, done and taken back, each as a job."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.importing.columns import FIELDS, KEYS, suggested
from clients.importing.reading import REFUSALS, NotReadable, read_table
from clients.models import ClientImport, ImportChunk, ImportMapping, ImportPiece
from core import audit, crypto, jobs
from core.errors import Conflict

KIND = "clients.tasks.import_work_job"
MOST_BYTES = 20 * 1024**2
PIECE = 1024**2
CHUNK = 1000
KEPT_FOR = timedelta(days=30)
UNDO_FOR = timedelta(days=7)
State = ClientImport.State


@transaction.atomic
def receive_import(*, actor: Any, name: str, chunks: Iterable[bytes]) -> ClientImport:
    """Keeps an upload, sealed, until a worker has read it. Raises Conflict above 20 MiB."""
    whose = "system_id" if actor.actor_kind == "api" else "owner_id"
    made = ClientImport.objects.create(name=name[:200], **{whose: actor.pk})
    size = 0
    for position, piece in enumerate(_pieces(chunks)):
        size += len(piece)
        if size > MOST_BYTES:
            raise Conflict(_("At most 20 MiB; split the file."), code="upload_too_large")
        sealed = crypto.seal_bytes(piece, ImportPiece.context_of(made.pk, position))
        ImportPiece.objects.create(owner=made, position=position, content=sealed)
    _note(made, actor, "import.received", bytes=size)
    return _hand_to_worker(made, actor, State.READING)


def read_upload(made: ClientImport) -> None:
    """Turns the upload into sealed rows and forgets it; a refusal is kept as the import's reason."""
    pieces = made.pieces.order_by("position")
    content = b"".join(
        crypto.unseal_bytes(piece.content, ImportPiece.context_of(made.pk, piece.position))
        for piece in pieces
    )
    with transaction.atomic():
        try:
            with transaction.atomic():
                _keep_rows(made, read_table(content))
            made.state = State.MAPPING
        except NotReadable as refusal:
            made.state, made.refusal = State.REFUSED, str(REFUSALS[refusal.code])
        made.pieces.all().delete()
        made.save()


@transaction.atomic
def name_columns(*, actor: Any, made: ClientImport, mapping: Sequence[str], branch: str) -> ClientImport:
    """Says which field each column fills, remembers it for a person, and tries the rows without effect.

    Raises Conflict when a field is named twice, or nothing tells whom a row is about.
    """
    made = _in_state(made, State.MAPPING, State.CHECKED)
    named = [name for name in mapping if name]
    if len(mapping) != len(made.columns) or set(named) - set(FIELDS):
        raise Conflict(_("There is no such field."), code="mapping")
    if len(set(named)) < len(named):
        raise Conflict(_("Two columns fill the same field."), code="mapping_twice")
    if not {*KEYS, "name"} & set(named):
        raise Conflict(
            _("Say which column holds the client number, ID number, mobile or name."), code="mapping_no_key"
        )
    made.mapping, made.branch, made.counts = list(mapping), branch, {}
    made.chunks.update(checked=False, counts={}, results=None)
    if actor.actor_kind == "person":
        _remember(actor.pk, dict(zip(made.columns, mapping, strict=True)))
    return _hand_to_worker(made, actor, State.CHECKING)


@transaction.atomic
def start_import(*, actor: audit.Actor, made: ClientImport) -> ClientImport:
    """Does what was tried. Raises Conflict unless it stands tried."""
    made = _in_state(made, State.CHECKED)
    _note(made, actor, "import.started", rows=made.rows)
    return _hand_to_worker(made, actor, State.WORKING)


@transaction.atomic
def start_undo(*, actor: audit.Actor, made: ClientImport) -> ClientImport:
    """Takes back what was done, where nobody changed it since; within seven days. Raises Conflict."""
    made = _in_state(made, State.DONE)
    if not may_undo(made):
        raise Conflict(_("This cannot be taken back any more."), code="too_late")
    _note(made, actor, "import.undo_started")
    return _hand_to_worker(made, actor, State.UNDOING)


def may_undo(made: ClientImport) -> bool:
    fresh = made.done_at is not None and made.done_at > timezone.now() - UNDO_FOR
    return made.state == State.DONE and fresh and made.forgotten_at is None


def forget_old_imports() -> int:
    """Deletes the rows of imports after 30 days; what they did stays. Returns how many imports."""
    old = ClientImport.objects.filter(forgotten_at=None, created_at__lt=timezone.now() - KEPT_FOR)
    count = 0
    for made in old:
        with transaction.atomic():
            made.pieces.all().delete()
            made.chunks.all().delete()
            made.forgotten_at = timezone.now()
            made.save(update_fields=["forgotten_at"])
        count += 1
    return count


def _pieces(chunks: Iterable[bytes]) -> Iterator[bytes]:
    for chunk in chunks:
        for start in range(0, len(chunk), PIECE):
            yield chunk[start : start + PIECE]


def _keep_rows(made: ClientImport, table: Iterator[Any]) -> None:
    head = next(table, None)
    if head is None:
        raise NotReadable("empty")
    made.form, made.columns = head["form"], head["columns"]
    made.rows = 0
    for position in range(10**6):
        rows = list(islice(table, CHUNK))
        if not rows:
            break
        chunk = ImportChunk(owner=made, position=position)
        chunk.rows = crypto.seal(json.dumps(rows, ensure_ascii=False), chunk.context("rows"))
        chunk.save()
        made.rows += len(rows)
    kept = ImportMapping.objects.filter(person=made.owner_id).first()
    made.mapping = suggested(made.columns, kept.fields if kept else {})


def _remember(person_id: int, fields: dict[str, str]) -> None:
    kept, _made = ImportMapping.objects.get_or_create(person_id=person_id)
    kept.fields = {**kept.fields, **fields}
    kept.save()


def _in_state(made: ClientImport, *states: str) -> ClientImport:
    made = ClientImport.objects.select_for_update().get(pk=made.pk)
    if made.state not in states:
        raise Conflict(_("The import has moved on; look at its page."), code="import_state")
    return made


def _hand_to_worker(made: ClientImport, actor: audit.Actor, state: str) -> ClientImport:
    made.state = state
    made.job = jobs.start(
        kind=KIND,
        title=_("Import: %(name)s") % {"name": made.name[:150]},
        owner=actor,
        arguments={"import": made.pk},
        url=reverse("clients:import", args=[made.pk]),
    )
    made.save()
    return made


def _note(made: ClientImport, actor: audit.Actor, deed: str, **detail: Any) -> None:
    audit.record(actor=actor, deed=deed, subject_type="import", subject_id=made.pk, detail=detail)
