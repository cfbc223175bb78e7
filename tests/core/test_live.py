"""Open pages hear what concerns them, and nothing else."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import redis
from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction

from core import live
from core.stream import MOST_WAITING, Follows, Page, Stream, followed_by
from staff.sessions import SessionStore

pytestmark = pytest.mark.django_db


def session_of(person: Any) -> str:
    """The key of a session that the person is signed in with."""
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return str(store.session_key)


def test_who_reads_follows_the_own_desk_and_units(cast: Any) -> None:
    agent = followed_by(session_of(cast.agent_1001))
    lead = followed_by(session_of(cast.team_lead_hq))
    operator = followed_by(session_of(cast.operator))
    assert agent is not None and lead is not None and operator is not None
    unit = cast.agent_1001.memberships.get().unit_id
    assert f"person:{cast.agent_1001.pk}" in agent and f"unit:{unit}" in agent
    assert f"person:{cast.team_lead_hq.pk}" not in agent and "unit:0" not in agent
    assert "unit:0" in lead  # the whole firm's
    assert [("desk" in one, "wall" in one) for one in (agent, lead, operator)] == [
        (True, False),
        (True, True),
        (False, False),
    ]


def test_strangers_and_those_who_were_signed_out_follow_nothing(cast: Any) -> None:
    key = session_of(cast.agent_1001)
    cast.agent_1001.set_password("something else altogether")
    cast.agent_1001.save()
    assert followed_by("") is followed_by("made up") is followed_by(key) is None


def test_a_deed_that_is_rolled_back_tells_nothing(django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as said, pytest.raises(ZeroDivisionError), transaction.atomic():
        live.tell("desk", "queue")
        raise ZeroDivisionError
    assert said == []
    with django_capture_on_commit_callbacks() as said:
        live.tell("desk", "queue")
    assert len(said) == 1


def test_a_page_that_lags_behind_loads_everything_anew() -> None:
    page = Page(Follows(frozenset({"desk"})))
    for number in range(MOST_WAITING + 1):
        page.hear({"topic": "desk", "name": "queue", "ids": {"conversation": number}})
    assert page.words.get_nowait()["name"] == "resync" and page.words.empty()


def run(work: Any) -> list[str]:
    """In a thread of its own: a browser test before may have left a running event loop in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, work).result()


async def _heard(cookie: bytes, words: list[dict[str, Any]], enough: int) -> list[str]:
    """What a page with this cookie is sent, while these words are told; stops after `enough` events."""
    sent: list[str] = []
    done, gone = asyncio.Event(), asyncio.Event()

    async def receive() -> dict[str, Any]:
        await gone.wait()
        return {"type": "http.disconnect"}

    async def send(message: Any) -> None:
        if message["type"] == "http.response.start":
            sent.append(str(message["status"]))
        elif body := message.get("body", b"").decode():
            sent.extend(line[7:] for line in body.splitlines() if line.startswith("event: "))
        if len(sent) >= enough:
            done.set()

    valkey = redis.Redis.from_url(settings.REDIS_URL)
    scope = {"type": "http", "method": "GET", "path": "/live/", "headers": [(b"cookie", cookie)]}
    stream = Stream()
    serving = asyncio.create_task(stream(scope, receive, send))
    for _ in range(100):
        if "resync" in sent or serving.done():
            break
        await asyncio.sleep(0.05)
    for word in words:
        valkey.publish(live.CHANNEL, json.dumps(word))
    if not serving.done():
        await asyncio.wait_for(done.wait(), 10)
    gone.set()
    await serving
    assert stream.pages == set()
    if stream.listening:
        stream.listening.cancel()
    return sent


@pytest.mark.django_db(transaction=True)
def test_the_stream_brings_what_is_told_through_valkey(cast: Any) -> None:
    agent = cast.agent_1001
    cookie = f"language=en; {settings.SESSION_COOKIE_NAME}={session_of(agent)}".encode()
    words = [
        {"topic": f"person:{agent.pk + 1}", "name": "pop", "ids": {"conversation": 1}},
        {"topic": "wall", "name": "wall", "ids": {}},
        {"topic": f"person:{agent.pk}", "name": "pop", "ids": {"conversation": 2}},
        {"topic": "desk", "name": "queue", "ids": {}},
    ]
    assert run(_heard(cookie, words, 4)) == ["200", "resync", "pop", "queue"]
    assert run(_heard(b"", words, 1)) == ["204"]
