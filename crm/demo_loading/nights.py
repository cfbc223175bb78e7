"""Nightly runs of the demo, and the value model's first breakpoints."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from datetime import date

from django.db import connection, transaction

from core import audit
from core.models import Run
from crm import nightly
from crm.demo_loading.asked import ACTOR, Progress
from segmentation.actions.publishing import (
    MONTHS_NEEDED,
    is_first_publication,
    loaded_months,
    publish_breakpoints,
)

LOOK = 0.5
"""Seconds between two looks at the ledger."""


def first_picture(as_of: date) -> None:
    """The first night that scores: raw values, breakpoints taken from them, then the whole night."""
    if is_first_publication():
        _run(as_of, last_step="scores")
        publish_breakpoints(
            as_of=as_of,
            proposer=ACTOR,
            approver=audit.SYSTEM,
            short_history=loaded_months(as_of) < MONTHS_NEEDED,
        )
    _run(as_of)


def last_night(as_of: date) -> None:
    """The night on which the figures stand."""
    _run(as_of)


def _run(as_of: date, *, last_step: str = "") -> None:
    """A run to its end, whoever does it: a worker that was woken may be quicker."""
    with transaction.atomic():
        run = nightly.request_run(as_of=as_of, actor=ACTOR)
        if last_step:
            nightly.stop_after(run, last_step)
    while run.state in {Run.State.WAITING, Run.State.RUNNING}:
        run = nightly.execute(run.pk)
        time.sleep(0 if run.state == Run.State.DONE else LOOK)
    if run.state != Run.State.DONE:
        raise RuntimeError(f"the nightly run as of {as_of} stopped: {run.error}")


@contextmanager
def beside(work: Callable[[], None]) -> Iterator["Future[None]"]:
    """Does the work in a thread with a connection of its own while the block runs; raises what it raised.

    Inside a transaction, whose rows no other connection sees, the work is done at once.
    """
    if connection.in_atomic_block:
        work()
        yield _done()
        return
    with ThreadPoolExecutor(1) as pool:
        future = pool.submit(_closing, work)
        yield future
        future.result()


def _closing(work: Callable[[], None]) -> None:
    try:
        work()
    finally:
        connection.close()


def _done() -> "Future[None]":
    future: Future[None] = Future()
    future.set_result(None)
    return future


def watched(future: "Future[None]", progress: Progress) -> None:
    """Waits for runs in another thread and tells how far the ledger says they are."""
    while not wait([future], timeout=LOOK).done:
        run = Run.objects.filter(state=Run.State.RUNNING).order_by("-id").first()
        if run is not None:
            steps = list(run.steps.order_by("position"))
            current = next((step.name for step in steps if step.state == Run.State.RUNNING), "")
            share = sum(nightly.progress(step) for step in steps) / (100 * len(steps))
            progress(f"nightly run as of {run.as_of}, {current}", share)
