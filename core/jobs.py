"""Background work a person waits for: a row with its percent, written with the deed that asks for it.

`kind` is the name of the Celery task that does the work, called with the job's id. The message may vanish or
come twice: `claim` lets one worker in, and `wake_due` (every 15 s) calls for jobs that nobody took or whose
worker died.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from core.audit import Actor
from core.broker import send
from core.logs import redacted
from core.models import Job
from core.registry import shared_jobs
from core.wake import wake

SILENCE = timedelta(minutes=5)  # a running job that says nothing for so long has lost its worker
MOST_ATTEMPTS = 3
WOKEN_AT_ONCE = 50


class Cancelled(Exception):
    """The person who asked for the job no longer wants it."""


def start(
    *, kind: str, title: str, owner: Actor, arguments: dict[str, Any] | None = None, url: str = ""
) -> Job:
    """Notes the job in the caller's transaction and wakes its task after commit; `url` tells more of it."""
    job = Job.objects.create(
        kind=kind,
        title=title,
        owner_id=owner.actor_id if owner.actor_kind == "person" else None,  # other numbers are no persons
        owner_name=owner.actor_name,
        arguments=arguments or {},
        result={"url": url} if url else {},
    )
    wake(kind, job.pk)
    return job


def claim(job_id: int) -> Job | None:
    """The job, now running and ours; None when it is done, cancelled, or in other hands."""
    now = timezone.now()
    mine = (
        _takeable()
        .filter(pk=job_id)
        .update(state=Job.State.RUNNING, attempts=F("attempts") + 1, started_at=now, touched_at=now)
    )
    return Job.objects.get(pk=job_id) if mine else None


def progress(job: Job, percent: int) -> None:
    """Tells how far the work is (0 to 100); raises Cancelled when it is no longer wanted."""
    alive = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(
        percent=min(max(percent, 0), 100), touched_at=timezone.now()
    )
    if not alive:
        raise Cancelled


def finish(job: Job, result: dict[str, Any] | None = None) -> None:
    """The work is done; `result` says where to find what it made. A cancelled job stays cancelled."""
    Job.objects.filter(pk=job.pk, state=Job.State.RUNNING).update(
        state=Job.State.DONE, percent=100, result=result or {}, finished_at=timezone.now()
    )


def fail(job: Job, error: str) -> None:
    """Tries again later, at most three times in all; then the job stands as failed with the reason."""
    running = Job.objects.filter(pk=job.pk, state=Job.State.RUNNING)
    if job.attempts < MOST_ATTEMPTS:
        running.update(state=Job.State.WAITING, error=error, failures=F("failures") + 1)
    else:
        running.update(
            state=Job.State.FAILED, error=error, failures=F("failures") + 1, finished_at=timezone.now()
        )


def cancel(*, job: Job) -> bool:
    """Stops a job that is not finished; its worker notices at its next progress. False when too late."""
    unfinished = Job.objects.filter(pk=job.pk, state__in=[Job.State.WAITING, Job.State.RUNNING])
    return bool(unfinished.update(state=Job.State.CANCELLED, finished_at=timezone.now()))


@contextmanager
def working(job: Job) -> Iterator[Job]:
    """Ends the job as its work ended: done, failed with the reason, or cancelled."""
    try:
        yield job
    except Cancelled:
        return
    except Exception as error:
        fail(job, redacted(f"{type(error).__name__}: {error}"))
        raise
    finish(job, job.result)


def owned_by(person_id: int) -> QuerySet[Job]:
    """A person's jobs, newest first."""
    return Job.objects.filter(owner_id=person_id).order_by("-id")


def shared() -> list[tuple[Job, str]]:
    """Unfinished jobs that concern everybody, with what is said of them in the reader's language."""
    words = shared_jobs()
    unfinished = Job.objects.filter(state__in=[Job.State.WAITING, Job.State.RUNNING], kind__in=words)
    return [(job, _(words[job.kind])) for job in unfinished.order_by("id")]


def due_jobs() -> QuerySet[Job]:
    """Jobs that nobody works on though they should be."""
    return _takeable().order_by("id")


def wake_due() -> int:
    """Wakes the tasks of due jobs, oldest first; gives up on those whose worker died too often."""
    _takeable().filter(attempts__gte=MOST_ATTEMPTS).update(
        state=Job.State.FAILED, error="The worker stopped three times.", finished_at=timezone.now()
    )
    due = list(due_jobs().values_list("kind", "pk")[:WOKEN_AT_ONCE])
    for kind, job_id in due:
        send(kind, (job_id,))
    return len(due)


def _takeable() -> QuerySet[Job]:
    lost = Q(state=Job.State.RUNNING, touched_at__lt=timezone.now() - SILENCE)
    return Job.objects.filter(Q(state=Job.State.WAITING) | lost)
