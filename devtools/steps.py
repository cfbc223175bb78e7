"""Commands that must succeed before the next thing makes sense."""

import shlex
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from devtools import ROOT
from devtools.console import Failure


def step(command: Sequence[str], environment: dict[str, str]) -> None:
    """Runs a command in the project's folder; a Failure names it when it fails."""
    if subprocess.run(command, cwd=ROOT, env=environment).returncode:
        raise Failure(f"This step failed, see above: {shlex.join(command)}")


@contextmanager
def beside(command: Sequence[str], environment: dict[str, str]) -> Iterator[None]:
    """Runs a command while the block runs, and waits for it at the end."""
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        yield
    except BaseException:
        process.terminate()
        raise
    finally:
        process.wait()
    if process.returncode:
        raise Failure(f"This step failed, see above: {shlex.join(command)}")
