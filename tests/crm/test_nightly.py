"""The nightly run: what may be asked for, what a stopped or killed one leaves, how the next goes on."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from django.utils import timezone

from clients.models import Client
from core.models import AuditEntry, Run, RunChunk, RunStep
from core.runs import RunContext
from crm import nightly
from crm.nightly import NotPossible, request_run
from interactions.models import ServiceMonth
from kpis.models import Scorecard
from segmentation.models import LifecycleEvent
from tests.crm.night_world import ACTOR, FIRST, LAST, LATE, MIDDLE, ask, execute, load_days, night, write_days
from trading.models import ClientMonth, DirtyClient, StaleMark

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def one_thread(settings: Any) -> None:
    """All on the test's own connection."""
    settings.RECOMPUTE_THREADS = 1


@pytest.fixture(scope="module")
def days(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return write_days(tmp_path_factory.mktemp("days"))


@pytest.fixture
def loaded(units: Any, days: list[Path]) -> None:
    load_days(days)


class PowerCut(BaseException):
    """Ends a run as a kill does: nothing is noted any more."""


def breaking(name: str, error: BaseException, *, after: bool = False) -> tuple[nightly.Step, ...]:
    """The steps, one of which fails before or after its work."""

    def fail(ctx: RunContext, step: RunStep) -> None:
        if after:
            real.do(ctx, step)
        raise error

    real = next(step for step in nightly.STEPS if step.name == name)
    return tuple(replace(step, do=fail) if step is real else step for step in nightly.STEPS)


def states(run: Run) -> list[str]:
    return list(run.steps.order_by("position").values_list("state", flat=True))


def figures() -> dict[str, list[Any]]:
    """What a run leaves, row by row."""
    tables = (ClientMonth, ServiceMonth, LifecycleEvent)
    found: dict[str, list[Any]] = {
        table.__name__: sorted(map(str, table.objects.order_by().values_list())) for table in tables
    }
    found["cards"] = sorted(
        map(str, Scorecard.objects.filter(current=True).values_list("fingerprint", "period"))
    )
    return found


def test_nothing_loaded_nothing_to_run(units: Any) -> None:
    with pytest.raises(NotPossible):
        ask()


@pytest.mark.parametrize("as_of", [FIRST - timedelta(days=1), timezone.localdate() + timedelta(days=1)])
def test_dates_that_are_refused(loaded: None, as_of: date) -> None:
    with pytest.raises(NotPossible):
        ask(as_of)
    assert not Run.objects.exists()


def test_a_date_between_two_loaded_days_may_be_asked_for(loaded: None) -> None:
    assert night(MIDDLE + timedelta(days=1)).state == Run.State.DONE


def test_the_same_date_twice_is_one_run(loaded: None) -> None:
    run = ask()
    assert ask() == run
    assert states(run) == ["waiting"] * len(nightly.STEPS)
    assert AuditEntry.objects.filter(deed="run.requested").count() == 1


def test_a_finished_date_may_be_run_again(loaded: None) -> None:
    assert night() != night()
    assert set(Run.objects.values_list("state", flat=True)) == {"done"}


def test_asking_wakes_a_worker(
    loaded: None, django_capture_on_commit_callbacks: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, tuple[Any, ...]]] = []
    monkeypatch.setattr("core.broker.send", lambda task, args: sent.append((task, args)))
    with django_capture_on_commit_callbacks(execute=True):
        run = ask()
    assert sent == [("crm.tasks.nightly_run", (run.pk,))]


def test_a_run_writes_every_step_and_says_so(loaded: None) -> None:
    run = night()
    assert run.state == Run.State.DONE
    assert run.finished_at is not None and run.error == ""
    assert run.plan == {
        "all_from": "2026-08-01", "first_month": "2026-08-01", "previous_as_of": None,
        "shards": nightly.shards(),
    }  # fmt: skip
    rows = dict(run.steps.values_list("name", "rows"))
    assert [
        name for name in rows if name not in ("service", "worklists", "segments") and not rows[name]
    ] == []
    assert LifecycleEvent.objects.filter(event="EFFECTIVE").count() == Client.objects.count()
    assert Scorecard.objects.filter(period="2026-08", unit_type="firm").exists()
    assert not DirtyClient.objects.exists()
    assert not StaleMark.objects.exists()


def test_again_without_news_leaves_the_figures(loaded: None) -> None:
    night()
    before = figures()
    again = night()
    assert figures() == before
    assert again.steps.get(name="facts").rows == 0


def test_a_step_that_fails_stops_the_run(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "STEPS", breaking("scores", RuntimeError("disk on fire"), after=True))
    run = ask()
    with pytest.raises(RuntimeError):
        execute(run)
    run.refresh_from_db()
    assert (run.state, run.error) == (Run.State.FAILED, "RuntimeError: disk on fire")
    assert states(run) == ["done", "done", "done", "failed", *["waiting"] * 5]
    assert StaleMark.objects.exists(), "what the run took is not served yet"


