"""Settings read from the environment: what is accepted, how it is spelled on, what stops the start."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from kombu import Connection

from crm import env

SOCKET = "redis.connection.UnixDomainSocketConnection"


@pytest.mark.parametrize(
    ("url", "connection", "database", "password"),
    [
        ("unix:///run/valkey.sock", SOCKET, 0, None),
        ("unix:///run/valkey.sock?db=3", SOCKET, 3, None),
        ("unix://:secret@/run/valkey.sock?db=2", SOCKET, 2, "secret"),
        ("redis://broker:6380/4", "redis.connection.Connection", 4, None),
        ("rediss://:secret@broker:6380/1", "redis.connection.SSLConnection", 1, "secret"),
    ],
)
def test_celery_reaches_the_server_that_redis_url_names(
    url: str, connection: str, database: int, password: str | None
) -> None:
    with Connection(env.broker(url)) as broker:
        channel = type("Asked", (broker.transport.Channel,), {"connection": broker.transport})
        told = channel._connparams(channel.__new__(channel))
    kind = told["connection_class"]
    assert (told["db"], told["password"]) == (database, password)
    assert connection in {f"{one.__module__}.{one.__name__}" for one in kind.__mro__}
    assert told.get("path", "/run/valkey.sock") == "/run/valkey.sock"


def test_other_databases_than_postgres_are_refused() -> None:
    with pytest.raises(ImproperlyConfigured):
        env.database("mysql://crm@db/crm")
    found = env.database("postgres://crm:a%40b@/crm?host=/run/postgres&port=5433")
    assert (found["HOST"], found["PORT"], found["PASSWORD"], found["NAME"]) == (
        "/run/postgres", "5433", "a@b", "crm",
    )  # fmt: skip


@pytest.mark.parametrize("keys", ["x:AAAA", "1:not base64", "1:QUJD"])
def test_keys_that_are_none_stop_the_start(monkeypatch: pytest.MonkeyPatch, keys: str) -> None:
    monkeypatch.setenv("CRM_TEST_KEYS", keys)
    with pytest.raises(ImproperlyConfigured):
        env.data_keys("CRM_TEST_KEYS")
