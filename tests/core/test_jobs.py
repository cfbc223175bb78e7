"""Background jobs: one worker at a time, percent, cancel, tries, lost workers; and the tray."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from django.utils import timezone

from core import audit, jobs
from core.models import Job
from crm import demo_loading
from tests.cast import Speak

pytestmark = pytest.mark.django_db
State = Job.State


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Messages to the broker, which is not asked."""
    found: list[Any] = []
    monkeypatch.setattr("core.jobs.send", lambda kind, args: found.append((kind, *args)))
    monkeypatch.setattr("core.broker.send", lambda kind, args: found.append((kind, *args)))
    return found


def _job(owner: Any = audit.SYSTEM, title: str = "Backup") -> Job:
    return jobs.start(kind="toy.work", title=title, owner=owner, arguments={"a": 1})


def _state(job: Job) -> tuple[str, int]:
    job.refresh_from_db()
    return job.state, job.percent


def test_a_job_wakes_its_task_after_commit(sent: list[Any], django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        job = _job()
        assert sent == []
    assert sent == [("toy.work", job.pk)]


def test_a_broker_that_is_away_does_not_matter(
    monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: Any
) -> None:
    def away(_kind: str, _args: Any) -> None:
        raise ConnectionError

    monkeypatch.setattr("core.broker.send", away)
    with django_capture_on_commit_callbacks(execute=True):
        job = _job()
    assert list(jobs.due_jobs()) == [job]


def test_one_worker_gets_it_and_tells_how_far_it_is() -> None:
    job = _job()
    mine = jobs.claim(job.pk)
    assert mine is not None
    assert jobs.claim(job.pk) is None
    jobs.progress(mine, 40)
    assert _state(job) == (State.RUNNING, 40)
    jobs.progress(mine, 400)
    jobs.finish(mine, {"url": "/x/"})
    assert _state(job) == (State.DONE, 100)
    assert job.result == {"url": "/x/"}
    assert jobs.claim(job.pk) is None


def test_a_cancelled_job_stops_at_its_next_word() -> None:
    job = _job()
    mine = jobs.claim(job.pk)
    assert mine is not None
    assert jobs.cancel(job=job)
    with jobs.working(mine):
        jobs.progress(mine, 50)
        pytest.fail("went on")
    assert _state(job)[0] == State.CANCELLED
    assert not jobs.cancel(job=job)
    jobs.finish(mine)
    assert _state(job)[0] == State.CANCELLED


def test_a_failing_job_is_tried_three_times() -> None:
    job = _job()
    for attempt in (1, 2, 3):
        mine = jobs.claim(job.pk)
        assert mine is not None
        with pytest.raises(ZeroDivisionError), jobs.working(mine):
            _ = 1 / 0
        expected = State.WAITING if attempt < 3 else State.FAILED
        assert (_state(job)[0], job.failures) == (expected, attempt)
    assert jobs.claim(job.pk) is None
    assert "division" in job.error


def test_done_work_ends_the_job() -> None:
    mine = jobs.claim(_job().pk)
    assert mine is not None
    with jobs.working(mine) as job:
        job.result = {"rows": 3}
    assert (_state(mine)[0], mine.result) == (State.DONE, {"rows": 3})


def test_jobs_of_lost_workers_are_woken_until_it_is_too_often(sent: list[Any]) -> None:
    lost, waiting, fresh = _job(), _job(), _job()
    for job in (lost, fresh):
        jobs.claim(job.pk)
    sent.clear()
    Job.objects.filter(pk=lost.pk).update(touched_at=timezone.now() - timedelta(minutes=6))
    assert jobs.wake_due() == 2
    assert sent == [("toy.work", lost.pk), ("toy.work", waiting.pk)]
    Job.objects.filter(pk=lost.pk).update(attempts=3)
    assert jobs.wake_due() == 1
    assert _state(lost)[0] == State.FAILED


def test_the_tray_shows_and_cancels_only_ones_own(cast: SimpleNamespace, as_person: Speak) -> None:
    mine, other = _job(cast.operator, "Mine"), _job(cast.administrator, "Other")
    browser = as_person(cast.operator)
    page = browser.get("/jobs/").content.decode()
    assert "Mine" in page
    assert "Other" not in page
    assert browser.post(f"/jobs/{other.pk}/cancel/").status_code == 404
    assert browser.post(f"/jobs/{mine.pk}/cancel/").status_code == 200
    assert (_state(mine)[0], _state(other)[0]) == (State.CANCELLED, State.WAITING)
    assert browser.get(f"/jobs/{mine.pk}/cancel/").status_code == 405


def test_a_systems_job_is_not_that_of_the_person_with_its_number(
    cast: SimpleNamespace, as_person: Speak
) -> None:
    system = SimpleNamespace(actor_kind="api", actor_id=cast.operator.pk, actor_name="erp")
    job = _job(system, "2026-10-30")
    browser = as_person(cast.operator)
    assert "2026-10-30" not in browser.get("/jobs/").content.decode()
    assert browser.post(f"/jobs/{job.pk}/cancel/").status_code == 404


@pytest.mark.parametrize(
    ("language", "words"), [("zh-hans", "正在填充演示数据，45 %"), ("en", "Demo data is being filled, 45 %")]
)
def test_everybody_sees_how_far_the_demo_data_is(
    cast: SimpleNamespace, as_person: Speak, language: str, words: str
) -> None:
    _job(title="Backup")
    job = Job.objects.create(kind=demo_loading.KIND, title="Demo data", state=State.RUNNING, percent=45)
    addresses = ("/", "/jobs/", "/jobs/shared/")
    for person in (cast.agent_1001, cast.administrator, cast.analyst):
        browser = as_person(person)
        browser.cookies["django_language"] = language
        pages = [browser.get(address).content.decode() for address in addresses]
        assert [words in page for page in pages] == [True] * 3
        assert 'hx-get="/jobs/shared/" hx-trigger="every 3s"' in pages[0]
        assert "Backup" not in "".join(pages)
    job.state = State.DONE
    job.save()
    pages = [browser.get(address).content.decode() for address in addresses]
    assert [words in page for page in pages] == [False] * 3
    assert pages[2].strip() == ""
    assert "/jobs/shared/" not in pages[0]
