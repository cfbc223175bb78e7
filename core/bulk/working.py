"""Doing a run: one chunk after the other, each with its done-mark in one transaction, forwards or back.

So a run that is killed anywhere and taken up again does only what is left. Scope and right are asked for anew
before each chunk: whoever lost them meanwhile does nothing more.
"""

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib.auth import get_user_model
from django.db import OperationalError, transaction
from django.db.models import F, QuerySet
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from core import audit, jobs
from core.bulk.choosing import source_and_deed
from core.bulk.deeds import BulkDeed, BulkForm, BulkResult, BulkWork
from core.bulk.outcome import outcome
from core.errors import Conflict
from core.lists.sources import ListSource
from core.models import BulkChunk, BulkRun, Job

log = logging.getLogger(__name__)
KIND = "core.tasks.bulk_work"
UNDO_FOR = timedelta(days=7)
UNFINISHED = (Job.State.WAITING, Job.State.RUNNING)
Phase = BulkRun.Phase


@transaction.atomic
def start(*, actor: Any, run: BulkRun, deed: BulkDeed, form: BulkForm) -> BulkRun:
    """Begins a draft with what its form said. Raises Conflict when it has begun already."""
    run = BulkRun.objects.select_for_update().get(pk=run.pk)
    if run.phase != Phase.DRAFT:
        raise Conflict(_("This has been started already."))
    run.data, run.summary = form.frozen(), form.summary()[:200]
    run.phase, run.started_at = Phase.APPLYING, timezone.now()
    return _hand_to_worker(run, actor, f"{_(deed.title)}: {run.summary}" if run.summary else _(deed.title))


@transaction.atomic
def go_on(*, actor: Any, run: BulkRun, deed: BulkDeed) -> BulkRun:
    """Takes up a run that was cancelled or gave up; Conflict while it is at work or when nothing is left."""
    run = BulkRun.objects.select_for_update(of=["self"]).select_related("job").get(pk=run.pk)
    if run.phase == Phase.DRAFT or is_working(run) or not left(run).exists():
        raise Conflict(_("There is nothing to go on with."))
    return _hand_to_worker(run, actor, _title(run, deed))


@transaction.atomic
def start_undo(*, actor: Any, run: BulkRun, deed: BulkDeed) -> BulkRun:
    """Takes back what the run has done, as a job. Raises Conflict when it can't be taken back (any more)."""
    run = BulkRun.objects.select_for_update(of=["self"]).select_related("job").get(pk=run.pk)
    if not may_undo(run, deed):
        raise Conflict(_("This cannot be taken back any more."))
    run.phase, run.ended_at = Phase.UNDOING, None
    return _hand_to_worker(run, actor, _title(run, deed))


def may_undo(run: BulkRun, deed: BulkDeed) -> bool:
    """Whether something was done, is at rest, and may be taken back: for seven days."""
    if deed.undo is None or run.phase != Phase.APPLYING or is_working(run) or run.started_at is None:
        return False
    return run.started_at > timezone.now() - UNDO_FOR and run.chunks.filter(done=True).exists()


def is_working(run: BulkRun) -> bool:
    """Whether a worker has the run or will take it."""
    return run.job is not None and run.job.state in UNFINISHED


def left(run: BulkRun) -> QuerySet[BulkChunk]:
    """Chunks still to be done, or to be taken back."""
    if run.phase == Phase.UNDOING:
        return run.chunks.filter(done=True, undone=False)
    return run.chunks.filter(done=False)


def _hand_to_worker(run: BulkRun, actor: Any, title: str) -> BulkRun:
    """A new job does what is left of the run; that it began is on record."""
    run.job = jobs.start(
        kind=KIND,
        title=title[:200],
        owner=actor,
        arguments={"run": run.pk},
        url=reverse("bulk:run", args=[run.pk]),
    )
    run.save()
    _note(run, actor, "undo_started" if run.phase == Phase.UNDOING else "started")
    return run


def _title(run: BulkRun, deed: BulkDeed) -> str:
    words = f"{_(deed.title)}: {run.summary}" if run.summary else _(deed.title)
    return _("Take back: %(deed)s") % {"deed": words} if run.phase == Phase.UNDOING else words


def _note(run: BulkRun, actor: audit.Actor, happened: str, **detail: Any) -> None:
    facts = {"list": run.list_name, "deed": run.deed, "rows": run.total, "query": run.query}
    audit.record(
        actor=actor,
        deed=f"bulk.{happened}",
        subject_type="bulk run",
        subject_id=run.pk,
        detail={**facts, "data": run.data, **detail},
    )


