"""A whole day from all sides at once: channels, the desks and another system; and whether all of it stands.

`./dev.py bench day` starts the servers, kills them in between and calls these steps (docs/simulator.md).
"""

import json
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.db import OperationalError, connection
from django.db.models import Count

from core import audit
from crm.bench.fill import Say
from crm.simulator import agents, figures
from crm.simulator.check import counted, differences
from crm.simulator.day import Day
from crm.simulator.player import Known, Tally, Web, play, tellings
from crm.simulator.system import SCOPES, Credentials, Filed, Filing, file_all
from interactions.actions import desk
from interactions.models import Assignment, ChannelEvent, Conversation, LevelMark
from staff.clients import create_api_client
from staff.models import Membership, Person, Unit
from staff.roles import Role
from staff.sessions import SessionStore

DESKS = 20
SETTLES = 600.0  # seconds
FILED_TWICE = 0.05
CHANNELS = ("phone", "visit", "wecom", "email", "sms")
BACKEND = "django.contrib.auth.backends.ModelBackend"


@dataclass
class Memory:
    """What is remembered between the steps: how the other system signs in, and what stood before the day."""

    client_id: str
    secret: str
    costs: dict[str, Any]
    acknowledged: dict[str, int]

    @classmethod
    def read(cls, path: Path) -> "Memory":
        """As `keep` wrote it."""
        told = json.loads(path.read_text())
        told["costs"] = {
            client: (number, Decimal(minutes), messages, Decimal(cost))
            for client, (number, minutes, messages, cost) in told["costs"].items()
        }
        return cls(**told)

    def keep(self, path: Path) -> None:
        """For the next step."""
        path.write_text(json.dumps(vars(self), default=str))


def prepare(path: Path) -> None:
    """People at the desks and another system, beside the demo's firm."""
    unit = Unit.objects.get(code="HQ")
    for name in desk_names():
        person = Person.objects.create(username=name, name=name, employee_no=name)
        Membership.objects.create(person=person, unit=unit, role=Role.AGENT, from_date="2020-01-01")
    made = create_api_client(actor=audit.SYSTEM, name="whole day", scopes=SCOPES, unit_codes=["HQ"])
    Memory(made.client.client_id, made.secret, {}, {}).keep(path)


def note_costs(day: Day, path: Path) -> None:
    """What the month cost before the day came."""
    memory = Memory.read(path)
    memory.costs = figures.costs(day)
    memory.keep(path)


def desk_names() -> list[str]:
    return [f"DESK{number:02}" for number in range(DESKS)]


def filings(day: Day, number: int) -> list[Filing]:
    """So many contacts that another system logs of known clients, some of them sent twice."""
    draw = Random(f"{day.asked.name}filings")
    clients = sorted(set(day.asked.known.values()))
    made = []
    for place in range(number):
        begun = day.asked.start + timedelta(seconds=draw.randrange(8 * 3600))
        key = f"{day.asked.name}file-{place}"
        made.append(Filing(key, {
            "client": draw.choice(clients), "channel": draw.choice(CHANNELS), "direction": "out",
            "category": "enquiry.trading", "summary": f"回访 {place}", "reference": key,
            "started_at": begun.isoformat(), "minutes": str(Decimal(draw.randrange(1, 4000)) / 100),
            "messages": draw.randrange(0, 6), "outcome": "resolved",
        }))  # fmt: skip
    again = [one for one in made if draw.random() < FILED_TWICE]
    return sorted([*made, *again], key=lambda one: str(one.body["started_at"]))


