"""The command line of dev.py."""

import argparse
import os
import subprocess
import sys
from collections.abc import Sequence

from devtools import ROOT, checks, lock, run, services, venv, wholeday
from devtools.console import Failure, say
from devtools.folder import DataFolder
from devtools.interrupts import Interrupted, Interrupts
from devtools.steps import step


def main(arguments: Sequence[str]) -> int:
    """Runs one command; its exit code."""
    options, rest = _parser().parse_known_args(arguments)
    if rest and not hasattr(options, "rest"):
        _parser().error(f"unknown arguments: {' '.join(rest)}")
    try:
        with Interrupts() as interrupts:
            return _carry_out(options, rest, interrupts)
    except Failure as failure:
        print(f"\n{failure}", file=sys.stderr)
        return 1
    except PermissionError as error:
        print(f"\nNo permission for {error.filename}: it belongs to another user.", file=sys.stderr)
        return 1
    except Interrupted:
        say("stopped")
        return 130


def _carry_out(options: argparse.Namespace, rest: list[str], interrupts: Interrupts) -> int:
    match options.command:
        case "run":
            return run.run(options.empty, interrupts)
        case "test":
            return checks.test(rest)
        case "lint":
            return checks.lint()
        case "lock":
            return lock.lock(options.upgrade)
        case "shell":
            return _manage(["shell", *rest])
        case "bench" if rest[:1] == ["day"]:
            return wholeday.wholeday(rest[1:], interrupts)
        case "bench":
            os.environ.setdefault("CRM_DATA", str(ROOT / ".data" / "bench"))
            return _manage(["bench", *rest], with_pages=True)
        case _:
            return _manage(rest)


def _manage(arguments: Sequence[str], *, with_pages: bool = False) -> int:
    """One of Django's commands on the data folder's database, which is started if it isn't up.

    with_pages: it shows pages, for which texts, static files and today's tables must be there.
    """
    python = venv.ensure("local")
    folder = DataFolder.chosen()
    with services.for_folder(folder) as databases:
        environment = {**os.environ, **folder.settings(), **databases.environment}
        command = [str(python), "manage.py"]
        if databases.fresh or with_pages:
            step([*command, "migrate", "--verbosity", "0"], environment)
        if with_pages:
            step([str(python), "-m", "core.translations"], environment)
            with run.collecting_static(str(python), folder, environment):
                pass
        return subprocess.run([*command, *arguments], cwd=ROOT, env=environment).returncode


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="./dev.py", description="Sets up, runs, tests and manages the CRM.")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    start = commands.add_parser("run", help="start everything on http://127.0.0.1:8000 (CRM_PORT, CRM_DATA)")
    start.add_argument("--empty", action="store_true", help="without demo data, with one administrator")
    commands.add_parser("lint", help="format, style, types, import contracts")
    fix = commands.add_parser("lock", help="pin the packages of pyproject.toml anew (needs uv)")
    fix.add_argument("--upgrade", action="store_true", help="to the newest versions allowed")
    for name, text in {
        "test": "all checks and tests; with arguments only the tests they name (tests/kpis -k floor)",
        "manage": "a manage.py command on the data folder's database (nightly --as-of 2026-10-31)",
        "shell": "a Python shell inside the application",
        "bench": "measure speed on a large database of its own; `day` plays a whole day and kills in between",
    }.items():
        commands.add_parser(name, help=text, add_help=False, prefix_chars="\0").set_defaults(rest=True)
    return parser
