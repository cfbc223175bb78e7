"""Events from channels under the clock: a server as in production, and two yardsticks of the same run."""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from core import audit
from crm.bench.clock import percentiles
from crm.bench.fill import Say
from crm.simulator.day import Asked, Sending, make_day
from crm.simulator.player import Known, Web, play
from crm.simulator.server import serving
from interactions.actions import desk
from interactions.actions.lines import secrets_of, seed_lines
from staff.models import Membership, Person, Unit
from staff.roles import Role

CONNECTIONS = 8
AGENTS = 20
ROWS = """
INSERT INTO interactions_channelevent
    (line_id, event_id, kind, occurred_at, received_at, direction, told, raw, state, attempts, fault)
SELECT id, %s, 'yardstick', now(), now(), 'in', '{}', %s, 'applied', 0, ''
FROM interactions_line WHERE code = 'chat'
"""


def measure(say: Say, events: int = 3000) -> None:
    """Events a second and milliseconds a call: one event a call, and a hundred; all durable when answered."""
    known, agents = _firm()
    inserts = _timed(lambda: _insert(events // CONNECTIONS))
    say(f"yardstick, one INSERT of an event a transaction: {inserts:,.0f} a second")
    with serving() as server:
        health = _timed(lambda: _healthz(server.url, events // CONNECTIONS))
        say(f"yardstick, bare /healthz: {health:,.0f} a second")
        for title, connections, together in (
            ("one event a call, 1 connection", 1, 1),
            (f"one event a call, {CONNECTIONS} connections", CONNECTIONS, 1),
            ("100 events a call, 4 connections", 4, 100),
        ):
            _there(agents)
            sendings = _sendings(known, agents, events)
            started = time.perf_counter()
            tally = play(sendings, known, lambda: Web(server.url), connections=connections, together=together)
            rate, spent = len(sendings) / (time.perf_counter() - started), percentiles(tally.milliseconds)
            say(
                f"{title}: {rate:,.0f} events a second, p50 {spent.p50:.1f} ms, p95 {spent.p95:.1f} ms a call"
            )
            say(f"  {rate / inserts:.2f} x INSERT, {rate / health:.2f} x healthz, {len(tally.wrong)} wrong")


def _firm() -> tuple[Known, list[str]]:
    """Lines, and agents who are there with room for what the rules give them."""
    unit = Unit.objects.get(code="HQ")
    lines = seed_lines(actor=audit.SYSTEM, unit=unit)
    names = [f"BENCH-DESK-{number}" for number in range(AGENTS)]
    for name in names:
        person, _made = Person.objects.get_or_create(
            username=name, defaults={"name": name, "employee_no": name}
        )
        role = {"person": person, "unit": unit, "role": Role.AGENT}
        Membership.objects.get_or_create(**role, defaults={"from_date": "2020-01-01"})
    adapters = {code: line.adapter for code, line in lines.items()}
    return Known(adapters, {code: secrets_of(line) for code, line in lines.items()}), names


def _there(agents: Sequence[str]) -> None:
    """All at their desks, as their open pages say every so often."""
    for person in Person.objects.filter(employee_no__in=agents):
        desk.set_presence(actor=person, state="available", capacity=10)


def _sendings(known: Known, agents: Sequence[str], events: int) -> list[Sending]:
    """So many events of a day nobody has told yet; calls and messages as they mix, none forged."""
    seed = time.time_ns() % 1_000_000_000
    start: datetime = timezone.now() - timedelta(days=1)
    asked = Asked(
        start=start.replace(microsecond=0), agents=agents, seed=seed, calls=events // 6,
        messages=events // 5, lines=tuple(known.adapters),
    )  # fmt: skip
    return [one for one in make_day(asked).sendings() if one.forged is None][:events]


def _timed(work: Callable[[], Iterator[None]]) -> float:
    """Steps a second of this work done by several at once."""
    done: list[int] = []
    threads = [
        threading.Thread(target=lambda: done.append(sum(1 for _ in work()))) for _ in range(CONNECTIONS)
    ]
    started = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(done) / (time.perf_counter() - started)


def _healthz(url: str, times: int) -> Iterator[None]:
    web = Web(url)
    for _ in range(times):
        web.ask("GET", "/healthz")
        yield


def _insert(times: int) -> Iterator[None]:
    content = json.dumps({"text": "x" * 400}).encode()
    for _ in range(times):
        with connection.cursor() as cursor:
            cursor.execute(ROWS, [f"yardstick-{uuid4()}", content])
        yield
    connection.close()
