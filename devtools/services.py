"""PostgreSQL and Valkey for a while: shared by all launchers of one data folder, stopped by the last."""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from devtools import binaries, serviceuser
from devtools.folder import DataFolder
from devtools.postgres import THROW_AWAY, Postgres
from devtools.serviceuser import ServiceUser
from devtools.valkey import Valkey


@dataclass
class Services:
    """The two databases in use: their addresses for the environment, and how to see whether they live."""

    environment: dict[str, str]
    fresh: bool = False
    alive: dict[str, Callable[[], bool]] = field(default_factory=dict)
    postgres: Postgres | None = None  # where they are ours
    valkey: Valkey | None = None

    def dead(self) -> str:
        """Name of a database that no longer answers; empty while all is well."""
        return next((name for name, check in self.alive.items() if not check()), "")


@contextmanager
def for_folder(folder: DataFolder) -> Iterator[Services]:
    """The data folder's databases, started when nobody has; DATABASE_URL and REDIS_URL replace them."""
    if _from_outside():
        yield Services(_outside())
        return
    user = serviceuser.current(folder.services)
    home = folder.services_home(user)
    user.own(home)
    with _shared_with_others(folder.note("services-lock")) as last_one_out:
        servers = _Servers.at(home, user)
        try:
            with _alone(folder.note("start-lock")):
                services = servers.start()
            yield services
        finally:
            if last_one_out():
                servers.stop()


@contextmanager
def throw_away() -> Iterator[Services]:
    """Databases for one test run: in memory as far as may be, gone afterwards."""
    if _from_outside():
        yield Services(_outside())
        return
    user = serviceuser.current()
    home = Path(tempfile.mkdtemp(prefix="crm-test-", dir=_short_temporary_folder(user)))
    user.own(home)
    servers = _Servers.at(home, user, THROW_AWAY, keep=False)
    try:
        yield servers.start()
    finally:
        servers.stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


class _Servers:
    """Those of the two that nobody provides from outside."""

    def __init__(self, postgres: Postgres | None, valkey: Valkey | None) -> None:
        self.postgres = postgres
        self.valkey = valkey

    @classmethod
    def at(
        cls, home: Path, user: ServiceUser, settings: dict[str, str] | None = None, keep: bool = True
    ) -> "_Servers":
        programs = binaries.find(user)
        postgres = Postgres(home, programs.postgres, user, settings or {})
        valkey = Valkey(home, programs.valkey, user, keep)
        outside = _outside()
        return cls(
            None if "DATABASE_URL" in outside else postgres,
            None if "REDIS_URL" in outside else valkey,
        )

    def start(self) -> Services:
        services = Services(_outside(), postgres=self.postgres, valkey=self.valkey)
        if self.postgres:
            services.fresh = self.postgres.ensure()
            services.environment["DATABASE_URL"] = self.postgres.url()
            services.alive["PostgreSQL"] = self.postgres.accepts
        if self.valkey:
            self.valkey.ensure()
            services.environment["REDIS_URL"] = self.valkey.url()
            services.alive["Valkey"] = self.valkey.answers
        return services

    def stop(self, mode: str = "fast") -> None:
        if self.valkey:
            self.valkey.stop()
        if self.postgres:
            self.postgres.stop(mode)


def _outside() -> dict[str, str]:
    return {name: os.environ[name] for name in ("DATABASE_URL", "REDIS_URL") if os.environ.get(name)}


def _from_outside() -> bool:
    return len(_outside()) == 2


def _short_temporary_folder(user: ServiceUser) -> Path:
    """The usual place for temporary files, unless the service user cannot get there."""
    usual = Path(tempfile.gettempdir())
    return usual if user.reaches(usual) else Path("/tmp")


@contextmanager
def _shared_with_others(path: Path) -> Iterator[Callable[[], bool]]:
    """Holds a share of the lock file; the function given tells whether nobody else holds one.

    The kernel lets go of the shares of a killed launcher, so no counting can go wrong.
    """
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_SH)

        def last_one_out() -> bool:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return True

        yield last_one_out


@contextmanager
def _alone(path: Path) -> Iterator[None]:
    with path.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
