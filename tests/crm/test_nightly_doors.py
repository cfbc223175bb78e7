"""How a nightly run is started and watched: command, tasks, pages and API."""

import json
from datetime import date, timedelta
from io import StringIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from core.models import Run, RunStep
from crm import nightly, tasks
from tests.cast import Speak
from tests.crm.night_world import FIRST, LAST, LATE, MIDDLE, ask, load_days, night, write_days
from trading.models import StaleMark

pytestmark = pytest.mark.django_db
NAMES = [step.name for step in nightly.STEPS]
RENEWAL = 'hx-trigger="every 1s"'


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


def run_command(*arguments: str) -> dict[str, Any]:
    """`nightly --json`: the line it prints."""
    output = StringIO()
    call_command("nightly", "--json", *arguments, stdout=output)
    told: dict[str, Any] = json.loads(output.getvalue())
    return told


def test_the_command_tells_the_run(loaded: None) -> None:
    told = run_command("--as-of", LAST.isoformat())
    assert (told["as_of"], told["state"]) == (LAST.isoformat(), "done")
    assert [step["name"] for step in told["steps"]] == NAMES
    assert {step["state"] for step in told["steps"]} == {"done"}
    assert {step["progress"] for step in told["steps"]} == {100}
    assert told["steps"][0]["rows"] > 0


def test_the_command_does_the_last_steps_only(loaded: None) -> None:
    night()
    told = run_command("--as-of", LAST.isoformat(), "--from-step", "standing")
    assert told["state"] == "done"
    started = RunStep.objects.filter(run=told["id"], started_at__isnull=False).order_by("position")
    assert list(started.values_list("name", flat=True)) == ["standing", "worklists", "segments"]


@pytest.mark.parametrize("as_of", [MIDDLE, LATE])
def test_no_later_step_on_figures_of_another_date(loaded: None, as_of: date) -> None:
    night()
    with pytest.raises(CommandError):
        run_command("--as-of", as_of.isoformat(), "--from-step", "scores")


def test_no_later_step_when_facts_have_changed(loaded: None) -> None:
    night()
    StaleMark.objects.create(month=LAST.replace(day=1), told_on=FIRST)
    with pytest.raises(CommandError):
        run_command("--as-of", LAST.isoformat(), "--from-step", "scores")


def test_the_command_refuses_a_date_in_plain_words(loaded: None) -> None:
    with pytest.raises(CommandError, match="2026-08-27"):
        call_command("nightly", "--as-of", "2026-08-01")


def test_the_command_fails_when_the_run_fails(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: Any) -> None:
        raise RuntimeError("no room")

    monkeypatch.setattr(nightly, "STEPS", (nightly.Step("facts", fail, "", ()), *nightly.STEPS[1:]))
    with pytest.raises(CommandError, match="no room"):
        call_command("nightly", "--json", "--as-of", LAST.isoformat())
    assert Run.objects.get().state == Run.State.FAILED


@pytest.fixture
def next_morning(time_machine: Any) -> None:
    """One o'clock in the night after the last loaded day."""
    time_machine.move_to("2026-09-01T01:00:00+08:00", tick=False)


def test_the_clock_asks_for_the_day_that_ended(loaded: None, next_morning: None) -> None:
    tasks.knock_nightly()
    assert Run.objects.get().as_of == LAST
    tasks.knock_nightly()
    assert Run.objects.count() == 1


def test_the_clock_asks_again_only_when_something_changed(loaded: None, next_morning: None) -> None:
    night()
    tasks.knock_nightly()
    assert Run.objects.count() == 1
    StaleMark.objects.create(month=LAST.replace(day=1), told_on=LATE)
    tasks.knock_nightly()
    assert Run.objects.count() == 1, "what is told later does not concern this day"
    StaleMark.objects.create(month=LAST.replace(day=1), told_on=FIRST)
    tasks.knock_nightly()
    assert Run.objects.filter(state=Run.State.WAITING, as_of=LAST).count() == 1


def test_the_clock_asks_for_nothing_before_the_first_package(units: Any) -> None:
    tasks.knock_nightly()
    assert not Run.objects.exists()


