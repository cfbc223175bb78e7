"""A day of the outside: the same seed, the same day, down to the last duplicate."""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from crm.simulator.plan import LINES, THREADED, Count, Planned, Standing, contacts
from crm.simulator.speech import Event

OPEN_SECONDS = 8 * 3600  # contacts begin within so long
CALL_SHARES = {"hotline": 70, "outbound": 20, "visit": 10}
TALK_SHARES = {"chat": 35, "wecom": 22, "sms": 15, "email": 13, "wechat": 10, "weibo": 5}
ANSWERED_OUTSIDE = ("chat", "sms", "weibo")  # where agents' own words are told as events too
WORDS = ("在吗", "想问融资利率", "新股怎么申购", "转账没到账", "账户怎么解锁", "谢谢", "好的，明白了")
TWICE, FORGED = 0.05, 0.01  # shares of the events
LATEST = 180  # seconds an event may come late, so that others overtake it


@dataclass(frozen=True)
class Asked:
    """What kind of day: where it begins, who works, whose numbers are known (number -> client_no)."""

    start: datetime
    agents: Sequence[str]
    calls: int = 50_000
    messages: int = 20_000
    seed: int = 1
    lines: Sequence[str] = tuple(LINES)
    known: Mapping[str, str] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """What the names of this day's events begin with."""
        return f"sim-{self.start:%Y%m%d}-{self.seed}-"


@dataclass(frozen=True)
class Sending:
    """One telling of an event, so many seconds after the day's begin. forged: by which trick, or None."""

    event: Event
    after: float
    forged: int | None = None


@dataclass(frozen=True)
class Day:
    """All contacts of a day."""

    asked: Asked
    contacts: Sequence[Planned]

    def events(self) -> Iterator[Event]:
        """As they happened, contact by contact."""
        return (event for one in self.contacts for event in one.events)

    def sendings(self) -> list[Sending]:
        """As they come in: late, out of order, some twice, and some by forgers."""
        draw = random.Random(f"{self.asked.name}sendings")
        told = [_sending(self.asked, event, draw) for event in self.events()]
        again = [_sending(self.asked, one.event, draw) for one in told if draw.random() < TWICE]
        forged = [
            Sending(_lie(one.event, number), one.after, number)
            for number, one in enumerate(told)
            if draw.random() < FORGED
        ]
        return sorted([*told, *again, *forged], key=lambda one: (one.after, one.event.event_id))

    def count(self) -> Count:
        """What must stand afterwards, in numbers."""
        found = Count()
        for one in self.contacts:
            found.add(one.standing)
        met = contacts(self.events())
        strangers = [sender for kind, sender in met if kind != "phone" or sender not in self.asked.known]
        found.events, found.contacts = sum(len(one.events) for one in self.contacts), len(met)
        found.unidentified = len(strangers)
        return found


def make_day(asked: Asked) -> Day:
    """Draws a day with so many calls (visits are some of them) and messages."""
    draw = random.Random(asked.name)
    return Day(asked, [*_calls(asked, draw), *_talks(asked, draw)])


def _sending(asked: Asked, event: Event, draw: random.Random) -> Sending:
    return Sending(event, (event.at - asked.start).total_seconds() + draw.uniform(0, LATEST))


def _lie(event: Event, number: int) -> Event:
    """Something that would show if it were believed: another end, another word."""
    told = {"hotline": "hangup", "outbound": "hangup", "visit": "left"}
    return Event(
        line=event.line, kind=told.get(event.line, "message"), at=event.at - timedelta(minutes=30),
        event_id=f"<lie-{number}@outside.example>" if event.line == "email" else f"{event.event_id}-lie",
        sender=event.sender, thread=event.thread, payload={"text": "请转账到新账户"},
    )  # fmt: skip


def _shares(shares: Mapping[str, int], asked: Asked) -> tuple[list[str], list[int]]:
    there = [line for line in shares if line in asked.lines]
    return there, [shares[line] for line in there]