def test_after_a_failure_the_next_run_of_the_date_makes_all_figures(
    loaded: None, monkeypatch: pytest.MonkeyPatch, days: list[Path]
) -> None:
    night(MIDDLE)
    with monkeypatch.context() as broken, pytest.raises(RuntimeError):
        broken.setattr(nightly, "STEPS", breaking("tiers", RuntimeError()))
        night()
    assert night().state == Run.State.DONE
    mended = figures()
    Run.objects.all().delete()
    night()
    assert figures() == mended


def test_a_killed_run_goes_on_where_it_stopped(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    run = ask()
    with monkeypatch.context() as power, pytest.raises(PowerCut):
        power.setattr(nightly, "STEPS", breaking("tiers", PowerCut()))
        execute(run)
    run.refresh_from_db()
    assert run.state == Run.State.RUNNING
    chunks = set(RunChunk.objects.filter(step__run=run, done=True).values_list("pk", "seconds"))
    assert ask() == run
    ended = execute(run)
    assert (ended.state, ended.attempts) == (Run.State.DONE, 2)
    assert chunks <= set(RunChunk.objects.filter(step__run=run).values_list("pk", "seconds"))
    whole = figures()
    Run.objects.all().delete()
    night()
    assert figures() == whole


def test_what_is_loaded_after_a_kill_waits_for_the_next_run(
    loaded: None, monkeypatch: pytest.MonkeyPatch, days: list[Path]
) -> None:
    run = ask(LATE)
    with monkeypatch.context() as power, pytest.raises(PowerCut):
        power.setattr(nightly, "STEPS", breaking("facts", PowerCut()))
        execute(run)
    load_days(days[-1:], LATE)
    execute(run)
    assert StaleMark.objects.filter(told_on=LATE).exists()
    night(LATE)
    assert ClientMonth.objects.filter(month=LATE, trading_days=1).count() == Client.objects.count()
    assert not StaleMark.objects.exists()


@pytest.mark.parametrize("other", [MIDDLE, LATE])
def test_a_killed_run_is_given_up_for_another_date(
    loaded: None, monkeypatch: pytest.MonkeyPatch, other: date
) -> None:
    killed = ask()
    with monkeypatch.context() as power, pytest.raises(PowerCut):
        power.setattr(nightly, "STEPS", breaking("scorecards", PowerCut()))
        execute(killed)
    run = night(other)
    killed.refresh_from_db()
    assert (killed.state, killed.error) == (Run.State.FAILED, f"given up for run {run.pk}")
    assert run.state == Run.State.DONE
    left = figures()
    Run.objects.all().delete()
    night(other)
    assert figures() == left


def test_a_run_that_leaves_steps_out_serves_no_mark(loaded: None, days: list[Path]) -> None:
    """What its steps left out have not made is made by the next run of any date."""
    night(LAST)
    load_days(days[-1:], LATE)
    part = ask(LATE)
    nightly.stop_after(part, "scores")
    marks = set(StaleMark.objects.values_list("pk", flat=True))
    part = execute(part)
    assert part.state == Run.State.DONE
    assert states(part) == ["done"] * 4
    assert marks < set(StaleMark.objects.values_list("pk", flat=True))
    with pytest.raises(NotPossible):
        nightly.skip_to(ask(LATE), "tiers")
    whole = night(LATE)
    assert whole.plan["all_from"] == "2026-08-01"
    assert not StaleMark.objects.exists()
    left = figures()
    Run.objects.all().delete()
    night(LATE)
    assert figures() == left


def test_nothing_is_done_while_another_process_is_at_work(loaded: None) -> None:
    run = ask()
    with psycopg.connect(**_login(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [nightly.LOCK])
        assert execute(run).state == Run.State.WAITING
        other.execute("SELECT pg_advisory_unlock(%s)", [nightly.LOCK])  # a closed session lets go only later
    assert not ClientMonth.objects.exists()
    assert execute(run).state == Run.State.DONE


def _login() -> dict[str, Any]:
    told = connection.get_connection_params()
    return {name: told[name] for name in ("dbname", "host", "port", "user", "password") if name in told}


def test_an_earlier_day_knows_nothing_of_later_ones(loaded: None, days: list[Path]) -> None:
    night(LAST)
    august = figures()
    load_days(days[-1:], LATE)
    night(LATE)
    assert ClientMonth.objects.filter(month=LATE).exists()
    night(LAST)
    assert figures() == august
    assert not ClientMonth.objects.filter(month=LATE).exists()
    assert request_run(as_of=LATE, actor=ACTOR).state == Run.State.WAITING
