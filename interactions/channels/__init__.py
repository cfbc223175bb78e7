"""How each channel speaks: what an event of it looks like, and how it is proved.

An adapter reads one call from the outside (`Call`) into envelopes, and refuses what it cannot prove
(`Forged`) or read (`Unreadable`). It knows no tables.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from core.files.content import File


class Forged(Exception):
    """The signature is missing, wrong or too old; the outside is not told which."""


class Unreadable(Exception):
    """Proved, but not what the channel's protocol says; the text tells what to change."""


@dataclass(frozen=True, kw_only=True)
class Call:
    """What came in over HTTP: header names in lower case, `now` in seconds of the Unix clock."""

    raw: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str]
    secrets: Mapping[str, str]
    now: float


@dataclass(frozen=True, kw_only=True)
class Envelope:
    """One event, in the words all channels share.

    thread: the outside's name of the conversation, '' where the channel has none. agent: employee number or
    user name. files: what came with it; kept before the envelope is, and never inside it.
    """

    event_id: str
    kind: str
    occurred_at: datetime
    external_user_id: str = ""
    direction: str = "in"
    agent: str = ""
    thread: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)
    files: Sequence[File] = ()


class Adapter(Protocol):
    """One protocol. `read` proves and reads; raises Forged or Unreadable."""

    def read(self, call: Call) -> Sequence[Envelope]: ...
