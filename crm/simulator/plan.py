"""What is planned to happen outside, and what must therefore stand in the house afterwards.

Each contact is planned as a whole (when it was answered, how long it was held) and its events are written
from that. What must stand is read off the plan and never off the events, so it can be held against the
house's own reckoning.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from crm.simulator.speech import Event

# line -> (channel of the log, what kind of address its senders have)
LINES = {
    "hotline": ("phone", "phone"), "outbound": ("phone", "phone"), "visit": ("visit", "visit"),
    "chat": ("chat", "chat"), "sms": ("sms", "phone"), "weibo": ("weibo", "weibo"),
    "wecom": ("wecom", "wecom"), "wechat": ("wechat", "wechat"), "email": ("email", "email"),
}  # fmt: skip
CALLS = ("hotline", "outbound", "visit")
THREADED = (*CALLS, "chat", "email")  # the others know no conversations: a sender's messages are one


@dataclass(frozen=True)
class Standing:
    """A conversation as it must stand: moments, whole seconds, counts.

    stage: running; of calls served or unserved at their end, of messages ended.
    """

    line: str
    sender: str
    direction: str
    stage: str
    opened_at: datetime
    queued_at: datetime | None = None
    answered_at: datetime | None = None
    ended_at: datetime | None = None
    answered_by: str = ""
    hold_seconds: int = 0
    last_in_at: datetime | None = None
    last_out_at: datetime | None = None
    waiting_since: datetime | None = None
    messages_in: int = 0
    messages_out: int = 0
    satisfaction: int | None = None
    recommend: int | None = None
    client: str = ""

    @property
    def channel(self) -> str:
        return LINES[self.line][0]


@dataclass(frozen=True)
class Planned:
    """One contact: its name (thread, or sender where there are no threads), what stands, what is told."""

    name: str
    standing: Standing
    events: Sequence[Event]


@dataclass
class Count:
    """A day in numbers; the same question asked of the plan and of the database."""

    conversations: Counter[tuple[str, str]] = field(default_factory=Counter)  # by channel and stage
    messages_in: int = 0
    messages_out: int = 0
    seconds_held: int = 0
    rated: int = 0
    events: int = 0
    contacts: int = 0
    unidentified: int = 0  # contacts that are nobody we know

    def add(self, standing: Standing) -> None:
        """Takes one conversation in; contacts and events are counted by whoever has them."""
        self.conversations[standing.channel, standing.stage] += 1
        self.messages_in += standing.messages_in
        self.messages_out += standing.messages_out
        self.seconds_held += standing.hold_seconds
        self.rated += standing.satisfaction is not None

    def lines(self) -> list[str]:
        """One line a number, for people."""
        stages = [f"{channel} {stage}: {n:,}" for (channel, stage), n in sorted(self.conversations.items())]
        return [
            *stages,
            f"messages in / out: {self.messages_in:,} / {self.messages_out:,}",
            f"seconds held: {self.seconds_held:,}", f"rated: {self.rated:,}", f"events: {self.events:,}",
            f"contacts: {self.contacts:,}, unidentified: {self.unidentified:,}",
        ]  # fmt: skip


@dataclass(frozen=True)
class Met:
    """An address outside, and when it was first and last heard of."""

    first: datetime
    last: datetime


def contacts(events: Iterable[Event]) -> dict[tuple[str, str], Met]:
    """Every (kind, address) that spoke or was called."""
    found: dict[tuple[str, str], Met] = {}
    for event in events:
        key = LINES[event.line][1], event.sender
        met = found.get(key, Met(event.at, event.at))
        found[key] = Met(min(met.first, event.at), max(met.last, event.at))
    return found
