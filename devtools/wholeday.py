"""`bench day`: plays a whole day on a database of its own while its servers are killed, then checks it all.

Web, worker and database are ended with SIGKILL at random moments and started again; the broker goes away
for a minute. The day's sides (channels, desks, another system) are `manage.py whole_day`, and so is the
verdict.
"""

import argparse
import os
import random
import signal
import subprocess
import time
import urllib.request
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from devtools import ROOT, run, services, venv
from devtools.console import Failure, say
from devtools.folder import DataFolder
from devtools.interrupts import Interrupts
from devtools.steps import step
from devtools.supervisor import Supervisor

FIRM = ("demo_data", "--clients", "1000", "--months", "3", "--seed", "1")
ANSWERS_WITHIN = 120.0  # seconds


@dataclass
class Stage:
    """What plays: the processes by name, and how each is ended and started again."""

    supervisor: Supervisor
    databases: services.Services
    python: str
    folder: DataFolder
    port: int
    killed: dict[str, int] = field(default_factory=dict)

    def start(self) -> None:
        """Web first, as in `run`."""
        run.start_web(self.supervisor, self.python, self.port)
        self.supervisor.wait_until(lambda: _answers(self.port), ANSWERS_WITHIN, "The web server")
        run.start_celery(self.supervisor, self.python, self.folder)

    def kill(self, what: str, away: float) -> None:
        """Ends one of them and starts it again; the broker comes back after so many seconds."""
        say(f"killing {what}")
        self.killed[what] = self.killed.get(what, 0) + 1
        {"web": self._web, "worker": self._worker, "database": self._database}.get(
            what, lambda: self._broker(away)
        )()
        say(f"{what} is back")

    def _web(self) -> None:
        self._end("web")
        run.start_web(self.supervisor, self.python, self.port)
        _wait_until(lambda: _answers(self.port), "The web server")

    def _worker(self) -> None:
        self._end("worker")
        self._end("beat")
        run.start_celery(self.supervisor, self.python, self.folder)

    def _database(self) -> None:
        if self.databases.postgres:
            self.databases.postgres.kill()
            self.databases.postgres.ensure()

    def _broker(self, away: float) -> None:
        if self.databases.valkey:
            self.databases.valkey.stop()
            time.sleep(away)
            self.databases.valkey.ensure()

    def _end(self, name: str) -> None:
        child = next(one for one in self.supervisor.children if one.name == name)
        child.signal_group(signal.SIGKILL)
        child.process.wait()
        self.supervisor.children.remove(child)


def wholeday(arguments: Sequence[str], interrupts: Interrupts) -> int:
    """Everything from an empty database to the verdict; 0 when all stands as planned."""
    options = _parser().parse_args(arguments)
    os.environ.setdefault("CRM_DATA", str(ROOT / ".data" / "day"))
    os.environ.setdefault("CRM_PLAIN_STATIC", "1")
    os.environ.setdefault("CRM_LOG_LEVEL", "WARNING")
    os.environ.setdefault("PYTHONUNBUFFERED", "1")  # a line a minute is to be seen when it is said
    folder, python = DataFolder.chosen(), str(venv.ensure("local"))
    with services.for_folder(folder) as databases:
        if databases.postgres is None or databases.valkey is None:
            raise Failure("bench day kills its databases, so it takes none from outside.")
        if not databases.fresh:
            databases.postgres.renew()
        environment = {**os.environ, **folder.settings(), **databases.environment}
        manage = Manage(python, environment, options)
        _prepare(manage, python, environment)
        with Supervisor(folder.logs, environment, interrupts) as supervisor:
            stage = Stage(supervisor, databases, python, folder, run.free_port())
            stage.start()
            faults = _play(stage, manage, options)
            faults += manage.call("settle")
        step([python, "manage.py", "nightly", "--as-of", manage.date], environment)
        faults += manage.call("check")
    return _verdict(faults, stage)


@dataclass
class Manage:
    """The day's steps as commands of the application."""

    python: str
    environment: dict[str, str]
    options: argparse.Namespace

    @property
    def date(self) -> str:
        return self.options.date

    def command(self, name: str, *more: str) -> list[str]:
        """The step's command; all steps make the same plan from the same words."""
        told = {key: getattr(self.options, key) for key in ("calls", "messages", "filings", "seed", "date")}
        words = [word for key, value in told.items() for word in (f"--{key}", str(value))]
        return [self.python, "manage.py", "whole_day", name, *words, *more]

    def call(self, name: str) -> int:
        """1 when the step found faults, which it has told."""
        return int(subprocess.run(self.command(name), cwd=ROOT, env=self.environment).returncode != 0)


def _prepare(manage: Manage, python: str, environment: dict[str, str]) -> None:
    say("making the firm")
    step([python, "-m", "core.translations"], environment)
    step([python, "manage.py", "migrate", "--verbosity", "0"], environment)
    quiet = {**environment, "CRM_LOG_LEVEL": "ERROR"}
    step([python, "manage.py", *FIRM, "--until", manage.date, "--password", "not-signed-in-1"], quiet)
    step(manage.command("prepare"), environment)
    step(manage.command("before"), environment)


def _play(stage: Stage, manage: Manage, options: argparse.Namespace) -> int:
    """The day, with a death every so often; how many of play and the deaths themselves went wrong."""
    draw, deaths = random.Random(options.seed), _deaths(options)
    url = f"http://{run.HOST}:{stage.port}"
    more = ("--url", url, "--connections", str(options.connections), "--together", str(options.together))
    play = subprocess.Popen(manage.command("play", *more), cwd=ROOT, env=manage.environment)
    try:
        while _running(play, draw.uniform(0.5, 1.5) * options.every):
            stage.kill(deaths[sum(stage.killed.values()) % len(deaths)], options.away)
        return int(play.returncode != 0)
    finally:
        play.kill()


def _deaths(options: argparse.Namespace) -> list[str]:
    """Who is ended in which order, again and again."""
    return ["web", "database", "worker", "broker", "web", "database", "worker"] if options.every else []


def _running(process: subprocess.Popen[bytes], seconds: float) -> bool:
    """Whether it still runs after so many seconds; without deaths it is waited for."""
    try:
        process.wait(seconds or None)
    except subprocess.TimeoutExpired:
        return True
    return False


def _verdict(faults: int, stage: Stage) -> int:
    deaths = ", ".join(f"{name} {number}" for name, number in stage.killed.items()) or "none"
    say(f"killed: {deaths}")
    say("SOMETHING DIFFERS, see above" if faults else "all as planned: nothing lost, nothing double")
    return int(faults > 0)


def _answers(port: int) -> bool:
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{run.HOST}:{port}/healthz", timeout=10) as answer:
            return answer.status == 200
    except OSError:
        return False


def _wait_until(ready: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + ANSWERS_WITHIN
    while not ready():
        if time.monotonic() > deadline:
            raise Failure(f"{what} does not come back")
        time.sleep(0.1)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev.py bench day")
    parser.add_argument("--calls", type=int, default=50_000)
    parser.add_argument("--messages", type=int, default=20_000)
    parser.add_argument("--filings", type=int, default=5_000, help="entries that another system logs by API")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--date", default=time.strftime("%Y-%m-%d", time.gmtime(time.time() - 16 * 3600)))
    parser.add_argument("--every", type=float, default=45, help="seconds between two deaths; 0 for none")
    parser.add_argument("--away", type=float, default=60, help="seconds the broker is away")
    parser.add_argument("--connections", type=int, default=6)
    parser.add_argument("--together", type=int, default=20, help="events in one call, where a line takes it")
    return parser
