"""The virtual environment: made once, filled from the hashed locks, free of cost when nothing changed."""

import fcntl
import hashlib
import importlib.util
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from devtools import ROOT
from devtools.console import Failure, say

FOLDER = ROOT / ".venv"
PYTHON = FOLDER / "bin" / "python"
LOCKS = ROOT / "requirements"
TRIES = 3


def ensure(lock: str) -> Path:
    """Makes sure the packages of requirements/<lock>.txt are installed; returns the environment's Python."""
    with _one_at_a_time():
        if not PYTHON.exists():
            _create()
        wanted = _digest(lock)
        stamps = [FOLDER / f".installed-{name}" for name in (lock, "dev")]
        # the lock for development holds everything the others hold
        if not any(_is(stamp, _digest(name)) for stamp, name in zip(stamps, (lock, "dev"), strict=True)):
            say(f"installing the packages of requirements/{lock}.txt (once; later starts skip this)")
            _install("pip")
            _install(lock)
            stamps[0].write_text(wanted)
    return PYTHON


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Two launchers of one clone wait for each other instead of installing into each other's way."""
    with (ROOT / "dev.py").open() as anchor:
        fcntl.flock(anchor, fcntl.LOCK_EX)
        yield


def _is(stamp: Path, digest: str) -> bool:
    return stamp.exists() and stamp.read_text() == digest


def _digest(lock: str) -> str:
    """Hash of the lock file and of the environment's Python version."""
    version = next(
        (line for line in (FOLDER / "pyvenv.cfg").read_text().splitlines() if line.startswith("version")), ""
    )
    return hashlib.sha256((LOCKS / f"{lock}.txt").read_bytes() + version.encode()).hexdigest()


def _create() -> None:
    if importlib.util.find_spec("venv") is None or importlib.util.find_spec("ensurepip") is None:
        raise Failure(
            f"This Python ({sys.executable}) cannot make virtual environments. On Debian and Ubuntu:\n"
            "    apt-get install python3-venv\nand start again."
        )
    say(f"making .venv with Python {sys.version.split()[0]}")
    shutil.rmtree(FOLDER, ignore_errors=True)
    try:
        subprocess.run([sys.executable, "-m", "venv", str(FOLDER)], check=True)
    except (subprocess.CalledProcessError, OSError) as error:
        shutil.rmtree(FOLDER, ignore_errors=True)
        raise Failure(
            f"Could not make {FOLDER} ({error}). The folder must be writable, and on Debian "
            "the package python3-venv must be installed."
        ) from error


def _install(lock: str) -> None:
    """Installs one lock with the stock pip; a hiccup of the network is worth a second and a third try."""
    command = [
        str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-input",
        "--require-hashes", "--no-deps", "--only-binary", ":all:", "--no-compile", "--retries", "5",
        "-r", str(LOCKS / f"{lock}.txt"),
    ]  # fmt: skip
    for attempt in range(1, TRIES + 1):
        if subprocess.run(command, cwd=ROOT).returncode == 0:
            return
        say(f"installing requirements/{lock}.txt failed (try {attempt} of {TRIES})")
    raise Failure(
        "The packages could not be installed. Is the package index reachable? "
        "pip's own settings (pip.conf, PIP_INDEX_URL) are honoured."
    )
