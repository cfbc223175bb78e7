"""The databases that dev.py starts, for real, in a folder of their own."""

import os
import shutil
import signal
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
import redis

from devtools import binaries, serviceuser
from devtools.postgres import THROW_AWAY, Postgres
from devtools.valkey import Valkey


@pytest.fixture
def home() -> Iterator[Path]:
    """A folder that the service user can reach, with a name too long for a socket."""
    path = Path(tempfile.mkdtemp(prefix="crm-devtools-"))
    path.chmod(0o755)
    yield path / ("long" * 25)
    shutil.rmtree(path)


def test_postgres_survives_a_kill_and_a_long_name(home: Path) -> None:
    user = serviceuser.current()
    server = Postgres(home, binaries.find(user).postgres, user, THROW_AWAY)
    assert server.ensure(), "the database was made just now"
    try:
        with psycopg.connect(server.url()) as connection:
            assert connection.execute("show server_version_num").fetchone()[0] >= "180000"  # type: ignore[index]
            assert connection.execute("select usesuper from pg_user where usename = user").fetchone() == (
                False,
            )
        os.kill(int((server.data / "postmaster.pid").read_text().split("\n")[0]), signal.SIGKILL)
        assert not server.ensure(), "it was there already"
        assert server.answers()
    finally:
        server.stop("immediate")
    assert not server.answers()


def test_valkey_keeps_what_was_written(home: Path) -> None:
    user = serviceuser.current()
    home.parent.chmod(0o755)
    server = Valkey(home, binaries.find(user).valkey, user)
    try:
        server.ensure()
        redis.Redis.from_url(server.url()).set("word", "kept")
        server.stop()
        assert not server.answers()
        server.ensure()
        assert redis.Redis.from_url(server.url()).get("word") == b"kept"
    finally:
        server.stop()