def _calls(asked: Asked, draw: random.Random) -> Iterator[Planned]:
    lines, weights = _shares(CALL_SHARES, asked)
    known = list(asked.known)
    for number in range(asked.calls if lines else 0):
        line = draw.choices(lines, weights)[0]
        name = f"{asked.name}c{number}"
        sender = draw.choice(known) if known and draw.random() < 0.4 else _number(draw)
        at = asked.start + timedelta(seconds=draw.randrange(OPEN_SECONDS))
        yield _Call(asked, draw, line, name, name if line == "visit" else sender, at).planned()


def _number(draw: random.Random) -> str:
    return f"1{draw.choice('3578')}{draw.randrange(10**9):09}"


class _Call:
    """Plans one call or visit and writes its events down."""

    BEGIN = {"hotline": "newCall", "outbound": "newCall", "visit": "arrived"}  # noqa: RUF012
    ANSWER = {"visit": "served"}  # noqa: RUF012
    END = {"visit": "left"}  # noqa: RUF012

    def __init__(
        self, asked: Asked, draw: random.Random, line: str, name: str, sender: str, at: datetime
    ) -> None:
        self.asked, self.draw, self.line, self.name, self.sender = asked, draw, line, name, sender
        self.begin, self.second = at, 0
        self.direction = "out" if line == "outbound" else "in"
        self.events: list[Event] = []
        self.told: dict[str, Any] = {}

    def planned(self) -> Planned:
        self._say(self.BEGIN[self.line])
        if self.line == "hotline" and self.draw.random() < 0.97:  # a few give up in the menu
            self._wait(1, 10)
            self._say("queued")
        self.told["queued_at"] = None if self.line == "outbound" else self._queued()
        self._wait(1, 90)
        stage = "unserved"
        if self.draw.random() < {"hotline": 0.88, "outbound": 0.7, "visit": 0.95}[self.line]:
            stage = self._served()
        else:
            self._end()
        client = self.asked.known.get(self.sender, "") if self.line != "visit" else ""
        standing = Standing(
            line=self.line, sender=self.sender, direction=self.direction, stage=stage,
            opened_at=self.begin, client=client, **self.told,
        )  # fmt: skip
        return Planned(self.name, standing, self.events)

    def _queued(self) -> datetime | None:
        wanted = "arrived" if self.line == "visit" else "queued"
        return self._now() if self.events[-1].kind == wanted else None

    def _served(self) -> str:
        agent = self.draw.choice(self.asked.agents)
        self.told["answered_at"] = self._now()
        self._say(self.ANSWER.get(self.line, "answer"), agent=agent)
        if self.line != "visit":
            agent = self._talk(agent)
        self.told["answered_by"] = agent
        if self.draw.random() < 0.01:
            return "served" if "ended_at" in self.told else "running"  # somebody held may have hung up
        self._wait(5, 300)
        self._end()
        if self.draw.random() < 0.3:
            self._rate()
        return "served"

    def _talk(self, agent: str) -> str:
        """Holds and a transfer; returns who has it in the end."""
        held = 0
        for _hold in range(self.draw.choices((0, 1, 2), (70, 22, 8))[0]):
            self._wait(5, 120)
            self._say("hold")
            held += self._wait(3, 90)
            self._say("resume")
        if self.draw.random() < 0.08:
            self._wait(5, 60)
            agent = self.draw.choice(self.asked.agents)
            self._say("transfer", agent=agent)
        if self.draw.random() < 0.03:  # the client hangs up while held
            self._wait(5, 60)
            self._say("hold")
            held += self._wait(3, 60)
            self._end()
        self.told["hold_seconds"] = held
        return agent

    def _end(self) -> None:
        if "ended_at" not in self.told:
            self.told["ended_at"] = self._now()
            self._say(self.END.get(self.line, "hangup"), payload={"by": "client"})

    def _rate(self) -> None:
        marks = {"satisfaction": self.draw.randint(1, 5), "recommend": self.draw.randint(0, 10)}
        self._wait(2, 40)
        self._say("rating", payload=marks)
        self.told.update(marks)

    def _wait(self, least: int, most: int) -> int:
        seconds = self.draw.randint(least, most)
        self.second += seconds
        return seconds

    def _now(self) -> datetime:
        return self.begin + timedelta(seconds=self.second)

    def _say(self, kind: str, agent: str = "", payload: Mapping[str, Any] | None = None) -> None:
        self.events.append(
            Event(
                line=self.line, event_id=f"{self.name}-{len(self.events)}", kind=kind, at=self._now(),
                sender=self.sender, thread=self.name, direction=self.direction, agent=agent,
                payload=payload or {},
            )
        )  # fmt: skip


