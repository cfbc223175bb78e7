"""The work of an import: rows tried, done and taken back, chunk by chunk, each with its done-mark."""

import json
from collections import Counter
from typing import Any

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
from staff.models import Person


def work(job: Job) -> None:
    """Does what the import's state asks for; after a kill what is left of it."""
    made = ClientImport.objects.select_related("owner").get(pk=job.arguments["import"])
    with translation.override(made.owner.language):
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
    person = Person.objects.get(pk=made.owner_id)  # with today's rights
    results = do(made, chunk, person)
    chunk.results = crypto.seal(json.dumps(results, ensure_ascii=False), chunk.context("results"))
    chunk.counts = dict(Counter(result["does"] for result in results))
    setattr(chunk, mark, True)
    chunk.save()
    return True


def _plans(made: ClientImport, chunk: ImportChunk, person: Person, *, lock: bool) -> list[Plan]:
    rows = [asked(number, cells, made.mapping) for number, cells in rows_of(chunk)]
    if not person.may(RIGHT):
        return [Plan(row, FAIL, why=_("You may not do this any more.")) for row in rows]
    return plans(person, rows, branch=made.branch, lock=lock)


def _try(made: ClientImport, chunk: ImportChunk, person: Person) -> list[Result]:
    return [import_rows.told(plan) for plan in _plans(made, chunk, person, lock=False)]


def _apply(made: ClientImport, chunk: ImportChunk, person: Person) -> list[Result]:
    history.because(actor=person, deed="clients.imported", import_id=made.pk)
    results = import_rows.done(made, _plans(made, chunk, person, lock=True), person)
    _note(made, person, "clients.imported", results)
    return results


def _undo(made: ClientImport, chunk: ImportChunk, person: Person) -> list[Result]:
    history.because(actor=person, deed="clients.import_undone", import_id=made.pk)
    results = import_undo.undone(results_of(chunk), person)
    _note(made, person, "clients.import_undone", results)
    return results


def _note(made: ClientImport, person: Person, deed: str, results: list[Result]) -> None:
    """One entry a chunk; the clients stand in the import's own results and in their history."""
    counts = dict(Counter(result["does"] for result in results))
    audit.record(actor=person, deed=deed, subject_type="import", subject_id=made.pk, detail=counts)


STEPS: dict[str, tuple[str, Any, str]] = {
    State.CHECKING: ("checked", _try, State.CHECKED),
    State.WORKING: ("done", _apply, State.DONE),
    State.UNDOING: ("undone", _undo, State.UNDONE),
}
