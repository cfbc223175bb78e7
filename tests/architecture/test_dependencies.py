"""Locks and versions: pinned with hashes, no address of an index in them, above the safe floors."""

import re
import tomllib

import pytest
from packaging.version import Version

from tests.architecture import ROOT

LOCKS = ("pip", "prod", "local", "dev")
# older ones have known holes or lose work
FLOORS = {"django": "5.2.19", "djangorestframework": "3.18.3", "celery": "5.7.0", "kombu": "5.7.0"}


def _pins(lock: str) -> dict[str, str]:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text()
    return dict(re.findall(r"^([a-z0-9._-]+)(?:\[[^\]]*\])?==([^\s;]+)", text, flags=re.M))


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_names_no_index(lock: str) -> None:
    assert "://" not in (ROOT / "requirements" / f"{lock}.txt").read_text()


@pytest.mark.parametrize("lock", LOCKS)
def test_every_pin_has_a_hash(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text().replace("\\\n", "")
    assert _pins(lock)
    assert all("--hash=sha256:" in line for line in text.splitlines() if "==" in line)


@pytest.mark.parametrize("lock", ["prod", "local", "dev"])
@pytest.mark.parametrize("package", FLOORS)
def test_floor(lock: str, package: str) -> None:
    assert Version(_pins(lock)[package]) >= Version(FLOORS[package])


def test_locks_agree() -> None:
    development = _pins("dev")
    for lock in ("prod", "local"):
        assert _pins(lock).items() <= development.items()


def test_each_dependency_tells_licence_and_use() -> None:
    text = (ROOT / "pyproject.toml").read_text()
    listed = tomllib.loads(text)["project"]["dependencies"]
    commented = re.findall(r'^\s+"([^"]+)",\s+#\s*\S+.*;\s*\S+', text, flags=re.M)
    assert set(listed) <= set(commented)
