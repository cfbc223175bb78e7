"""A PostgreSQL server of our own on a Unix socket: made, started, checked by connecting, stopped."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from devtools.console import Failure, say, tail
from devtools.serviceuser import ServiceUser

PORT = 5432
SOCKET_PATH_LIMIT = 100  # the kernel takes 107 bytes with the name
START_TRIES = 8  # after a hard kill the old backends need a few seconds to leave
ROLE = "crm"
WAIT = ("-w", "-t", "300")

THROW_AWAY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "on"}


@dataclass
class Postgres:
    """The server in `home`, a folder of the service user. `settings` go over the defaults below."""

    home: Path
    programs: Path
    user: ServiceUser
    settings: dict[str, str] = field(default_factory=dict)

    @property
    def data(self) -> Path:
        return self.home / "postgres"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    def url(self, database: str = ROLE) -> str:
        """DATABASE_URL of a database of the running server."""
        return f"postgres://{ROLE}@/{database}?host={quote(str(self.socket_folder()), safe='/')}&port={PORT}"

    def ensure(self) -> bool:
        """Starts the server unless it answers already; True when the database was made just now."""
        fresh = not (self.data / "PG_VERSION").exists()
        if fresh:
            self._make()
        if not self.answers():
            self._start()
        if fresh or not self._query("postgres", f"select 1 from pg_database where datname = '{ROLE}'"):
            self._make_database()
            return True
        return False

    def answers(self) -> bool:
        """Whether a query comes back; a postmaster.pid alone proves nothing."""
        return self._query("postgres", "select 1") == "1"

    def accepts(self) -> bool:
        """Whether somebody listens at the socket; cheap enough to ask every few seconds."""
        path = self.socket_folder() / f".s.PGSQL.{PORT}"
        with socket.socket(socket.AF_UNIX) as probe:
            probe.settimeout(5)
            return probe.connect_ex(str(path)) == 0

    def stop(self, mode: str = "fast") -> None:
        """Stops the server; `immediate` for the impatient (it recovers from its log next time)."""
        folder = self.socket_folder()
        self._run("pg_ctl", "stop", "-D", str(self.data), "-m", mode, "-w", "-t", "60")
        if folder != self.home:
            shutil.rmtree(folder, ignore_errors=True)

    def kill(self) -> None:
        """Ends the server at once (SIGKILL), in the middle of whatever it does; its sessions end with it."""
        lock = self.data / "postmaster.pid"
        os.kill(int(lock.read_text().split("\n", 1)[0]), signal.SIGKILL)

    def renew(self) -> None:
        """An empty database in place of the one that is there."""
        self._query("postgres", f"drop database if exists {ROLE} with (force)")
        self._make_database()

    def socket_folder(self) -> Path:
        """Where the socket lies: told by the running server, else the home folder."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
            return Path(lines[4]) if len(lines) > 4 and lines[4] else self.home
        except OSError:
            return self.home

    def _make(self) -> None:
        say("making the PostgreSQL database cluster")
        shutil.rmtree(self.data, ignore_errors=True)
        self.user.own(self.home)
        done = self._run(
            "initdb", "-D", str(self.data), "-U", "postgres", "-A", "trust", "-E", "UTF8", "--data-checksums",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C.UTF-8",
            *(["--no-sync"] if self.settings.get("fsync") == "off" else []),
        )  # fmt: skip
        if done.returncode:
            raise Failure(f"initdb failed:\n{done.stdout}{done.stderr}")

    def _start(self) -> None:
        self._write_settings(self._new_socket_folder())
        self._drop_stale_lock()
        for attempt in range(START_TRIES):
            done = self._run("pg_ctl", "start", "-s", "-D", str(self.data), "-l", str(self.log), *WAIT)
            if done.returncode == 0 and self.answers():
                return
            time.sleep(0.5 * attempt)
        raise Failure(f"PostgreSQL did not start; the end of {self.log}:\n{tail(self.log)}")

    def _drop_stale_lock(self) -> None:
        """A lock file whose process is gone, or is somebody else by now, would stop the start for good."""
        lock = self.data / "postmaster.pid"
        if not lock.exists():
            return
        pid = int(lock.read_text().split("\n", 1)[0] or 0)
        command = Path(f"/proc/{pid}/cmdline")
        if Path("/proc/self").exists() and (not command.exists() or b"postgres" not in command.read_bytes()):
            lock.unlink(missing_ok=True)

    def _new_socket_folder(self) -> Path:
        if len(os.fsencode(str(self.home))) + len(f"/.s.PGSQL.{PORT}") < SOCKET_PATH_LIMIT:
            return self.home
        left = self.socket_folder()  # by a server that was killed
        if left != self.home and left.is_dir() and left.stat().st_uid == self.user.uid:
            return left
        folder = Path(tempfile.mkdtemp(prefix="crm-", dir="/tmp"))
        self.user.own(folder)
        return folder

    def _write_settings(self, socket_folder: Path) -> None:
        """Writes crm.conf, which postgresql.conf includes; rewritten at each start."""
        main = self.data / "postgresql.conf"
        if "include = 'crm.conf'" not in main.read_text():
            main.write_text(main.read_text() + "\ninclude = 'crm.conf'\n")
        values = {**_defaults(), **self.settings, "unix_socket_directories": str(socket_folder)}
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in values.items()]
        (self.data / "crm.conf").write_text("# written by dev.py at each start\n" + "".join(lines))
        if self.user.dropped:
            os.chown(self.data / "crm.conf", self.user.uid, self.user.gid)

    def _make_database(self) -> None:
        """The application's role owns its database and is no superuser, as in production."""
        self._query("postgres", f"create role {ROLE} login createdb")
        # lets the tests put migrated rows back without firing triggers
        self._query("postgres", f"grant set on parameter session_replication_role to {ROLE}")
        self._query("template1", "create extension if not exists pg_stat_statements")
        self.make_database(ROLE)

    def make_database(self, name: str) -> None:
        """An empty database that belongs to the application's role."""
        self._query("postgres", f"create database {name} owner {ROLE}")

    def dump(self, database: str) -> str:
        """Tables and rows of a database as statements."""
        done = self._run("pg_dump", *self._server(database))
        if done.returncode:
            raise Failure(f"pg_dump failed:\n{done.stdout}")
        return done.stdout

    def restore(self, database: str, statements: str) -> None:
        """Reads into an empty database what `dump` gave."""
        options = ("-X", "-q", "-o", "/dev/null", "-v", "ON_ERROR_STOP=1", "--single-transaction")
        done = self._run("psql", *self._server(database), *options, told=statements)
        if done.returncode:
            raise Failure(f"The tables could not be read in:\n{done.stdout}")

    def _query(self, database: str, statement: str) -> str:
        """First value of one statement run as the superuser; empty when it did not work."""
        done = self._run("psql", "-XtA", *self._server(database), "-c", statement)
        return "" if done.returncode else done.stdout.strip()

    def _server(self, database: str) -> list[str]:
        return ["-h", str(self.socket_folder()), "-p", str(PORT), "-U", "postgres", "-d", database]

    def _run(self, program: str, *arguments: str, told: str = "") -> subprocess.CompletedProcess[str]:
        # pg_ctl's server inherits the pipes, hence files of our own instead of capture_output
        with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as words:
            words.write(told)
            words.seek(0)
            done = subprocess.run(
                [str(self.programs / program), *arguments],
                cwd="/",
                stdin=words,
                stdout=output,
                stderr=subprocess.STDOUT,
                **self.user.options(),
            )
            output.seek(0)
            return subprocess.CompletedProcess(done.args, done.returncode, output.read(), "")


def _defaults() -> dict[str, str]:
    return {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_permissions": "0700",
        "max_connections": "150",
        "shared_buffers": f"{_share_of_memory()}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        "max_wal_size": "8GB",
        "checkpoint_timeout": "15min",
        "random_page_cost": "1.1",
        # pg_prewarm reads in after a restart what was in memory before, so that search is quick at once
        "shared_preload_libraries": "pg_stat_statements,pg_prewarm",
        "log_min_duration_statement": "1000",
        "log_timezone": "Asia/Shanghai",
        "timezone": "Asia/Shanghai",
        **_shared_memory_kind(),
    }


def _share_of_memory() -> int:
    """A quarter of the machine's memory in MB, between 128 and 8192; it is taken only as it fills."""
    total = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2**20
    return max(128, min(8192, total // 4))


def _shared_memory_kind() -> dict[str, str]:
    """Containers often have a /dev/shm of 64 MB, too little for parallel queries: use files then."""
    shared = Path("/dev/shm")
    if shared.is_dir() and shutil.disk_usage(shared).total < 512 * 2**20:
        return {"dynamic_shared_memory_type": "mmap"}
    return {}
