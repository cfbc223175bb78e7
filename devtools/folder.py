"""The data folder: databases, uploaded files, logs and the secrets of this installation."""

import base64
import os
import secrets
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from devtools import ROOT
from devtools.binaries import REACHABLE
from devtools.console import Failure
from devtools.serviceuser import ServiceUser


@dataclass(frozen=True)
class DataFolder:
    """One installation's folder; `CRM_DATA` names another than .data in the clone."""

    path: Path

    @classmethod
    def chosen(cls) -> "DataFolder":
        """The folder named by CRM_DATA, else .data; made when missing."""
        path = Path(os.environ.get("CRM_DATA") or ROOT / ".data").expanduser().absolute()
        try:
            path.mkdir(parents=True, exist_ok=True)
            for private in ("logs", "files"):
                (path / private).mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise Failure(
                f"{path} can't be the data folder: {error.strerror}. CRM_DATA names another."
            ) from error
        return cls(path)

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @property
    def signins(self) -> Path:
        """Who can sign in to the demo; shown again by later starts."""
        return self.path / "sign-ins.txt"

    @property
    def services(self) -> Path:
        """Where the databases lie unless their user cannot come here."""
        return self.path / "services"

    def note(self, name: str) -> Path:
        """A small file in which the launcher remembers something between starts."""
        return self.path / f".{name}"

    def services_home(self, user: ServiceUser) -> Path:
        """The databases' folder: here, or under /var/lib when the service user cannot come here."""
        if not user.dropped or user.reaches(self.path):
            return self.services
        return REACHABLE / f"data-{self._identity()}"

    def settings(self) -> dict[str, str]:
        """Environment of the application on this machine; what is set outside wins."""
        values = {
            "CRM_DATA": str(self.path),
            "CRM_FILES": str(self.path / "files"),
            "CRM_STATIC_ROOT": str(self.path / "static"),
            "CRM_ALLOWED_HOSTS": "127.0.0.1,localhost",
            "CRM_INSECURE_HTTP": "1",
            "CRM_COMMAND_LINE_PUBLISH": "1",
            "CRM_SECOND_FACTOR_ROLES": "",
            "PYTHONUNBUFFERED": "1",
            "PYTHONUTF8": "1",
            **self._secrets(),
        }
        return {name: os.environ.get(name) or value for name, value in values.items()}

    def _identity(self) -> str:
        """A name for this folder that stays when it is moved and changes when it is made anew."""
        note = self.note("identity")
        if not note.exists():
            note.write_text(secrets.token_hex(6))
        return note.read_text().strip()

    def _secrets(self) -> dict[str, str]:
        """The keys of this installation, made on the first start and readable by the owner alone."""
        file = self.path / "secrets.env"
        if not file.exists():
            with private(file) as output:
                output.writelines(f"{name}={value}\n" for name, value in new_secrets().items())
        lines = file.read_text().splitlines()
        return dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))


def new_secrets() -> dict[str, str]:
    """Fresh keys: Django's, personal data's (number 1) and the blind index's."""
    return {
        "CRM_SECRET_KEY": secrets.token_urlsafe(48),
        "CRM_DATA_KEYS": "1:" + base64.b64encode(secrets.token_bytes(32)).decode(),
        "CRM_INDEX_KEY": base64.b64encode(secrets.token_bytes(32)).decode(),
    }


def private(path: Path) -> IO[str]:
    """The file opened for appending; when it is new, only its owner may read it."""
    return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "a")
