"""Children of the launcher: none is left behind, a death is told."""

import os
import stat
import sys
import time
from pathlib import Path

import pytest

from devtools.console import Failure
from devtools.interrupts import Interrupts
from devtools.supervisor import Supervisor

STUBBORN = """
import signal, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("up", flush=True)
time.sleep(60)
"""
WITH_CHILD = """
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]).pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def supervisor(tmp_path: Path) -> Supervisor:
    return Supervisor(tmp_path, dict(os.environ), Interrupts())


def _says(supervisor: Supervisor, name: str) -> str:
    """First line of the child's log, once it is there."""
    log = supervisor.logs / f"{name}.log"
    supervisor.wait_until(lambda: log.read_text().endswith("\n"), 20, name)
    return log.read_text().strip()


def _runs(pid: int) -> bool:
    """Whether the process lives; one that nobody has collected yet does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def test_grandchildren_end_too(supervisor: Supervisor) -> None:
    with supervisor:
        supervisor.start("parent", [sys.executable, "-c", WITH_CHILD])
        grandchild = int(_says(supervisor, "parent"))
        assert _runs(grandchild)
    deadline = time.monotonic() + 5
    while _runs(grandchild) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not _runs(grandchild)


def test_second_signal_does_not_wait_for_the_stubborn(supervisor: Supervisor) -> None:
    with supervisor:
        child = supervisor.start("stubborn", [sys.executable, "-c", STUBBORN])
        assert _says(supervisor, "stubborn") == "up"
        supervisor.interrupts.hurry = True
    assert child.process.returncode == -9


def test_a_death_is_told_with_the_end_of_its_log(supervisor: Supervisor) -> None:
    with supervisor, pytest.raises(Failure, match=r"worker ended by itself \(exit code 3\)(.|\n)*no memory"):
        supervisor.start("worker", [sys.executable, "-c", "import sys; print('no memory'); sys.exit(3)"])
        supervisor.watch(str)


def test_a_dead_database_is_told(supervisor: Supervisor) -> None:
    with supervisor, pytest.raises(Failure, match="Valkey no longer answers"):
        supervisor.check(lambda: "Valkey")


def test_a_child_that_ends_by_itself_is_waited_for(supervisor: Supervisor, tmp_path: Path) -> None:
    answers = tmp_path / "answers"
    seen: list[str] = []
    with supervisor:
        command = [sys.executable, "-c", "import sys; print('password'); sys.exit(7)"]
        child = supervisor.start_passing("data", command, answers)
        assert supervisor.finish(child, str, lambda: seen.append(answers.read_text())) == 7
        supervisor.check()
    assert seen[-1] == "password\n"
    assert stat.S_IMODE(answers.stat().st_mode) == 0o600
