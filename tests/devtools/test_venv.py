"""The virtual environment."""

from pathlib import Path

import pytest

from devtools import venv
from devtools.console import Failure


@pytest.fixture
def environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """An environment in a temporary folder that only notes what would be installed."""
    installed: list[str] = []
    for name, path in {"FOLDER": tmp_path, "PYTHON": tmp_path / "python", "LOCKS": tmp_path}.items():
        monkeypatch.setattr(venv, name, path)
    monkeypatch.setattr(venv, "_install", installed.append)
    (tmp_path / "python").touch()
    (tmp_path / "pyvenv.cfg").write_text("version = 3.11.2\n")
    for lock in ("pip", "prod", "local", "dev"):
        (tmp_path / f"{lock}.txt").write_text(lock)
    return installed


def test_repeats_are_free(environment: list[str]) -> None:
    venv.ensure("local")
    venv.ensure("local")
    assert environment == ["pip", "local"]


def test_development_covers_local(environment: list[str]) -> None:
    venv.ensure("dev")
    venv.ensure("local")
    assert environment == ["pip", "dev"]


def test_another_lock_or_python_installs_again(environment: list[str]) -> None:
    venv.ensure("local")
    (venv.LOCKS / "local.txt").write_text("changed")
    venv.ensure("local")
    (venv.FOLDER / "pyvenv.cfg").write_text("version = 3.13.0\n")
    venv.ensure("local")
    assert environment == ["pip", "local"] * 3


def test_missing_venv_module_names_the_package(
    environment: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    venv.PYTHON.unlink()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Failure, match="apt-get install python3-venv"):
        venv.ensure("local")
