"""`run`: the whole system on this machine, from a bare clone to the sign-in page."""

import fcntl
import hashlib
import os
import socket
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from devtools import ROOT, services, venv
from devtools.console import Failure, say
from devtools.folder import DataFolder
from devtools.interrupts import Interrupted, Interrupts
from devtools.steps import beside, step
from devtools.supervisor import Supervisor

HOST = "127.0.0.1"
WEB_WORKERS = 2
WEB_SECONDS = 120
COLLECT = ("collectstatic", "--no-input", "--clear", "--verbosity", "0")
DEMO = ("demo_data", "--clients", "5000", "--months", "24", "--seed", "1")
HAS_PEOPLE = """
import os, psycopg
with psycopg.connect(os.environ["DATABASE_URL"]) as connection:
    print(int(connection.execute("select exists (select from staff_person)").fetchone()[0]))
"""


def run(empty: bool, interrupts: Interrupts) -> int:
    """Starts everything and stays until it is told to stop; 0 after an orderly end."""
    folder = DataFolder.chosen()
    with _only_one(folder):
        port = free_port()
        python = str(venv.ensure("local"))
        return _serve(python, folder, port, empty, interrupts)


def _serve(python: str, folder: DataFolder, port: int, empty: bool, interrupts: Interrupts) -> int:
    with services.for_folder(folder) as databases:
        environment = {**os.environ, **folder.settings(), **databases.environment}
        _prepare(python, folder, environment)
        try:
            with Supervisor(folder.logs, environment, interrupts) as supervisor:
                start_web(supervisor, python, port)
                supervisor.wait_until(lambda: _shows_a_page(port), WEB_SECONDS, "The sign-in page")
                say(f"the sign-in page is there: http://{HOST}:{port}/  (logs in {folder.logs})")
                start_celery(supervisor, python, folder)
                _fill(supervisor, python, folder, databases, empty)
                say(f"ready: http://{HOST}:{port}/  Ctrl-C stops everything")
                supervisor.watch(databases.dead)
        except Interrupted:
            say("stopping the databases")
    say("stopped")
    return 0


def start_web(supervisor: Supervisor, python: str, port: int) -> None:
    supervisor.start("web", [
        python, "-m", "granian", "--interface", "asginl", "--no-ws", "--host", HOST, "--port", str(port),
        "--workers", str(WEB_WORKERS), "--backlog", "4096", "--backpressure", "4096",
        "--respawn-failed-workers", "--workers-kill-timeout", "5", "--log-level", "warning",
        "crm.asgi:application",
    ])  # fmt: skip


def start_celery(supervisor: Supervisor, python: str, folder: DataFolder) -> None:
    """Worker and beat come after web: whoever waits for the page should not wait for them."""
    celery = [python, "-m", "celery", "-A", "crm"]
    supervisor.start("worker", [
        *celery, "worker", "--concurrency", "3", "--without-gossip", "--without-mingle", "--loglevel", "INFO",
    ])  # fmt: skip
    schedule = folder.path / "beat-schedule"
    supervisor.start("beat", [*celery, "beat", "-s", str(schedule), "--pidfile=", "--loglevel", "INFO"])


def _prepare(python: str, folder: DataFolder, environment: dict[str, str]) -> None:
    """Texts, then migrations with the static files beside them: there are two cores."""
    say("preparing texts, static files and database")
    step([python, "-m", "core.translations"], environment)
    with collecting_static(python, folder, environment):
        step([python, "manage.py", "migrate", "--verbosity", "0"], environment)


@contextmanager
def collecting_static(python: str, folder: DataFolder, environment: dict[str, str]) -> Iterator[None]:
    """Collects the static files, if any has changed, beside what the block does."""
    stamp, wanted = folder.path / "static" / ".stamp", _static_digest()
    with ExitStack() as stack:
        if not stamp.exists() or stamp.read_text() != wanted:
            stack.enter_context(beside([python, "manage.py", *COLLECT], environment))
        yield
    stamp.parent.mkdir(exist_ok=True)
    stamp.write_text(wanted)


def _static_digest() -> str:
    """Changes with the packages and with any file under a static folder of the project."""
    digest = hashlib.sha256((ROOT / "requirements" / "local.txt").read_bytes())
    for folder in [ROOT / "static", *sorted(ROOT.glob("*/static"))]:
        for path in sorted(folder.rglob("*")):
            state = path.stat()
            digest.update(f"{path.relative_to(ROOT)} {state.st_size} {state.st_mtime_ns}\n".encode())
    return digest.hexdigest()


def _fill(
    supervisor: Supervisor, python: str, folder: DataFolder, databases: services.Services, empty: bool
) -> None:
    """Demo data on the first start, or the one administrator; later starts show the sign-ins again."""
    begun, done = folder.note("demo-begun"), folder.note("demo-done")
    interrupted = begun.exists() and not done.exists()
    if interrupted or not _has_people(python, supervisor.environment):
        if not empty:
            begun.touch()
            say("making demo data; you can sign in meanwhile, the figures fill up")
        command = ("create_admin",) if empty else DEMO
        child = supervisor.start_passing("data", [python, "manage.py", *command], folder.signins)
        if supervisor.finish(child, databases.dead, _follow(folder.signins)):
            raise Failure(f"manage.py {command[0]} failed, see above. Starting again takes it up.")
        if empty:  # an administrator's password is not for keeping
            folder.signins.unlink()
        else:
            done.touch()
    else:
        _follow(folder.signins)()


def _follow(path: Path) -> Callable[[], None]:
    """Prints what has been added to the file since the last call."""
    shown = 0

    def show() -> None:
        nonlocal shown
        text = path.read_text(encoding="utf-8") if path.exists() else ""
        if len(text) > shown:
            print(f"\n{text[shown:].strip()}\n", flush=True)
            shown = len(text)

    return show


def _has_people(python: str, environment: dict[str, str]) -> bool:
    command = [python, "-c", HAS_PEOPLE]
    done = subprocess.run(command, env=environment, stdout=subprocess.PIPE, text=True, check=True)
    return done.stdout.strip() == "1"


def _shows_a_page(port: int) -> bool:
    """Whether the front page (which leads to the sign-in) comes without an error."""
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(f"http://{HOST}:{port}/", timeout=10) as answer:
            return answer.status == 200
    except urllib.error.HTTPError as error:
        raise Failure(
            f"The front page answers {error.code}; see the log of web in the data folder."
        ) from error
    except OSError:
        return False


def free_port() -> int:
    """CRM_PORT, else 8000; told at once when something else listens there."""
    wanted = os.environ.get("CRM_PORT") or "8000"
    if not wanted.isdigit() or not 0 < int(wanted) < 65536:
        raise Failure(f"CRM_PORT must be a port number, not {wanted}.")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, int(wanted)))
        except OSError as error:
            raise Failure(
                f"Port {wanted} is taken ({error.strerror}); choose another: CRM_PORT=8001"
            ) from error
    return int(wanted)


@contextmanager
def _only_one(folder: DataFolder) -> Iterator[None]:
    """A second `run` on the same data folder would work against the first."""
    path = folder.note("run-lock")
    with path.open("w") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Failure(
                f"Another ./dev.py run uses {folder.path}; CRM_DATA names another folder."
            ) from error
        yield
