"""A night that several workers share: what each wrote is what one alone would have written."""

from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from core.models import Run, RunChunk, RunStep
from crm import nightly, tasks
from tests.crm.night_world import LAST, ask, load_days, write_days
from tests.crm.test_night_killed import left_behind

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def loaded(units: Any, tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.RECOMPUTE_THREADS = 3  # the leading worker and two hands
    monkeypatch.setattr(nightly, "CLIENTS_PER_SHARD", 1)
    load_days(write_days(tmp_path))


class Workers:
    """The broker and its workers: a call is taken by a thread with a session of its own."""

    def __init__(self, pool: ThreadPoolExecutor) -> None:
        self.pool, self.taken = pool, list[Future[None]]()

    def send(self, task: str, args: tuple[Any, ...]) -> None:
        if task == "crm.tasks.lend_hand":
            self.taken.append(self.pool.submit(self._work, args))

    def _work(self, args: tuple[Any, ...]) -> None:
        try:
            tasks.lend_hand(*args)
        finally:
            connection.close()


def test_workers_share_a_night(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = ask()
    nightly.execute(alone.pk)
    expected = left_behind()
    nightly._clear_derived()
    with ThreadPoolExecutor(2) as pool:
        workers = Workers(pool)
        monkeypatch.setattr("core.broker.send", workers.send)
        Run.objects.update(state=Run.State.FAILED)
        shared = ask()
        nightly.execute(shared.pk, calls_workers=True)
    assert [taken.exception() for taken in workers.taken] == [None] * len(workers.taken)
    assert left_behind() == expected
    assert Run.objects.get(pk=shared.pk).state == Run.State.DONE
    assert not RunChunk.objects.filter(step__run=shared, done=False).exists()
    sessions = {step.name: step.sessions for step in nightly.told_steps().filter(run=shared)}
    assert max(sessions.values()) > 1, sessions
    steps = RunStep.objects.filter(run=shared)
    assert {step.name: step.done for step in steps} == {step.name: step.chunks.count() for step in steps}


def test_a_call_that_comes_late_does_nothing(loaded: None) -> None:
    run = nightly.execute(ask().pk)
    before = left_behind()
    for step in run.steps.all():
        tasks.lend_hand(step.pk)
    tasks.lend_hand(0)
    assert left_behind() == before


def test_a_new_night_waits_for_a_hand_of_a_dead_one(loaded: None) -> None:
    """The hand holds its lock while it works, so the plan that empties tables comes after it."""
    run = Run.objects.create(as_of=LAST, requested_by="test", state=Run.State.RUNNING)
    asked = ask(date(2026, 8, 28))
    with ThreadPoolExecutor(1) as pool, connection.cursor() as hand:
        hand.execute("SELECT pg_advisory_lock_shared(%s)", [nightly.HANDS])
        night = pool.submit(_execute, asked.pk)
        while not _waiting():
            assert not night.done(), night.exception()
        assert Run.objects.get(pk=run.pk).state == Run.State.RUNNING
        hand.execute("SELECT pg_advisory_unlock_shared(%s)", [nightly.HANDS])
        night.result(60)
    assert Run.objects.get(pk=run.pk).state == Run.State.FAILED
    assert Run.objects.get(pk=asked.pk).finished_at < timezone.now()


def _execute(run_id: int) -> None:
    try:
        nightly.execute(run_id)
    finally:
        connection.close()


def _waiting() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT EXISTS (SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted)")
        return bool(cursor.fetchone()[0])
