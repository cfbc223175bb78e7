"""`/live/`: server-sent events for open pages, an ASGI application beside Django's.

A page in front of somebody costs a queue and a socket here, no thread and no database connection; so one
process holds thousands. Who reads is asked once when the stream opens, and again every five minutes when the
browser opens the next one. Every process listens to Valkey once for all its streams.
"""

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, MutableMapping
from contextlib import suppress
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie
from importlib import import_module
from typing import Any

import redis.asyncio
from django.conf import settings
from django.contrib.auth import get_user
from django.db import connection
from django.http import HttpRequest

from core.live import CHANNEL

log = logging.getLogger(__name__)
Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

LASTS = 300.0  # seconds until the browser opens the next stream and is asked for its session again
PING = 20.0  # seconds of silence after which proxies would give up
MOST_WAITING = 200  # words a slow page may lag behind; then it is told to load anew
RESYNC = {"topic": "", "name": "resync", "ids": {}}
HEADERS = [
    (b"content-type", b"text/event-stream"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


@dataclass(frozen=True)
class Follows:
    """The topics of one reader; `all_units` for readers of the whole firm."""

    topics: frozenset[str]
    all_units: bool = False

    def __contains__(self, topic: str) -> bool:
        return topic in self.topics or (self.all_units and topic.startswith("unit:"))


@dataclass(eq=False)
class Page:
    """One open page: what it follows and what it has yet to hear."""

    follows: Follows
    words: asyncio.Queue[dict[str, Any]] = field(default_factory=lambda: asyncio.Queue(MOST_WAITING))

    def hear(self, word: dict[str, Any]) -> None:
        """Queues the word; who lags too far behind loads everything anew instead."""
        try:
            self.words.put_nowait(word)
        except asyncio.QueueFull:
            while not self.words.empty():
                self.words.get_nowait()
            self.words.put_nowait(RESYNC)


class Stream:
    """The application: `await Stream()(scope, receive, send)`."""

    def __init__(self) -> None:
        self.pages: set[Page] = set()
        self.listening: asyncio.Task[None] | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        follows = await asyncio.to_thread(_ask, _cookie(scope)) if scope["method"] == "GET" else None
        if follows is None:  # 204 tells the browser not to try again
            await send({"type": "http.response.start", "status": 204, "headers": []})
            await send({"type": "http.response.body"})
            return
        if self.listening is None or self.listening.done():
            self.listening = asyncio.create_task(self._listen())
        page = Page(follows)
        self.pages.add(page)
        try:
            await self._serve(page, receive, send)
        finally:
            self.pages.discard(page)

    async def _serve(self, page: Page, receive: Receive, send: Send) -> None:
        """Until the page leaves, or its time is over."""
        await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
        await send({"type": "http.response.body", "body": b"retry: 3000\n\n", "more_body": True})
        writing = asyncio.create_task(self._write(page, send))
        leaving = asyncio.create_task(_left(receive))
        _done, unfinished = await asyncio.wait(
            {writing, leaving}, timeout=LASTS, return_when=asyncio.FIRST_COMPLETED
        )
        for task in unfinished:
            task.cancel()
        if not leaving.done():
            with suppress(Exception):
                await send({"type": "http.response.body", "body": b""})

    @staticmethod
    async def _write(page: Page, send: Send) -> None:
        while True:
            try:
                word = await asyncio.wait_for(page.words.get(), PING)
                body = f"event: {word['name']}\ndata: {json.dumps(word['ids'])}\n\n".encode()
            except TimeoutError:
                body = b": still here\n\n"
            await send({"type": "http.response.body", "body": body, "more_body": True})

    async def _listen(self) -> None:
        """Passes on what is told, for ever; after a break every page loads anew what it may have missed."""
        while True:
            try:
                async with redis.asyncio.Redis.from_url(settings.REDIS_URL).pubsub() as heard:
                    await heard.subscribe(CHANNEL)
                    self._pass_on(RESYNC)
                    async for message in heard.listen():
                        if message["type"] == "message":
                            self._pass_on(json.loads(message["data"]))
            except (redis.RedisError, OSError):
                log.warning("broker away, open pages ask by themselves")
                await asyncio.sleep(2)

    def _pass_on(self, word: dict[str, Any]) -> None:
        for page in self.pages:
            if word is RESYNC or word["topic"] in page.follows:
                page.hear(word)


async def _left(receive: Receive) -> None:
    """Comes back when the browser has gone."""
    while (await receive())["type"] != "http.disconnect":
        pass


def _cookie(scope: Scope) -> str:
    """The session's key in the request's cookies."""
    cookies: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            with suppress(CookieError):
                cookies.load(value.decode("latin-1"))
    morsel = cookies.get(settings.SESSION_COOKIE_NAME)
    return morsel.value if morsel else ""


def _ask(session_key: str) -> Follows | None:
    """followed_by in a thread of its own, which keeps no connection: it is asked once in five minutes."""
    try:
        return followed_by(session_key)
    finally:
        connection.close()


def followed_by(session_key: str) -> Follows | None:
    """What the person of this session follows; None when nobody is signed in. Reads the database."""
    if not session_key:
        return None
    request = HttpRequest()
    request.session = import_module(settings.SESSION_ENGINE).SessionStore(session_key)
    person: Any = get_user(request)
    if not person.is_authenticated or not person.is_active or person.held_up(request.session):
        return None
    topics = {f"person:{person.pk}", *(f"unit:{unit}" for unit in person.reach.unit_ids)}
    topics |= {"desk"} if person.may("desk.work") else set()
    topics |= {"wall"} if person.may("levels.view") else set()
    return Follows(frozenset(topics), all_units=person.reach.firm)
