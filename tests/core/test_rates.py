"""Rate limits that parallel requests and forged headers do not get around."""

import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis
import time_machine
from django.test import Client, RequestFactory

from core import rates
from core.addresses import NOWHERE, client_address
from tests.cast import Speak


@pytest.fixture(autouse=True)
def within_a_minute() -> Iterator[None]:
    """No test straddles the end of a window."""
    with time_machine.travel("2026-03-02T10:00:05+08:00", tick=False):
        yield


def test_sixty_at_once_are_counted_one_by_one() -> None:
    name = f"test:{uuid.uuid4()}"
    with ThreadPoolExecutor(30) as pool:
        counted = list(pool.map(lambda _: rates.count(name, 5), range(60)))
    assert sorted(rate.used for rate in counted) == list(range(1, 61))
    assert sum(not rate.exceeded for rate in counted) == 5


def test_headers_and_refusal(as_system: Speak, settings: Any) -> None:
    settings.API_RATE_PER_MINUTE = 2
    caller = as_system("units:read", name=str(uuid.uuid4()))
    _forget()
    first = caller.get("/api/v1/units/")
    assert (first["RateLimit-Limit"], first["RateLimit-Remaining"]) == ("2", "1")
    assert int(first["RateLimit-Reset"]) == 55
    assert caller.get("/api/v1/units/").status_code == 200
    refused = caller.get("/api/v1/units/", headers={"X-Forwarded-For": "10.9.8.7"})
    assert (refused.status_code, refused["Content-Type"]) == (429, "application/problem+json")
    assert (refused["Retry-After"], refused["RateLimit-Remaining"]) == ("55", "0")


def _forget() -> None:
    for key in rates._valkey().scan_iter("rate:*"):
        rates._valkey().delete(key)


@pytest.mark.django_db
def test_guessing_secrets_is_slow(client: Client) -> None:
    _forget()
    form = {"grant_type": "client_credentials", "client_id": "a", "client_secret": "b"}
    answers = [client.post("/o/token/", form).status_code for _attempt in range(61)]
    assert answers == [401] * 60 + [429]


def test_a_broker_that_is_away_lets_requests_through(monkeypatch: pytest.MonkeyPatch) -> None:
    class Away:
        def eval(self, *_arguments: Any) -> int:
            raise redis.ConnectionError("away")

    monkeypatch.setattr(rates, "_valkey", Away)
    monkeypatch.setattr(rates._Away, "until", 0.0)
    assert not rates.count("away", 1).exceeded
    assert rates._Away.until > 0
    monkeypatch.setattr(rates, "_valkey", lambda: pytest.fail("asked again too soon"))
    assert not rates.count("away", 1).exceeded


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "6.6.6.6", "10.0.0.1"),
        (1, "6.6.6.6, 5.5.5.5", "5.5.5.5"),
        (2, "6.6.6.6, 5.5.5.5, 10.0.0.2", "5.5.5.5"),
        (2, "5.5.5.5", "10.0.0.1"),
        (1, "<script>", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_addresses_cannot_be_forged(settings: Any, proxies: int, forwarded: str, expected: str) -> None:
    settings.TRUSTED_PROXIES = proxies
    request = RequestFactory().get("/", headers={"X-Forwarded-For": forwarded}, REMOTE_ADDR="10.0.0.1")
    assert client_address(request) == expected


def test_a_socket_without_an_address() -> None:
    assert client_address(RequestFactory().get("/", REMOTE_ADDR="")) == NOWHERE
