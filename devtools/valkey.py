"""A Valkey server of our own on a Unix socket, its writes logged to disk each second."""

import os
import shutil
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from devtools.console import Failure, tail
from devtools.serviceuser import ServiceUser

SOCKET_PATH_LIMIT = 100
START_SECONDS = 30


@dataclass
class Valkey:
    """The server in `home`, a folder of the service user; `keep` says whether its writes must survive."""

    home: Path
    program: Path
    user: ServiceUser
    keep: bool = True

    @property
    def log(self) -> Path:
        return self.home / "valkey.log"

    def url(self) -> str:
        """REDIS_URL of the running server."""
        return f"unix://{self.socket_path()}"

    def ensure(self) -> None:
        """Starts the server unless it answers already."""
        if self.answers():
            return
        self.user.own(self.home)
        self.user.own(self.home / "valkey")
        path = self._new_socket_path()
        (self.home / "valkey.socket").write_text(str(path))
        path.unlink(missing_ok=True)
        server = self._start(path)
        deadline = time.monotonic() + START_SECONDS
        while not self.answers():
            if server.poll() is not None or time.monotonic() > deadline:
                raise Failure(f"Valkey did not start; the end of {self.log}:\n{tail(self.log)}")
            time.sleep(0.05)

    def answers(self) -> bool:
        """Whether it answers PING (or that it is still reading its log, which is a sign of life only)."""
        return self._ask(b"PING\r\n").startswith(b"+PONG")

    def stop(self) -> None:
        """Asks the server to write its log to disk and go; waits until its socket is silent."""
        path = self.socket_path()
        self._ask(b"SHUTDOWN\r\n")
        deadline = time.monotonic() + START_SECONDS
        while self.answers() and time.monotonic() < deadline:
            time.sleep(0.05)
        if path.parent != self.home:
            shutil.rmtree(path.parent, ignore_errors=True)

    def socket_path(self) -> Path:
        """Where the socket lies; noted at the start since a long folder name asks for another place."""
        try:
            return Path((self.home / "valkey.socket").read_text().strip())
        except OSError:
            return self.home / "valkey.sock"

    def _new_socket_path(self) -> Path:
        path = self.home / "valkey.sock"
        if len(os.fsencode(str(path))) < SOCKET_PATH_LIMIT:
            return path
        folder = Path(tempfile.mkdtemp(prefix="crm-", dir="/tmp"))
        self.user.own(folder)
        return folder / "valkey.sock"

    def _start(self, path: Path) -> subprocess.Popen[bytes]:
        options = {
            "port": "0", "unixsocket": str(path), "unixsocketperm": "700", "dir": str(self.home / "valkey"),
            "appendonly": "yes" if self.keep else "no", "appendfsync": "everysec", "save": "",
            "maxmemory-policy": "noeviction", "logfile": str(self.log), "daemonize": "no",
        }  # fmt: skip
        command = [str(self.program)]
        for name, value in options.items():
            command += [f"--{name}", value]
        return subprocess.Popen(
            command, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            **self.user.options(),
        )  # fmt: skip

    def _ask(self, command: bytes) -> bytes:
        try:
            with socket.socket(socket.AF_UNIX) as line:
                line.settimeout(5)
                line.connect(str(self.socket_path()))
                line.sendall(command)
                return line.recv(256)
        except OSError:
            return b""
