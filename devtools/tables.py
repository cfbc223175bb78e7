"""Migrated tables that test databases are copied from; kept beside the packages until a migration changes.

Carrying out all migrations takes half a minute, reading in what they made a second.
"""

import hashlib
import os
from pathlib import Path

from devtools import ROOT, venv
from devtools.console import say
from devtools.postgres import Postgres
from devtools.steps import step

NAME = "crm_tables"


def prepare(python: Path, postgres: Postgres, environment: dict[str, str]) -> str:
    """Makes the database that the tests copy, and gives its name."""
    kept = venv.FOLDER / f"test-tables-{_digest()}.sql"
    postgres.make_database(NAME)
    if not kept.exists():
        say("making the tables that test databases are copied from")
        address = postgres.url(NAME)
        step(
            [str(python), "manage.py", "migrate", "--verbosity", "0"],
            {**environment, "DATABASE_URL": address},
        )
        _keep(postgres.dump(NAME), kept)
    else:
        postgres.restore(NAME, kept.read_text())
    return NAME


def _keep(content: str, kept: Path) -> None:
    """Whole or not at all, in place of those of older migrations."""
    for old in venv.FOLDER.glob("test-tables-*.sql"):
        old.unlink(missing_ok=True)
    draft = kept.with_suffix(f".{os.getpid()}")
    draft.write_text(content)
    draft.replace(kept)


def _digest() -> str:
    """What the tables follow from: all migrations, and the versions of the packages."""
    sum_ = hashlib.sha256()
    files = [*ROOT.glob("*/migrations/*.py"), ROOT / "crm" / "settings.py", *ROOT.glob("requirements/*.txt")]
    for path in sorted(files):
        sum_.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes())
    return sum_.hexdigest()[:16]
