"""Events from channels and entries by API under the clock, each durable when it is answered.

A server as in production with two web processes, two yardsticks of the same run, and the processor's seconds,
which other work on the machine does not change.
"""

import json
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from django.db import connection
from django.utils import timezone

from clients.models import Client
from core import audit
from crm.bench import processor
from crm.bench.clock import percentiles
from crm.bench.fill import Say
from crm.simulator.day import Asked, Sending, make_day
from crm.simulator.player import Known, Web, play
from crm.simulator.server import Server, serving
from crm.simulator.system import SCOPES, Credentials, Filing, file_all
from interactions.actions import desk
from interactions.actions.lines import secrets_of, seed_lines
from staff.clients import create_api_client
from staff.models import Membership, Person, Unit
from staff.roles import Role

CONNECTIONS = 8
BATCH = 100
AGENTS = 20
ROWS = """
INSERT INTO interactions_channelevent
    (line_id, event_id, kind, occurred_at, received_at, direction, told, raw, state, attempts, fault)
SELECT id, %s, 'yardstick', now(), now(), 'in', '{}', %s, 'applied', 0, ''
FROM interactions_line WHERE code = 'chat'
"""


def measure(say: Say, events: int = 3000) -> None:
    """Writes a second, milliseconds a call, processor seconds: entries by API, events one or many a call."""
    known, agents = _firm()
    filings, credentials = _filings(events), _system()
    inserts = _timed(lambda: _insert(events // CONNECTIONS))
    say(f"yardstick, one INSERT of an event a transaction: {inserts:,.0f} a second")
    with serving({"CRM_API_RATE_PER_MINUTE": "10000000"}) as server:
        health = _timed(lambda: _healthz(server.url, events // CONNECTIONS))
        say(f"yardstick, bare /healthz: {health:,.0f} a second")
        with _clocked(
            say, server, f"one entry a call by API, {CONNECTIONS} connections", len(filings)
        ) as run:
            filed = file_all(filings, server.url, credentials, connections=CONNECTIONS)
            run.milliseconds, run.wrong = filed.milliseconds, filed.wrong
        batches = _batches(_filings(events), BATCH)
        with _clocked(say, server, f"{BATCH} entries a call by API, 2 connections", events) as run:
            filed = file_all(batches, server.url, credentials, connections=2)
            run.milliseconds, run.wrong = filed.milliseconds, filed.wrong
        for title, connections, together in (
            ("one event a call, 1 connection", 1, 1),
            (f"one event a call, {CONNECTIONS} connections", CONNECTIONS, 1),
            ("100 events a call, 4 connections", 4, 100),
        ):
            _there(agents)
            sendings = _sendings(known, agents, events)
            with _clocked(say, server, title, len(sendings)) as run:
                tally = play(
                    sendings, known, lambda: Web(server.url), connections=connections, together=together
                )
                run.milliseconds, run.wrong = tally.milliseconds, tally.wrong


@dataclass
class Measured:
    """What one run of many writes brought, beside its time."""

    milliseconds: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@contextmanager
def _clocked(say: Say, server: Server, title: str, writes: int) -> Iterator[Measured]:
    """Times the block, which does so many writes, and says how it went."""
    run, web, database = Measured(), _web_seconds(server), processor.of_database()
    started = time.perf_counter()
    yield run
    rate, spent = writes / (time.perf_counter() - started), percentiles(run.milliseconds)
    thousands = writes / 1000
    web, database = _web_seconds(server) - web, processor.of_database() - database
    say(f"{title}: {rate:,.0f} writes a second, p50 {spent.p50:.1f} ms, p95 {spent.p95:.1f} ms a call")
    say(f"  processor a 1,000 writes: web {web / thousands:.2f} s, database {database / thousands:.2f} s")
    if run.wrong:
        say(f"  {len(run.wrong)} wrong answers: {run.wrong[0]}")


def _web_seconds(server: Server) -> float:
    return processor.of_group(server.process.pid) if server.process else 0.0


def _system() -> Credentials:
    """Another system that may log for the whole firm."""
    made = create_api_client(actor=audit.SYSTEM, name="bench", scopes=SCOPES, unit_codes=["HQ"])
    return Credentials(made.client.client_id, made.secret)


def _filings(number: int) -> list[Filing]:
    """So many entries, of clients all over the firm."""
    draw = Random(number)
    last = Client.objects.latest("pk").pk
    drawn = {draw.randint(1, last) for _ in range(4 * number)}
    clients = list(Client.objects.filter(pk__in=drawn).values_list("client_no", flat=True)[:number])
    begun = timezone.now() - timedelta(hours=2)
    return [
        Filing(f"bench-{uuid4()}", {
            "client": draw.choice(clients), "channel": "phone", "direction": "in",
            "category": "enquiry.trading", "summary": "问新股申购", "started_at": begun.isoformat(),
            "ended_at": (begun + timedelta(seconds=draw.randint(30, 900))).isoformat(),
        })
        for _number in range(number)
    ]  # fmt: skip


def _batches(filings: Sequence[Filing], size: int) -> list[Filing]:
    """The same, so many in a call."""
    return [
        Filing(f"batch-{uuid4()}", {"entries": [one.body for one in filings[start : start + size]]})
        for start in range(0, len(filings), size)
    ]


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
