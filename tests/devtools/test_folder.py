"""The data folder and its secrets."""

import stat
from pathlib import Path

import pytest

from devtools.console import Failure
from devtools.folder import DataFolder, new_secrets


def test_secrets_are_made_once_and_private(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in new_secrets():
        monkeypatch.delenv(name, raising=False)
    folder = DataFolder(tmp_path)
    first = folder.settings()
    assert first == folder.settings()
    assert stat.S_IMODE((tmp_path / "secrets.env").stat().st_mode) == 0o600
    assert len(first["CRM_SECRET_KEY"]) >= 40


def test_what_is_set_outside_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CRM_SECRET_KEY", "from outside")
    assert DataFolder(tmp_path).settings()["CRM_SECRET_KEY"] == "from outside"


def test_an_impossible_folder_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("CRM_DATA", str(tmp_path / "file" / "data"))
    with pytest.raises(Failure, match="CRM_DATA"):
        DataFolder.chosen()
