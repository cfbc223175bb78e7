"""Whom the databases run as: PostgreSQL refuses root, so root hands them to a user without any rights."""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from devtools.console import Failure, say

NAME = "crm-postgres"
ENVIRONMENT = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8"}


@dataclass(frozen=True)
class ServiceUser:
    """A system user; `dropped` tells that we are root and step down to it."""

    uid: int
    gid: int
    dropped: bool

    def options(self) -> dict[str, Any]:
        """Arguments for subprocess: this user alone, no supplementary groups, out of reach of Ctrl-C."""
        options: dict[str, Any] = {"env": ENVIRONMENT, "start_new_session": True}
        if self.dropped:
            options |= {"user": self.uid, "group": self.gid, "extra_groups": []}
        return options

    def reaches(self, path: Path) -> bool:
        """Whether the user may enter the folder or run the program at `path`."""
        command = ["test", "-x", str(path)]
        return subprocess.run(command, cwd="/", **self.options()).returncode == 0

    def own(self, path: Path) -> None:
        """Makes `path` a folder of this user alone."""
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.dropped:
            os.chown(path, self.uid, self.gid)
        path.chmod(0o700)


def current(home: Path | None = None) -> ServiceUser:
    """The caller; for root whoever owns the databases in `home` already, else a system user of our own."""
    if os.geteuid() != 0:
        return ServiceUser(os.geteuid(), os.getegid(), dropped=False)
    if home is not None and home.exists() and home.stat().st_uid != 0:
        return ServiceUser(home.stat().st_uid, home.stat().st_gid, dropped=True)
    try:
        entry = pwd.getpwnam(NAME)
    except KeyError:
        entry = _made()
    return ServiceUser(entry.pw_uid, entry.pw_gid, dropped=True)


def _made() -> pwd.struct_passwd:
    say(f"making the system user {NAME}: PostgreSQL does not run as root")
    if shutil.which("useradd") is None:
        raise Failure(f"PostgreSQL does not run as root, and there is no useradd to make the user {NAME}.")
    subprocess.run(
        ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent",
         "--shell", "/usr/sbin/nologin", NAME],
        check=True,
    )  # fmt: skip
    return pwd.getpwnam(NAME)
