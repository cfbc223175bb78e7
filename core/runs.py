"""The run ledger: a run's steps are cut into chunks, each done in one transaction with its done-mark.

So a run that is killed anywhere and started again does only what is left, and many sessions may take chunks
of one step at once (FOR UPDATE SKIP LOCKED) without doing one twice: threads of one process, and other
workers ("hands") that the leading one calls and that know the run from the ledger alone.
"""

import os
import socket
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import BigIntegerField, F, Func, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from core.models import Run, RunChunk, RunStep

Work = dict[str, Any]
LOOK_EVERY = 0.05  # seconds between two looks at chunks that other workers are at
WAL = Func(
    Func(function="pg_current_wal_insert_lsn"),
    Value("0/0"),
    function="pg_wal_lsn_diff",
    output_field=BigIntegerField(),
)
"""The position of the write-ahead log, in bytes."""
WAL_COUNTED = {"wal_bytes": F("wal_bytes") + WAL - Coalesce(F("wal_at"), WAL), "wal_at": WAL}


@dataclass(frozen=True)
class Crew:
    """Who takes chunks of a step.

    threads: sessions of this process.
    call: asks other workers to take chunks of the step too; they may come late or never.
    is_hand: this process was called; what comes after the chunks is left to the one that leads.
    """

    threads: int = 1
    call: Callable[[RunStep], None] | None = None
    is_hand: bool = False


ALONE = Crew()


@dataclass(frozen=True)
class RunContext:
    """What a recompute function may know of its run.

    as_of: the run reads only packages with a trade date up to this day.
    all_from: months from this one on are recomputed for every client; earlier ones only for DirtyClient.
    first_month: first loaded month (all_from of a full rebuild).
    shards: client id ranges, both ends included.
    crew: who does chunks at once.
    """

    run: Run
    as_of: date
    all_from: date
    first_month: date
    shards: tuple[tuple[int, int], ...]
    crew: Crew = ALONE

    @property
    def full(self) -> bool:
        """Whether everything is made from scratch."""
        return self.all_from <= self.first_month

    @property
    def fills_a_month(self) -> bool:
        """Whether a month, its close or everything comes into the tables, for the first time or anew."""
        return self.full or self.all_from < (self.as_of + timedelta(days=1)).replace(day=1)


def shard_work(ctx: RunContext) -> list[Work]:
    """One chunk a client-id range."""
    return [{"lo": lo, "hi": hi} for lo, hi in ctx.shards]


def run_chunks(step: RunStep, works: Sequence[Work], do: Callable[[Work], int], crew: Crew = ALONE) -> bool:
    """Does every chunk of the step that is not done yet; `do` returns the rows it wrote.

    True when all are done and what comes next is the caller's; a hand gets False once no chunk is free.
    """
    if crew.is_hand:
        _drain(step, do)
        return False
    _cut(step, works)
    if crew.call is not None:
        crew.call(step)
    _share(step, do, crew.threads)
    _wait_for_hands(step, do)
    return True


def _cut(step: RunStep, works: Sequence[Work]) -> None:
    if not step.chunks.exists():
        RunChunk.objects.bulk_create(
            RunChunk(step=step, position=position, work=work) for position, work in enumerate(works)
        )
        RunStep.objects.filter(pk=step.pk).update(total=len(works))


def _share(step: RunStep, do: Callable[[Work], int], threads: int) -> None:
    if threads == 1:
        _drain(step, do)
        return
    with ThreadPoolExecutor(threads) as pool:
        for finished in [pool.submit(_drain_and_close, step, do) for _ in range(threads)]:
            finished.result()


def _drain_and_close(step: RunStep, do: Callable[[Work], int]) -> None:
    try:
        _drain(step, do)
    finally:
        connection.close()


def _drain(step: RunStep, do: Callable[[Work], int]) -> None:
    while _next_chunk(step, do):
        pass


def _wait_for_hands(step: RunStep, do: Callable[[Work], int]) -> None:
    """Looks whether the chunks that others are at are done; one whose worker dies is done here."""
    while step.chunks.filter(done=False).exists():
        if not _next_chunk(step, do):
            time.sleep(LOOK_EVERY)


def _next_chunk(step: RunStep, do: Callable[[Work], int]) -> bool:
    """Takes one undone chunk; False when none is free. A failing chunk is counted, then the error goes on."""
    chunk_id = None
    try:
        with transaction.atomic():
            chunk = (
                step.chunks.select_for_update(skip_locked=True)
                .filter(done=False)
                .order_by("position")
                .first()
            )
            if chunk is None:
                return False
            chunk_id = chunk.pk
            _commit_at_ease()
            written, spent = _carry_out(chunk, do)
    except Exception:
        if chunk_id is not None:
            RunChunk.objects.filter(pk=chunk_id).update(failures=F("failures") + 1)
        raise
    _count(step, rows=F("rows") + written, seconds=F("seconds") + spent, **WAL_COUNTED)
    return True


def await_chunks(step: RunStep, works: Sequence[Work], do: Callable[[Work], int]) -> None:
    """Returns, within the transaction of a later chunk, when these chunks of the step are done.

    Other sessions are at them, since chunks are taken in order; one whose worker dies comes free and is
    done here.
    """
    waited_for = step.chunks.select_for_update().filter(done=False, work__in=list(works))
    for chunk in waited_for.order_by("position"):
        written, spent = _carry_out(chunk, do)
        _count(step, rows=F("rows") + written, seconds=F("seconds") + spent)


def _carry_out(chunk: RunChunk, do: Callable[[Work], int]) -> tuple[int, float]:
    """Does a chunk and marks it as done; the rows it wrote and its seconds."""
    began = time.monotonic()
    written = do(chunk.work)
    spent = time.monotonic() - began
    told = {"rows": written, "seconds": spent, "done_by": session_name()}
    RunChunk.objects.filter(pk=chunk.pk).update(done=True, **told)
    return written, spent


@transaction.atomic
def _count(step: RunStep, **sums: Any) -> None:
    """One more chunk of the step is done."""
    _commit_at_ease()
    RunStep.objects.filter(pk=step.pk).update(done=F("done") + 1, **sums)


def _commit_at_ease() -> None:
    """Lets this commit not wait for the disk: were it lost with the machine, its done-mark would be lost
    with it, and whoever tells of the step's end afterwards waits for everything before.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")


def session_name() -> str:
    """This session, as the ledger names who did a chunk: host, process and thread."""
    return f"{socket.gethostname()[:50]}:{os.getpid()}:{threading.get_native_id()}"


def last_finished() -> Run | None:
    """The newest run that came to its end: what the figures on all pages stand on."""
    return Run.objects.filter(state=Run.State.DONE).order_by("-finished_at", "-id").first()


def begin_step(step: RunStep) -> None:
    RunStep.objects.filter(pk=step.pk).update(
        state=Run.State.RUNNING, started_at=step.started_at or timezone.now(), wal_at=WAL
    )


def end_step(step: RunStep) -> None:
    RunStep.objects.filter(pk=step.pk).update(state=Run.State.DONE, finished_at=timezone.now(), **WAL_COUNTED)
