"""`lock`: pins every package with its hashes, for all platforms and Python versions we support."""

import shutil
import subprocess

from devtools import ROOT
from devtools.console import Failure, say

# which groups of pyproject.toml go over the application's own dependencies
LOCKS = {"prod": (), "local": ("local",), "dev": ("local", "dev")}
OPTIONS = [
    "--universal", "--generate-hashes", "--no-header", "--no-annotate", "--python-version", "3.11", "--quiet",
]  # fmt: skip


def lock(upgrade: bool) -> int:
    """Writes requirements/*.txt from pyproject.toml; what is pinned already stays unless `upgrade`."""
    if shutil.which("uv") is None:
        raise Failure("Pinning needs uv: `pipx install uv` or `pip install uv`, then start again.")
    extra = ["--upgrade"] if upgrade else []
    for name, groups in LOCKS.items():
        chosen = [part for group in groups for part in ("--group", group)]
        _compile(["pyproject.toml", *chosen, *extra], name)
    _compile(["-", *extra], "pip", text="pip\n")
    return 0


def _compile(arguments: list[str], name: str, text: str | None = None) -> None:
    say(f"requirements/{name}.txt")
    command = ["uv", "pip", "compile", *arguments, *OPTIONS, "-o", f"requirements/{name}.txt"]
    subprocess.run(command, cwd=ROOT, input=text, text=True, check=True, stdout=subprocess.DEVNULL)
