"""`test` and `lint`: everything that must hold before a change goes in."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence

from devtools import ROOT, services, tables, venv
from devtools.console import headline
from devtools.folder import new_secrets
from devtools.steps import step

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


def lint() -> int:
    """Format, style, types and import contracts; needs no database."""
    venv.ensure("dev")
    return 1 if _failures(_lint_steps(), _test_environment({})) else 0


def test(arguments: Sequence[str]) -> int:
    """All checks, then all tests; with arguments only the tests that they name to pytest."""
    python = venv.ensure("dev")
    with services.throw_away() as databases:
        environment = _test_environment(databases.environment)
        step([str(python), "-m", "core.translations"], environment)
        failed = [] if arguments else _failures([*_lint_steps(), *_project_steps()], environment)
        if databases.postgres:
            environment["CRM_TEST_TABLES"] = tables.prepare(python, databases.postgres, environment)
        command = [str(python), "-m", "pytest", *(arguments or ("-n", "2", "--dist", "loadgroup", "--cov"))]
        # pytest speaks last, and tells at its end which checks before it have failed
        environment["CRM_FAILED_CHECKS"] = ", ".join(failed)
        result = subprocess.run(command, cwd=ROOT, env=environment).returncode
        return result or (1 if failed else 0)


def browser() -> str:
    """Path of the system's Chromium; empty when there is none."""
    return next((path for name in BROWSERS if (path := shutil.which(name))), "")


Steps = list[tuple[str, list[str]]]


def _lint_steps() -> Steps:
    python = str(venv.PYTHON)
    return [
        ("format", [python, "-m", "ruff", "format", "--check", "--quiet", "."]),
        ("style", [python, "-m", "ruff", "check", "--quiet", "."]),
        ("import contracts", [str(venv.FOLDER / "bin" / "lint-imports"), "--no-logo"]),
        ("types", [python, "-m", "mypy"]),
    ]


def _project_steps() -> Steps:
    manage = [str(venv.PYTHON), "manage.py"]
    return [
        ("missing migrations", [*manage, "makemigrations", "--check", "--dry-run"]),
        ("deployment", [*manage, "check", "--deploy", "--fail-level", "WARNING"]),
    ]


def _failures(steps: Steps, environment: dict[str, str]) -> list[str]:
    """Runs every step and shows what the failing ones say; their names."""
    failed = []
    for name, command in steps:
        done = subprocess.run(
            command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        headline(f"{name}: {'FAILED' if done.returncode else 'ok'}")
        if done.returncode:
            print(done.stdout, flush=True)
            failed.append(name)
    return failed


def _test_environment(databases: dict[str, str]) -> dict[str, str]:
    """Production-like settings with keys of this run alone, so that nothing depends on a developer's."""
    return {
        **_with_compiled_files(os.environ),
        **new_secrets(),
        "DATABASE_URL": "postgres://nobody@127.0.0.1:1/none",
        "REDIS_URL": "redis://127.0.0.1:1/0",
        **databases,
        "CRM_DEBUG": "0",
        "CRM_INSECURE_HTTP": "0",
        "PYTHONUNBUFFERED": "1",
    }


def _with_compiled_files(environment: Mapping[str, str]) -> dict[str, str]:
    """Where Python must not leave compiled files beside the sources, they are kept beside the packages.

    Without any, each of the dozens of processes that tests start compiles all of Django for seconds.
    """
    if not environment.get("PYTHONDONTWRITEBYTECODE"):
        return {**environment}
    kept = {name: value for name, value in environment.items() if name != "PYTHONDONTWRITEBYTECODE"}
    return {**kept, "PYTHONPYCACHEPREFIX": str(venv.FOLDER / "compiled")}
