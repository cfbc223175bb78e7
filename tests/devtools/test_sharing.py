"""Launchers of one data folder share the databases, the last one stops them; root acts as their owner."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from devtools import ROOT, serviceuser
from devtools.services import _shared_with_others

HOLD = """
import sys
from pathlib import Path
from devtools.services import _shared_with_others
with _shared_with_others(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_only_the_last_one_stops_the_databases(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    command = [sys.executable, "-c", HOLD, str(lock)]
    with subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        with _shared_with_others(lock) as last_one_out:
            assert not last_one_out()
        other.kill()  # even a killed launcher lets go
        other.wait()
    with _shared_with_others(lock) as last_one_out:
        assert last_one_out()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down")
def test_root_acts_as_the_owner_of_the_databases(tmp_path: Path) -> None:
    os.chown(tmp_path, 65534, 65534)
    assert serviceuser.current(tmp_path) == serviceuser.ServiceUser(65534, 65534, dropped=True)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down")
def test_root_never_stays_root() -> None:
    user = serviceuser.current()
    assert user.dropped
    assert user.uid != 0
