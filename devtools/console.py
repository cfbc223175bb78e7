"""What the launcher says, and how it gives up."""

import sys
import time
from pathlib import Path

STARTED = time.monotonic()


class Failure(Exception):
    """Something the user must know and can act on; printed without a traceback, exit code 1."""


def say(text: str) -> None:
    """One line of progress on standard error, with the seconds since the start."""
    print(f"[{time.monotonic() - STARTED:5.1f}s] {text}", file=sys.stderr, flush=True)


def headline(text: str) -> None:
    """A line that stands out between the output of tools."""
    print(f"\n=== {text}", file=sys.stderr, flush=True)


def tail(path: Path, lines: int = 20) -> str:
    """The last lines of a log file."""
    try:
        return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return "(no log)"
