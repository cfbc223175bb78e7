"""The bar of `manage.py nightly`, drawn from the ledger while the run is at work."""

import threading
from io import StringIO
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from core.models import Run, RunStep
from crm import nightly
from crm.management.commands import nightly as command
from tests.crm.night_world import LAST

pytestmark = pytest.mark.django_db


@pytest.fixture
def run() -> Run:
    """Asked for, of four steps: one done, one half way, one that has not begun, one without work."""
    run = Run.objects.create(as_of=LAST, requested_by="night watch", state=Run.State.RUNNING)
    for position, (name, state, done, total) in enumerate(
        [
            ("facts", "done", 0, 0),
            ("scores", "running", 5, 10),
            ("tiers", "waiting", 0, 3),
            ("end", "waiting", 0, 0),
        ]
    ):
        RunStep.objects.create(run=run, position=position, name=name, state=state, done=done, total=total)
    return run


def test_the_bar_shows_the_share_and_the_step_at_work(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    command.Command()._draw(run)
    assert capsys.readouterr().err == f"\r2026-08-31 [{'#' * 11}{'.' * 19}]  38% scores      "
    run.steps.update(state=Run.State.DONE)
    command.Command()._draw(run)
    assert capsys.readouterr().err == f"\r2026-08-31 [{'#' * 30}] 100%             "


def test_it_is_drawn_until_the_run_ends_and_once_more(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The watcher looks every half second; the last picture is that of the end."""
    stop, drawn = threading.Event(), []

    def wait(seconds: float) -> bool:
        drawn.append(seconds)
        return len(drawn) > 2

    monkeypatch.setattr(stop, "wait", wait)
    monkeypatch.setattr(command, "connection", SimpleNamespace(close=lambda: drawn.append("closed")))
    command.Command()._watch(run, stop)
    assert drawn == [0.5, 0.5, 0.5, "closed"]
    shown = capsys.readouterr().err
    assert (shown.count("\r2026-08-31 ["), shown[-1]) == (3, "\n")


class Watched(command.Command):
    """As on a terminal: outside a transaction, so that the watcher sees what was committed."""

    def _watch(self, run: Run, stop: threading.Event) -> None:
        stop.wait(5)
        self.watched = stop.is_set()


@pytest.mark.parametrize(("options", "watched"), [([], True), (["--json"], False)])
def test_the_watcher_stops_with_the_run_and_json_has_none(
    run: Run, monkeypatch: pytest.MonkeyPatch, options: list[str], watched: bool
) -> None:
    def execute(run_id: int) -> Run:
        Run.objects.filter(pk=run_id).update(state=Run.State.DONE)
        return Run.objects.get(pk=run_id)

    monkeypatch.setattr(nightly, "request_run", lambda **_told: run)
    monkeypatch.setattr(nightly, "execute", execute)
    monkeypatch.setattr(command, "connection", SimpleNamespace(in_atomic_block=False))
    asked = Watched(stdout=StringIO())
    call_command(asked, "--as-of", LAST.isoformat(), *options)
    assert getattr(asked, "watched", False) is watched


def test_it_says_when_another_process_is_at_work(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(nightly, "request_run", lambda **_told: run)
    monkeypatch.setattr(nightly, "execute", lambda _run_id: run)
    with pytest.raises(CommandError, match=f"run {run.pk} is running: another process"):
        call_command("nightly", "--as-of", LAST.isoformat(), stdout=StringIO())
