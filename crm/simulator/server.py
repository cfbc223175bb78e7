"""The web server as it runs in production, on a port of its own, to be measured and to be killed."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from http.client import HTTPException

from django.conf import settings

from crm.simulator.player import Web

STARTS_WITHIN = 30.0  # seconds


class Server:
    """Granian with its workers, in a process group of its own."""

    def __init__(self, environment: Mapping[str, str], workers: int = 2) -> None:
        self.port, self.workers = _free_port(), workers
        self.url = f"http://127.0.0.1:{self.port}"
        self.environment = {**os.environ, "CRM_INSECURE_HTTP": "1", "CRM_LOG_LEVEL": "ERROR", **environment}
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Comes back when the server answers. Raises TimeoutError."""
        self.process = subprocess.Popen(
            [
                sys.executable, "-m", "granian", "--interface", "asginl", "--no-ws", "--host", "127.0.0.1",
                "--port", str(self.port), "--workers", str(self.workers), "--backlog", "4096",
                "--backpressure", "4096", "--log-level", "error", "crm.asgi:application",
            ],
            cwd=settings.BASE_DIR, env=self.environment, start_new_session=True,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        deadline = time.monotonic() + STARTS_WITHIN
        while not self._answers():
            if time.monotonic() > deadline:
                raise TimeoutError("the web server does not start")
            time.sleep(0.05)

    def kill(self) -> None:
        """Ends all of it at once, in the middle of whatever it does."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def _answers(self) -> bool:
        try:
            return Web(self.url).ask("GET", "/healthz").status == 200
        except (OSError, HTTPException):
            return False


@contextmanager
def serving(environment: Mapping[str, str] | None = None, workers: int = 2) -> Iterator[Server]:
    """A running server for the block."""
    server = Server(environment or {}, workers)
    try:
        server.start()
        yield server
    finally:
        server.kill()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]
