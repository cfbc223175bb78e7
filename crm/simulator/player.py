"""Plays a day over HTTP: signs each call as it is sent, repeats what was not answered, counts answers."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from itertools import groupby
from typing import Protocol
from urllib.parse import urlsplit

from crm.simulator.day import Sending
from crm.simulator.speech import Post, Secrets, forged, voice_of

PATIENCE = 30.0  # seconds for one answer
PAUSES = (0.05, 0.1, 0.2, 0.4, 0.8, 1.6, 3.0, 5.0, 5.0, 5.0)  # seconds before each further try
MOST_IN_A_CALL = 500


@dataclass(frozen=True)
class Answer:
    """What came back: status, and the body in bytes."""

    status: int
    body: bytes


class Caller(Protocol):
    """Sends one call; raises OSError or HTTPException when no answer came."""

    def post(self, post: Post) -> Answer: ...


@dataclass(frozen=True)
class Known:
    """What an outsider was told of the lines: adapter and secrets by code."""

    adapters: Mapping[str, str]
    secrets: Mapping[str, Secrets]


@dataclass
class Tally:
    """What the house answered, in events: taken in, known already, forged ones refused; and what went wrong.

    again: calls that had to be sent again. The platforms' lines answer without numbers (`silent`).
    """

    accepted: int = 0
    known: int = 0
    refused: int = 0
    silent: int = 0
    again: int = 0
    wrong: list[str] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    def add(self, other: "Tally") -> None:
        self.accepted, self.known = self.accepted + other.accepted, self.known + other.known
        self.refused, self.silent = self.refused + other.refused, self.silent + other.silent
        self.again += other.again
        self.wrong += other.wrong
        self.milliseconds += other.milliseconds


class Web:
    """A connection that stays open, to be used by one thread."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
        self.connection = kind(parts.hostname or "127.0.0.1", parts.port, timeout=PATIENCE)

    def post(self, post: Post) -> Answer:
        """One call; after a failure the next one opens the connection anew."""
        return self.ask("POST", post.path, post.body, post.headers)

    def ask(
        self, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Any request; raises OSError or HTTPException when no answer came."""
        try:
            self.connection.request(method, path, body, dict(headers or {}))
            answer = self.connection.getresponse()
            return Answer(answer.status, answer.read())
        except (OSError, HTTPException):
            self.connection.close()
            raise


def play(
    sendings: Sequence[Sending], known: Known, caller: Callable[[], Caller], *, connections: int = 1,
    speed: float = 0, together: int = 1,
) -> Tally:  # fmt: skip
    """Tells everything by so many connections; `together` events of a line in one call where it can.

    speed: 0 as fast as may be, 1 as the day went, 60 an hour in a minute.
    """
    calls, lock, whole = iter(list(_calls(sendings, known, together))), threading.Lock(), Tally()
    started = time.monotonic()

    def work() -> None:
        own, mine = caller(), Tally()
        while True:
            with lock:
                call = next(calls, None)
            if call is None:
                break
            if speed:
                time.sleep(max(0.0, call[0].after / speed - (time.monotonic() - started)))
            _tell(own, call, known, mine)
        with lock:
            whole.add(mine)

    threads = [threading.Thread(target=work) for _ in range(connections - 1)]
    for thread in threads:
        thread.start()
    work()
    for thread in threads:
        thread.join()
    return whole


def _calls(sendings: Sequence[Sending], known: Known, together: int) -> Iterator[list[Sending]]:
    """Events of one call: of one line, none of them forged, and only where the line takes several."""
    size = min(together, MOST_IN_A_CALL)
    for start in range(0, len(sendings), size * 10):
        part = sorted(sendings[start : start + size * 10], key=lambda one: one.event.line)
        for line, group in groupby(part, key=lambda one: one.event.line):
            several = voice_of(known.adapters[line]) is voice_of("")
            yield from _cut(list(group), size if several else 1)


def _cut(sendings: list[Sending], size: int) -> Iterator[list[Sending]]:
    yield from ([one] for one in sendings if one.forged is not None)
    true = [one for one in sendings if one.forged is None]
    yield from (true[start : start + size] for start in range(0, len(true), size))


def _tell(caller: Caller, call: list[Sending], known: Known, tally: Tally) -> None:
    """One call with its tries; what is answered otherwise than it should be is noted as wrong."""
    line = call[0].event.line
    for pause in (*PAUSES, 0.0):
        began = time.perf_counter()
        try:
            answer = caller.post(_signed(call, known))
        except (OSError, HTTPException) as error:
            problem = type(error).__name__
        else:
            tally.milliseconds.append((time.perf_counter() - began) * 1000)
            if answer.status < 500 and answer.status != 429:
                return _note(call, answer, tally)
            problem = str(answer.status)
        tally.again += 1
        time.sleep(pause)
    tally.wrong.append(f"{line}: never answered ({problem})")


def _signed(call: list[Sending], known: Known) -> Post:
    first = call[0]
    adapter, secrets = known.adapters[first.event.line], known.secrets[first.event.line]
    if first.forged is not None:
        return forged(first.event, adapter, secrets, first.forged)
    return voice_of(adapter)([one.event for one in call], secrets, None)


def _note(call: list[Sending], answer: Answer, tally: Tally) -> None:
    numbers = _numbers(answer.body) if answer.status == 200 else None
    if call[0].forged is not None and answer.status == 401:
        tally.refused += 1
    elif call[0].forged is not None or answer.status != 200:
        tally.wrong.append(
            f"{call[0].event.line}: {answer.status} {answer.body[:200].decode(errors='replace')}"
        )
    elif numbers is None:
        tally.silent += 1
    else:
        tally.accepted += numbers[0]
        tally.known += numbers[1]


def _numbers(body: bytes) -> tuple[int, int] | None:
    """accepted and known of a JSON answer; None of the platforms' plain one."""
    if body == b"success":
        return None
    told = json.loads(body)
    return int(told["accepted"]), int(told["known"])


def tellings(sendings: Iterable[Sending]) -> tuple[int, int]:
    """How many true tellings, and how many forged ones."""
    lies = [one.forged is not None for one in sendings]
    return lies.count(False), lies.count(True)
