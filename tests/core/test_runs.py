"""The run ledger: chunks are done once, a failing one is counted, and what was done stays done."""

from contextlib import nullcontext
from datetime import date
from threading import Event, Lock

import pytest

from core import runs
from core.models import Run, RunStep

pytestmark = pytest.mark.django_db
WORKS = [{"lo": number, "hi": number} for number in range(6)]


@pytest.fixture
def step() -> RunStep:
    run = Run.objects.create(as_of=date(2026, 10, 31), requested_by="test")
    return RunStep.objects.create(run=run, position=0, name="facts")


def test_every_chunk_is_done_once_and_summed(step: RunStep) -> None:
    seen: list[int] = []
    runs.run_chunks(step, WORKS, lambda work: seen.append(work["lo"]) or 10)
    runs.run_chunks(step, WORKS, lambda work: seen.append(work["lo"]) or 10)
    step.refresh_from_db()
    assert (seen, step.total, step.done, step.rows) == ([0, 1, 2, 3, 4, 5], 6, 6, 60)


def test_after_a_failure_only_the_rest_is_done(step: RunStep) -> None:
    done: list[int] = []

    def work_until_three(work: runs.Work) -> int:
        if work["lo"] == 3:
            raise RuntimeError("power cut")
        done.append(work["lo"])
        return 1

    with pytest.raises(RuntimeError):
        runs.run_chunks(step, WORKS, work_until_three)
    assert step.chunks.get(position=3).failures == 1
    runs.run_chunks(step, WORKS, lambda work: done.append(work["lo"]) or 1)
    step.refresh_from_db()
    assert (done, step.done, step.rows) == ([0, 1, 2, 3, 4, 5], 6, 6)


def test_a_chunks_effect_and_its_mark_are_one_transaction(step: RunStep) -> None:
    def write_and_fail(_work: runs.Work) -> int:
        Run.objects.create(as_of=date(2026, 10, 1), requested_by="effect")
        raise RuntimeError

    with pytest.raises(RuntimeError):
        runs.run_chunks(step, WORKS[:1], write_and_fail)
    assert not Run.objects.filter(requested_by="effect").exists()
    assert step.chunks.filter(done=False).count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_threads_share_the_chunks_without_doing_one_twice() -> None:
    run = Run.objects.create(as_of=date(2026, 10, 31), requested_by="test")
    step = RunStep.objects.create(run=run, position=0, name="facts")
    seen: list[int] = []
    lock = Lock()

    def work(piece: runs.Work) -> int:
        with lock:
            seen.append(piece["lo"])
        return 1

    works = [{"lo": number, "hi": number} for number in range(40)]
    assert runs.run_chunks(step, works, work, runs.Crew(threads=2))
    step.refresh_from_db()
    assert sorted(seen) == list(range(40))
    assert (step.done, step.rows) == (40, 40)


def test_a_hand_takes_what_is_cut_and_leaves_the_rest_to_the_leader(step: RunStep) -> None:
    hand, seen = runs.Crew(is_hand=True), list[int]()
    assert not runs.run_chunks(step, WORKS, lambda work: seen.append(work["lo"]) or 1, hand)
    assert not step.chunks.exists()  # nothing was cut yet, and a hand cuts nothing

    def call(called: RunStep) -> None:
        assert not runs.run_chunks(called, [], lambda work: seen.append(work["lo"]) or 1, hand)

    assert runs.run_chunks(step, WORKS, lambda work: 1 // 0, runs.Crew(call=call))
    step.refresh_from_db()
    assert (seen, step.done, step.rows) == ([0, 1, 2, 3, 4, 5], 6, 6)


@pytest.mark.parametrize(
    ("all_from", "as_of", "fills"),
    [
        (date(2026, 10, 1), date(2026, 10, 20), False),  # a night like most
        (date(2026, 10, 1), date(2026, 10, 31), True),  # October closes
        (date(2026, 10, 1), date(2026, 11, 2), True),  # November's first night
        (date(2026, 9, 1), date(2026, 10, 20), True),  # September is made anew
        (date(2025, 1, 1), date(2025, 1, 20), True),  # the first night of all
    ],
)
def test_nights_that_bring_a_month_into_the_tables(all_from: date, as_of: date, fills: bool) -> None:
    run = Run(as_of=as_of)
    ctx = runs.RunContext(run=run, as_of=as_of, all_from=all_from, first_month=date(2025, 1, 1), shards=())
    assert ctx.fills_a_month == fills


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("dies", [False, True])
def test_a_later_chunk_waits_for_earlier_ones_and_does_those_of_the_dead(dies: bool) -> None:
    run = Run.objects.create(as_of=date(2026, 10, 31), requested_by="test")
    step = RunStep.objects.create(run=run, position=0, name="scorecards")
    later_begun, deaths, told = Event(), [RuntimeError("power cut")] if dies else [], []

    def do(work: runs.Work) -> int:
        if "month" in work:
            assert later_begun.wait(10)
            if deaths:
                raise deaths.pop()
            told.append("month")
            return 1
        later_begun.set()
        runs.await_chunks(step, works[:1], do)
        told.append("period")
        return 1

    works = [{"month": "2026-10-01"}, {"period": "2026-10"}]
    with pytest.raises(RuntimeError) if dies else nullcontext():
        runs.run_chunks(step, works, do, runs.Crew(threads=2))
    step.refresh_from_db()
    assert (told, step.done, step.rows) == (["month", "period"], 2, 2)
    assert not step.chunks.filter(done=False).exists()