def run(
    day: Day, known: Known, url: str, path: Path, filed: Sequence[Filing], say: Say, *, connections: int,
    together: int,
) -> list[str]:  # fmt: skip
    """Plays all sides to their end; returns what was answered wrongly."""
    over, results = threading.Event(), dict[str, Any]()
    sendings, memory = day.sendings(), Memory.read(path)
    credentials, signed_in = Credentials(memory.client_id, memory.secret), _signed_in()
    sides = [
        threading.Thread(
            target=lambda: results.update(filed=file_all(filed, url, credentials, connections=2))
        ),
        threading.Thread(target=lambda: results.update(written=agents.work(signed_in, url, over))),
    ]
    watch = threading.Thread(target=_watch, args=(over, say), daemon=True)
    started = time.monotonic()
    for side in (*sides, watch):
        side.start()
    tally = play(
        sendings, known, lambda: Web(url), connections=connections, together=together
    )  # fmt: skip
    spent = time.monotonic() - started
    sides[0].join()
    over.set()
    sides[1].join()
    memory.acknowledged = results["filed"].acknowledged
    memory.keep(path)
    true, lies = tellings(sendings)
    _tell(say, tally, results["filed"], results["written"], true, spent)
    refused = [] if tally.refused == lies else [f"{lies - tally.refused:,} forgeries were not refused"]
    return [*tally.wrong, *refused, *results["filed"].wrong, *results["written"].wrong]


def _tell(say: Say, tally: Tally, filed: Filed, written: agents.Written, true: int, spent: float) -> None:
    say(
        f"channels: new {tally.accepted:,}, known {tally.known:,}, by platforms {tally.silent:,}, refused"
        f" {tally.refused:,}; calls sent again {tally.again:,}; {spent:.0f} s,"
        f" {true / spent:,.0f} events a second"
    )
    say(
        f"other system: {len(filed.acknowledged):,} entries acknowledged, {filed.replayed:,} replayed,"
        f" sent again {filed.again:,}"
    )
    say(f"desks: {written.calls:,} calls written down, asked again {written.again:,}")


def _watch(over: threading.Event, say: Say) -> None:
    """A line a minute, by the database's count."""
    while not over.wait(60):
        connection.close()  # a database that was killed meanwhile leaves a dead one behind
        try:
            say(f"  {time.strftime('%H:%M:%S')} {ChannelEvent.objects.count():,} events stand")
        except OperationalError:
            say(f"  {time.strftime('%H:%M:%S')} no count, the database is away")


def _signed_in() -> list[agents.Agent]:
    """A session for everybody at the desks."""
    found = []
    for person in Person.objects.filter(username__in=desk_names()).order_by("pk"):
        store = SessionStore()
        store[SESSION_KEY] = str(person.pk)
        store[BACKEND_SESSION_KEY] = BACKEND
        store[HASH_SESSION_KEY] = person.get_session_auth_hash()
        store.create()
        desk.set_presence(actor=person, state="available", capacity=5)
        found.append(agents.Agent(person.username, str(store.session_key)))
    return found


def settle(say: Say) -> bool:
    """Waits until worker and sweepers have done what was left to them; says whether they did."""
    deadline = time.monotonic() + SETTLES
    left = _left()
    while any(left.values()) and time.monotonic() < deadline:
        time.sleep(5)
        left = _left()
    say(", ".join(f"{name}: {number}" for name, number in left.items()))
    return not any(left.values())


def _left() -> dict[str, int]:
    calls = Conversation.objects.filter(
        state="waiting", channel__in=("phone", "visit"), ended_at__isnull=False
    )
    return {
        "events to be tried again": ChannelEvent.objects.exclude(state="applied").count(),
        "calls to be closed": calls.count(),
        "days to be counted anew": LevelMark.objects.count(),
    }


def verdict(day: Day, path: Path, filed: Sequence[Filing], say: Say) -> list[str]:
    """What differs from the plan; says the day's numbers."""
    memory = Memory.read(path)
    for line in counted(day).lines():
        say(line)
    once = list({one.key: one for one in filed}.values())
    twice = Assignment.objects.filter(to_at__isnull=True).values("conversation").annotate(n=Count("pk"))
    return [
        *differences(day),
        *figures.figure_differences(day, once, memory.acknowledged),
        *figures.cost_differences(day, once, memory.costs),
        *(f"conversation {row['conversation']} in {row['n']} hands" for row in twice.filter(n__gt=1)[:20]),
        *([] if counted(day) == day.count() else ["the day's numbers are not the planned ones"]),
    ]


def start_of(day: str) -> datetime:
    """Nine in the morning in Shanghai."""
    return datetime.fromisoformat(f"{day}T09:00:00+08:00")
