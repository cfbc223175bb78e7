"""The work of an import: rows tried, done and taken back, chunk by chunk, each with its done-mark."""

import json
from collections import Counter
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from clients.actions import import_rows, import_undo
from clients.actions.import_rows import Result
from clients.actions.imports import State, read_upload
from clients.importing.plans import FAIL, RIGHT, Plan, plans
from clients.importing.rows import asked
from clients.models import ClientImport, ImportChunk
from clients.queries.imported_rows import results_of, rows_of
from core import audit, crypto, history, jobs
from core.models import Job
from core.owners import owner_of
from staff.principals import Nobody


def work(job: Job) -> None:
    """Does what the import's state asks for; after a kill what is left of it."""
    made = ClientImport.objects.select_related("owner").get(pk=job.arguments["import"])
    with translation.override(made.owner.language if made.owner else settings.LANGUAGE_CODE):
        if made.state == State.READING:
            read_upload(made)
        elif made.state in STEPS:
            _chunks(made, job)


def _chunks(made: ClientImport, job: Job) -> None:
    mark, do, end = STEPS[made.state]
    left = made.chunks.filter(**{mark: False})
    total = made.chunks.count()
    while _one(made, mark, do):
        jobs.progress(job, 100 * (total - left.count()) // max(total, 1))
    with transaction.atomic():
        counts: Counter[str] = Counter()
        for chunk in made.chunks.all().only("counts"):
            counts.update(chunk.counts)
        made.counts, made.state = dict(counts), end
        made.done_at = timezone.now() if end == State.DONE else made.done_at
        made.save(update_fields=["counts", "state", "done_at"])


@transaction.atomic
def _one(made: ClientImport, mark: str, do: Any) -> bool:
    """One chunk with its mark; False when none is left. Taking back goes from the last to the first."""
    waiting = made.chunks.filter(**{mark: False}).select_for_update(of=("self",))
    chunk = waiting.order_by("-position" if mark == "undone" else "position").first()
    if chunk is None:
        return False
    results = do(made, chunk, _whose(made))
    chunk.results = crypto.seal(json.dumps(results, ensure_ascii=False), chunk.context("results"))
    chunk.counts = dict(Counter(result["does"] for result in results))
    setattr(chunk, mark, True)
    chunk.save()
    return True


def _whose(made: ClientImport) -> Any:
    """The person or system with today's rights; a system that was removed meanwhile may nothing."""
    if made.owner_id:
        return owner_of("person", made.owner_id)
    return owner_of("api", made.system_id) or Nobody(actor_kind="system", actor_name="removed API client")


def _plans(made: ClientImport, chunk: ImportChunk, doer: Any, *, lock: bool) -> list[Plan]:
    rows = [asked(number, cells, made.mapping) for number, cells in rows_of(chunk)]
    if not doer.may(RIGHT):
        return [Plan(row, FAIL, why=_("You may not do this any more.")) for row in rows]
    return plans(doer, rows, branch=made.branch, lock=lock)


def _try(made: ClientImport, chunk: ImportChunk, doer: Any) -> list[Result]:
    return [import_rows.told(plan) for plan in _plans(made, chunk, doer, lock=False)]


def _apply(made: ClientImport, chunk: ImportChunk, doer: Any) -> list[Result]:
    history.because(actor=doer, deed="clients.imported", import_id=made.pk)
    results = import_rows.done(made, _plans(made, chunk, doer, lock=True), doer)
    _note(made, doer, "clients.imported", results)
    return results


def _undo(made: ClientImport, chunk: ImportChunk, doer: Any) -> list[Result]:
    history.because(actor=doer, deed="clients.import_undone", import_id=made.pk)
    results = import_undo.undone(results_of(chunk), doer)
    _note(made, doer, "clients.import_undone", results)
    return results


def _note(made: ClientImport, doer: Any, deed: str, results: list[Result]) -> None:
    """One entry a chunk; the clients stand in the import's own results and in their history."""
    counts = dict(Counter(result["does"] for result in results))
    audit.record(actor=doer, deed=deed, subject_type="import", subject_id=made.pk, detail=counts)


STEPS: dict[str, tuple[str, Any, str]] = {
    State.CHECKING: ("checked", _try, State.CHECKED),
    State.WORKING: ("done", _apply, State.DONE),
    State.UNDOING: ("undone", _undo, State.UNDONE),
}
