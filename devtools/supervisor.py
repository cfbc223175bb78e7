"""Starts the application's processes, notices when one dies, and leaves none behind."""

import ctypes
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from devtools import ROOT
from devtools.console import Failure, say, tail
from devtools.folder import private
from devtools.interrupts import Interrupts

PATIENCE_SECONDS = 20  # for an orderly end; unfinished work stands in the database and is taken up again
LARGEST_LOG_BYTES = 20_000_000
PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None


@dataclass
class Child:
    """A running process in a group of its own; without a log its complaints go to the terminal."""

    name: str
    process: subprocess.Popen[bytes]
    log: Path | None

    def signal_group(self, number: int) -> None:
        """Sends the signal to the process and all that it started."""
        try:
            os.killpg(self.process.pid, number)
        except (ProcessLookupError, PermissionError):
            return


class Supervisor:
    """A context in which children run; leaving it, for whatever reason, ends them all."""

    def __init__(self, logs: Path, environment: dict[str, str], interrupts: Interrupts) -> None:
        self.logs = logs
        self.environment = environment
        self.interrupts = interrupts
        self.children: list[Child] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def start(self, name: str, command: Sequence[str]) -> Child:
        """Starts a process that stays; what it says goes to logs/<name>.log."""
        log = _roomy_log(self.logs / f"{name}.log")
        with log.open("ab") as output:
            return self._started(name, command, log, stdout=output, stderr=subprocess.STDOUT)

    def start_passing(self, name: str, command: Sequence[str], answers: Path) -> Child:
        """Starts a process that ends by itself: progress to the terminal, answers to a private file."""
        with private(answers) as output:
            return self._started(name, command, None, stdout=output, stderr=None)

    def _started(self, name: str, command: Sequence[str], log: Path | None, **streams: Any) -> Child:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env=self.environment,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_end_with_parent,
            **streams,
        )
        self.children.append(Child(name, process, log))
        return self.children[-1]

    def wait_until(self, ready: Callable[[], bool], seconds: float, what: str) -> None:
        """Waits for `ready`; a child's death or too long a wait is a Failure."""
        deadline = time.monotonic() + seconds
        while not ready():
            self.check()
            if time.monotonic() > deadline:
                raise Failure(f"{what} is not there after {seconds:.0f} s; see {self.logs}")
            time.sleep(0.1)

    def finish(self, child: Child, dead: Callable[[], str], meanwhile: Callable[[], None]) -> int:
        """Waits for a child that ends by itself, with an eye on the others; its exit code."""
        while child.process.poll() is None:
            self.check(dead, but=child)
            meanwhile()
            time.sleep(0.2)
        meanwhile()
        self.children.remove(child)
        return child.process.returncode

    def watch(self, dead: Callable[[], str]) -> None:
        """Stays until a child or a database dies, which is a Failure."""
        while True:
            for _ in range(10):
                self.check()
                time.sleep(0.5)
            self.check(dead)

    def check(self, dead: Callable[[], str] = str, but: Child | None = None) -> None:
        """Failure when a child has ended or a database no longer answers."""
        for child in self.children:
            if child is not but and child.process.poll() is not None:
                code = child.process.returncode
                end = f" The end of {child.log}:\n{tail(child.log)}" if child.log else ""
                raise Failure(f"{child.name} ended by itself (exit code {code}), so everything stops.{end}")
        if name := dead():
            raise Failure(f"{name} no longer answers, so everything stops; its log lies in the data folder.")

    def stop(self) -> None:
        """Asks all to end; those that take too long, or a second Ctrl-C, are ended at once."""
        say(f"stopping {', '.join(child.name for child in self.children)}")
        for child in reversed(self.children):
            child.process.terminate()
        deadline = time.monotonic() + PATIENCE_SECONDS
        while running := [child.name for child in self.children if child.process.poll() is None]:
            if self.interrupts.hurry or time.monotonic() > deadline:
                say(f"ending {', '.join(running)} at once")
                break
            time.sleep(0.1)
        for child in self.children:
            child.signal_group(signal.SIGKILL)
            child.process.wait()


def _end_with_parent() -> None:
    """Should the launcher be killed outright, the kernel asks the child to end (Linux only)."""
    if _LIBC is not None:
        _LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _roomy_log(path: Path) -> Path:
    """The log file; a large one is put aside, replacing the one put aside before."""
    if path.exists() and path.stat().st_size > LARGEST_LOG_BYTES:
        path.replace(path.with_suffix(".log.1"))
    return path