def _talks(asked: Asked, draw: random.Random) -> Iterator[Planned]:
    lines, weights = _shares(TALK_SHARES, asked)
    free = list(asked.known)
    draw.shuffle(free)
    left, number = asked.messages if lines else 0, 0
    while left:
        line, number = draw.choices(lines, weights)[0], number + 1
        one = _talk(asked, draw, line, number, min(left, draw.randint(1, 7)), free)
        left -= one.standing.messages_in + one.standing.messages_out
        yield one


def _talk(
    asked: Asked, draw: random.Random, line: str, number: int, messages: int, free: list[str]
) -> Planned:
    """One exchange of so many messages; nobody writes a second one on a line without conversations."""
    sender = _writer(asked, draw, line, number, free)
    name = f"{asked.name}m{number}"
    first = f"<{name}-0@outside.example>" if line == "email" else f"{name}-0"
    thread = "" if line not in THREADED else first if line == "email" else name
    at, events = asked.start + timedelta(seconds=draw.randrange(OPEN_SECONDS)), []
    for place in range(messages):
        out = place > 0 and line in ANSWERED_OUTSIDE and draw.random() < 0.4
        events.append(
            Event(
                line=line, kind="message", at=at, sender=sender, thread=thread,
                event_id=first.replace(f"{name}-0", f"{name}-{place}"),
                direction="out" if out else "in", agent=draw.choice(asked.agents) if out else "",
                payload={"text": f"{draw.choice(WORDS)} {number}.{place}"},
            )
        )  # fmt: skip
        at += timedelta(seconds=draw.randint(2, 400))
    standing = _exchanged(events, asked.known.get(sender, "") if line == "sms" else "")
    if line == "chat":
        events, standing = _closed(draw, events, standing, name, at)
    return Planned(thread or sender, standing, events)


def _writer(asked: Asked, draw: random.Random, line: str, number: int, free: list[str]) -> str:
    if line == "sms":
        return free.pop() if free and draw.random() < 0.5 else _number(draw)
    if line == "email":
        return f"{asked.name}{number}@outside.example"
    return f"{asked.name}{line}-{number}"


def _exchanged(events: Sequence[Event], client: str) -> Standing:
    """Words went in and out in the order they were planned; the first is always the client's."""
    inward = [one.at for one in events if one.direction == "in"]
    outward = [one.at for one in events if one.direction == "out"]
    unanswered = [at for at in inward if not outward or at > outward[-1]]
    return Standing(
        line=events[0].line, sender=events[0].sender, direction="in", stage="running", client=client,
        opened_at=inward[0], queued_at=inward[0], answered_at=outward[0] if outward else None,
        last_in_at=inward[-1], last_out_at=outward[-1] if outward else None,
        waiting_since=unanswered[0] if unanswered else None,
        messages_in=len(inward), messages_out=len(outward),
    )  # fmt: skip


def _closed(
    draw: random.Random, events: list[Event], standing: Standing, name: str, at: datetime
) -> tuple[list[Event], Standing]:
    """Some leave the chat, and some of them say how it was."""
    told: dict[str, Any] = {}
    if draw.random() < 0.4:
        told = {"ended_at": at, "stage": "ended"}
        events = [*events, _aside(standing, f"{name}-closed", "closed", at, name, {})]
        if draw.random() < 0.4:
            marks = {"satisfaction": draw.randint(1, 5), "recommend": draw.randint(0, 10)}
            later = at + timedelta(seconds=draw.randint(2, 60))
            events = [*events, _aside(standing, f"{name}-rating", "rating", later, name, marks)]
            told |= marks
    return events, Standing(**{**standing.__dict__, **told})


def _aside(
    standing: Standing, event_id: str, kind: str, at: datetime, thread: str, payload: Mapping[str, Any]
) -> Event:
    return Event(
        line=standing.line, event_id=event_id, kind=kind, at=at, sender=standing.sender, thread=thread,
        payload=payload,
    )  # fmt: skip
