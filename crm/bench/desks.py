"""Open desks under the clock: pages that hold the live stream, and how soon a word reaches all of them."""

import asyncio
import json
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import transaction

from core import live
from crm.bench.clock import percentiles
from crm.bench.fill import Say
from crm.simulator.player import Web
from crm.simulator.server import serving
from staff.models import Person
from staff.sessions import SessionStore

DESKS = 2000
WORDS = 10
OPENED_AT_ONCE = 50
PAGES = 200


@dataclass
class Heard:
    """How many desks are open, and after how many milliseconds each word reached each of them."""

    opened: int = 0
    milliseconds: list[float] = field(default_factory=list)


def measure(say: Say, desks: int = DESKS) -> None:
    """A plain answer without and with the open desks beside it, and the words they hear."""
    with serving() as server:
        alone = _answers(server.url)
        heard, beside = asyncio.run(_desks(server.url, desks))
    spent = percentiles(heard.milliseconds)
    words = f"{len(heard.milliseconds):,} words heard of {WORDS * desks:,}"
    say(f"open desks: {heard.opened:,} of {desks:,}; {words}")
    say(f"a word reaches a desk: p50 {spent.p50:.0f} ms, p95 {spent.p95:.0f} ms")
    say(f"yardstick, /healthz alone: {alone:,.0f} a second; beside the desks: {beside / alone:.2f} of that")


async def _desks(url: str, desks: int) -> tuple[Heard, float]:
    person, cookie = await asyncio.to_thread(_signed_in)
    heard, place = Heard(), urlsplit(url)
    open_pages = []
    for number in range(desks):
        open_pages.append(asyncio.create_task(_desk(str(place.hostname), place.port or 80, cookie, heard)))
        if number % OPENED_AT_ONCE == 0:
            await asyncio.sleep(0.02)
    for _turn in range(150):
        if heard.opened < desks:
            await asyncio.sleep(0.2)
    for _word in range(WORDS):
        await asyncio.to_thread(_tell, person.pk)
        await asyncio.sleep(1)
    beside = await asyncio.to_thread(_answers, url)
    for page in open_pages:
        page.cancel()
    return heard, beside


async def _desk(host: str, port: int, cookie: str, heard: Heard) -> None:
    reader, writer = await asyncio.open_connection(host, port)
    writer.write(f"GET /live/ HTTP/1.1\r\nHost: {host}\r\nCookie: sessionid={cookie}\r\n\r\n".encode())
    if b" 200 " not in await reader.readline():
        return
    heard.opened += 1
    while line := await reader.readline():
        if line.startswith(b"data:") and b"sent" in line:
            heard.milliseconds.append(time.time() * 1000 - json.loads(line[5:])["sent"])


def _tell(person_id: int) -> None:
    with transaction.atomic():
        live.tell(f"person:{person_id}", "queue", sent=int(time.time() * 1000))


def _signed_in() -> tuple[Person, str]:
    """A person and the key of a session."""
    person, _made = Person.objects.get_or_create(
        username="BENCH-DESK", defaults={"name": "BENCH-DESK", "employee_no": "BENCH-DESK"}
    )
    store = SessionStore()
    store[SESSION_KEY] = str(person.pk)
    store[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
    store[HASH_SESSION_KEY] = person.get_session_auth_hash()
    store.create()
    return person, str(store.session_key)


def _answers(url: str) -> float:
    """Plain answers a second, one after the other."""
    web, started = Web(url), time.perf_counter()
    for _page in range(PAGES):
        web.ask("GET", "/healthz")
    return PAGES / (time.perf_counter() - started)
