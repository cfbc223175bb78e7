"""Import contracts (pyproject.toml, importlinter): apps and rooms know only what lies below them."""

import subprocess
import sys
import tomllib
from pathlib import Path

from django.conf import settings

from tests.architecture import LAYERS, ROOT


def test_import_contracts_hold() -> None:
    command = [str(Path(sys.executable).parent / "lint-imports"), "--no-logo"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_every_app_is_under_contract() -> None:
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]
    assert contracts["root_packages"] == list(LAYERS)
    assert contracts["contracts"][0]["layers"] == list(LAYERS)
    assert ["crm", *settings.HOUSE_APPS] == list(LAYERS)