def work(job: Job) -> None:
    """Does what is left of the job's run, or takes it back; told in the language of who asked for it."""
    run = BulkRun.objects.get(pk=job.arguments["run"])
    total = max(run.chunks.count(), 1)
    with translation.override(run.language):
        while _step(run.pk, job):
            jobs.progress(job, 100 * (total - left(BulkRun.objects.get(pk=run.pk)).count()) // total)


def _step(run_id: int, job: Job) -> bool:
    """Does one chunk; False when none is left. A failing chunk is taken up again row by row."""
    chunk: BulkChunk | None = None
    try:
        with transaction.atomic():
            run = BulkRun.objects.select_for_update().get(pk=run_id)
            if run.job_id != job.pk:  # another job has the run by now
                raise jobs.Cancelled
            chunk = left(run).order_by("position").first()
            if chunk is None:
                _end(run)
                return False
            row_by_row = chunk.tries > 0
            _do(run, chunk)
    except (jobs.Cancelled, OperationalError):
        raise
    except Exception:
        if chunk is None or row_by_row:
            raise
        log.warning("bulk run %s: a chunk failed and is tried row by row", run_id, exc_info=True)
        BulkChunk.objects.filter(pk=chunk.pk).update(tries=F("tries") + 1)
    return True


def _do(run: BulkRun, chunk: BulkChunk) -> None:
    found = source_and_deed(run.list_name, run.deed)
    person = get_user_model()._default_manager.filter(pk=run.owner_id).first()  # anew, with today's rights
    if run.phase == Phase.UNDOING:
        _undo_chunk(run, chunk, found[1] if found else None, person)
    else:
        _apply_chunk(run, chunk, found, person)


def _apply_chunk(
    run: BulkRun, chunk: BulkChunk, found: tuple[ListSource, BulkDeed] | None, person: Any
) -> None:
    if found is None or not _may(person, found[1]):
        chunk.failures = _all(chunk.ids, _("You may not do this any more."))
    else:
        source, deed = found
        rows = source.page_for(person, right=deed.right).all
        seen = set(rows.filter(pk__in=chunk.ids).order_by().values_list("pk", flat=True))
        chunk.failures = _all([one for one in chunk.ids if one not in seen], _("No longer in your sight."))
        for ids in _parts(chunk, [one for one in chunk.ids if one in seen]):
            _apply_part(run, chunk, deed, person, ids)
    chunk.done, chunk.tries = True, 0
    chunk.save()


def _apply_part(run: BulkRun, chunk: BulkChunk, deed: BulkDeed, person: Any, ids: list[int]) -> None:
    try:
        with transaction.atomic():
            result = deed.apply(BulkWork(run.pk, ids, run.data, person))
    except Exception as error:
        if len(ids) > 1 or isinstance(error, OperationalError):
            raise
        log.warning("bulk run %s: row %s failed", run.pk, ids[0], exc_info=True)
        result = BulkResult(failures={ids[0]: _("The system failed on this row.")})
    chunk.failures |= _by_text(result.failures)
    done = [one for one in ids if one not in result.failures]
    if done:
        chunk.undo.append([done, result.undo])


def _undo_chunk(run: BulkRun, chunk: BulkChunk, deed: BulkDeed | None, person: Any) -> None:
    for ids, kept in chunk.undo:
        chunk.undo_failures |= _by_text(_undo_part(run, deed, person, ids, kept))
    chunk.undone = True
    chunk.save()


def _undo_part(run: BulkRun, deed: BulkDeed | None, person: Any, ids: list[int], kept: Any) -> dict[int, str]:
    """What a deed took may be out of sight by then; the own deed is taken back all the same."""
    if deed is None or deed.undo is None or not _may(person, deed):
        return dict.fromkeys(ids, _("You may not do this any more."))
    try:
        with transaction.atomic():
            return deed.undo(BulkWork(run.pk, ids, run.data, person, kept))
    except OperationalError:
        raise
    except Exception:
        log.warning("bulk run %s: a part could not be taken back", run.pk, exc_info=True)
        return dict.fromkeys(ids, _("The system failed on this row."))


def _may(person: Any, deed: BulkDeed) -> bool:
    return person is not None and person.is_active and person.may(deed.right)


def _parts(chunk: BulkChunk, ids: list[int]) -> list[list[int]]:
    """The whole chunk at once; each row by itself once the whole has failed."""
    if chunk.tries:
        return [[one] for one in ids]
    return [ids] if ids else []


def _all(ids: Sequence[int], reason: str) -> dict[str, str]:
    return dict.fromkeys(map(str, ids), reason)


def _by_text(failures: dict[int, str]) -> dict[str, str]:
    """JSON's keys are texts."""
    return {str(one): str(reason) for one, reason in failures.items()}


def _end(run: BulkRun) -> None:
    run.ended_at = timezone.now()
    run.save(update_fields=["ended_at"])
    came = outcome(run)
    happened = "undone" if run.phase == Phase.UNDOING else "finished"
    actor = audit.SystemActor(actor_name=run.owner_name)
    _note(run, actor, happened, done=came.done, failed=came.failed, undone=came.undone, stayed=came.stayed)
