"""The real web server in front of a database of the tests, as production starts it."""

import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from urllib.parse import quote
from urllib.request import urlopen

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent


@contextmanager
def serving(database: str, workers: int = 1) -> Iterator[str]:
    """The address of a server that was started for this database, and is stopped afterwards."""
    port = _free_port()
    words = [
        sys.executable, "-m", "granian", "--interface", "asginl", "--no-ws", "--host", "127.0.0.1",
        "--port", str(port), "--workers", str(workers), "--log-level", "warning", "crm.asgi:application",
    ]  # fmt: skip
    told = {"DATABASE_URL": database_url(database), "DJANGO_SETTINGS_MODULE": "tests.settings"}
    server = subprocess.Popen(words, cwd=ROOT, env={**os.environ, **told})
    try:
        _wait_for(f"http://127.0.0.1:{port}/healthz", server)
        yield f"http://127.0.0.1:{port}"
    finally:
        server.terminate()
        with suppress(subprocess.TimeoutExpired):
            server.wait(10)
        server.kill()


def database_url(name: str) -> str:
    """Where this process finds databases, with another name."""
    told = connection.settings_dict
    password = f":{quote(told['PASSWORD'])}" if told["PASSWORD"] else ""
    host = str(told["HOST"])
    query = f"?host={quote(host)}" if host.startswith("/") else ""
    place = "" if query else f"{host}:{told['PORT'] or 5432}"
    port = f"&port={told['PORT']}" if query and told["PORT"] else ""
    return f"postgres://{told['USER']}{password}@{place}/{name}{query}{port}"


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    for _attempt in range(150):
        assert server.poll() is None, "the web server ended at once"
        with suppress(OSError), urlopen(url, timeout=2):
            return
        time.sleep(0.2)
    raise AssertionError("the web server does not answer")


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return taken.getsockname()[1]