def test_the_sweeper_wakes_what_is_not_finished(loaded: None, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[tuple[str, Any]] = []
    monkeypatch.setattr(tasks, "send", lambda name, arguments: sent.append((name, arguments)))
    waiting, killed = ask(LAST), ask(MIDDLE)
    Run.objects.filter(pk=killed.pk).update(state=Run.State.RUNNING)
    for state in (Run.State.DONE, Run.State.FAILED):
        Run.objects.create(as_of=FIRST, state=state, requested_by="night")
    tasks.sweep()
    assert sent == [("crm.tasks.nightly_run", (run.pk,)) for run in (waiting, killed)]


def test_the_worker_does_the_run(loaded: None) -> None:
    run = ask()
    tasks.nightly_run(run.pk)
    tasks.nightly_run(run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts) == (Run.State.DONE, 1)


def test_pages_of_runs(loaded: None, cast: SimpleNamespace, as_person: Speak) -> None:
    run, page = night(), as_person(cast.operator)
    ledger = page.get(reverse("runs:list")).content.decode()
    assert reverse("runs:detail", args=[run.pk]) in ledger
    detail = page.get(reverse("runs:detail", args=[run.pk]))
    assert RENEWAL not in detail.content.decode(), "a finished run does not renew itself"
    assert detail.content.decode().count('<th scope="row">') == len(NAMES)
    assert page.get(reverse("runs:detail", args=[run.pk + 1])).status_code == 404


def test_a_run_at_work_renews_itself(loaded: None, cast: SimpleNamespace, as_person: Speak) -> None:
    run, page = ask(), as_person(cast.operator)
    address = reverse("runs:detail", args=[run.pk])
    assert RENEWAL in page.get(address).content.decode()
    part = page.get(address, headers={"HX-Request": "true", "HX-Target": "run-steps"}).content.decode()
    assert 'id="run-steps"' in part.strip().split(">")[0]
    assert "<html" not in part


def test_a_failed_run_says_why(loaded: None, cast: SimpleNamespace, as_person: Speak) -> None:
    run = ask()
    Run.objects.filter(pk=run.pk).update(state=Run.State.FAILED, error="RuntimeError: no room")
    shown = as_person(cast.operator).get(reverse("runs:detail", args=[run.pk])).content.decode()
    assert "RuntimeError: no room" in shown
    assert 'role="alert"' in shown


def test_starting_a_run_on_the_page(loaded: None, cast: SimpleNamespace, as_person: Speak) -> None:
    answer = as_person(cast.operator).post(reverse("runs:list"), {"as_of": LAST.isoformat()})
    run = Run.objects.get()
    assert answer.headers["Location"] == reverse("runs:detail", args=[run.pk])
    assert run.requested_by == cast.operator.actor_name


@pytest.mark.parametrize("as_of", ["", "tomorrow", "2026-08-01", "2999-01-01"])
def test_a_date_that_cannot_be_run_is_told_in_the_form(
    loaded: None, cast: SimpleNamespace, as_person: Speak, as_of: str
) -> None:
    answer = as_person(cast.operator).post(reverse("runs:list"), {"as_of": as_of})
    assert answer.status_code == 200
    assert answer.context["form"].errors["as_of"]
    assert not Run.objects.exists()


def test_who_may_only_look_cannot_start(loaded: None, cast: SimpleNamespace, as_person: Speak) -> None:
    page = as_person(cast.value_analyst)
    assert page.get(reverse("runs:list")).status_code == 200
    assert page.post(reverse("runs:list"), {"as_of": LAST.isoformat()}).status_code == 403
    assert not Run.objects.exists()


RUNS = "/api/v1/runs/"


def test_a_run_by_the_api(loaded: None, as_system: Speak) -> None:
    caller = as_system("runs:read", "runs:write")
    asked = caller.post(RUNS, {"as_of": LAST.isoformat()}, content_type="application/json")
    assert asked.status_code == 202
    told = asked.json()
    assert (told["as_of"], told["state"]) == (LAST.isoformat(), "waiting")
    nightly.execute(told["id"])
    found = caller.get(f"{RUNS}{told['id']}/").json()
    assert found["state"] == "done"
    assert [step["name"] for step in found["steps"]] == NAMES
    assert {"state", "rows", "seconds", "wal_bytes", "progress"} <= found["steps"][0].keys()
    assert found["steps"][0]["wal_bytes"] > 0
    assert [run["id"] for run in caller.get(RUNS).json()["results"]] == [told["id"]]


def test_the_same_request_twice_is_one_run(loaded: None, as_system: Speak) -> None:
    caller = as_system("runs:write")
    answers = [
        caller.post(RUNS, {"as_of": LAST.isoformat()}, content_type="application/json").json()["id"]
        for _ in range(2)
    ]
    assert answers == [Run.objects.get().pk] * 2


@pytest.mark.parametrize("as_of", ["", "x", "2026-08-01", str(timezone.localdate() + timedelta(days=1))])
def test_the_api_says_what_is_wrong_with_a_date(loaded: None, as_system: Speak, as_of: str) -> None:
    answer = as_system("runs:write").post(RUNS, {"as_of": as_of}, content_type="application/json")
    assert answer.status_code == 400
    assert answer.headers["Content-Type"].startswith("application/problem+json")
    assert [error["field"] for error in answer.json()["errors"]] == ["as_of"]


def test_scopes_of_the_api(loaded: None, as_system: Speak) -> None:
    run = ask()
    reader, writer = as_system("runs:read", name="reader"), as_system("runs:write", name="writer")
    body = {"as_of": LAST.isoformat()}
    assert reader.post(RUNS, body, content_type="application/json").status_code == 403
    assert writer.get(RUNS).status_code == 403
    assert writer.get(f"{RUNS}{run.pk}/").status_code == 403
    assert reader.get(f"{RUNS}{run.pk + 1}/").status_code == 404
