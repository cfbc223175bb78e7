"""The outgoing gateway outside: keeps each key once, refuses what is not signed, and tells receipts back.

It can be told to misbehave, so that retries are seen: to fail, to be slow, to let messages bounce. Which line
asks is told by whose secret the call was signed with.
"""

import hmac
import json
import random
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.client import HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from crm.simulator.platform import PICTURE, Platforms
from crm.simulator.player import Caller, Known
from crm.simulator.speech import Event, mac, signed_json, voice_of

OLDEST = 300  # seconds a signature is good for
LARGEST = 256 * 1024
RECEIPT_AFTER = 1.0  # seconds; the house has to note first what the message is called


@dataclass(frozen=True)
class Mood:
    """How it misbehaves: shares of calls that fail and messages that bounce, seconds for each call.

    token_seconds: how long platforms' access tokens hold.
    """

    fail_rate: float = 0.0
    bounce_rate: float = 0.0
    slow: float = 0.0
    seed: int = 1
    token_seconds: int = 7200


@dataclass(frozen=True)
class Taken:
    """A message as it was handed over the first time."""

    line: str
    ref: str
    to: str
    text: str
    subject: str


@dataclass
class Gateway:
    """Answers calls; `say` hears of each, `tell` brings receipts back (None: there are none)."""

    known: Known
    mood: Mood = Mood()
    tell: Callable[[Taken, str], None] | None = None
    say: Callable[[str], None] = lambda _words: None
    taken: dict[str, Taken] = field(default_factory=dict)
    calls: int = 0
    refused: int = 0

    def __post_init__(self) -> None:
        self.draw, self.lock = random.Random(self.mood.seed), threading.Lock()
        self.name = f"gw-{time.time_ns() // 1_000_000}"
        self.platforms = Platforms(self.known, self.mood.token_seconds, self._from_platform)

    def answer(self, path: str, headers: Mapping[str, str], raw: bytes) -> tuple[int, dict[str, Any]]:
        """Status and body for one call."""
        line = self._whose(headers, raw)
        key, told = headers.get("Idempotency-Key") or "", _object(raw)
        with self.lock:
            self.calls += 1
            status = self._refusal(path, line, key, told)
        time.sleep(self.mood.slow)
        if status or line is None or told is None:
            self.say(f"{line or 'nobody'}: refused with {status}")
            return status, {"error": "not taken"}
        return 200, {"ref": self._take(line, key, told)}

    def picture(self, path: str, headers: Mapping[str, str]) -> tuple[int, str, bytes]:
        """What a line fetches by its name at /media/<id>; names that begin with `gone` are gone."""
        if self._whose(headers, b"") is None:
            return 401, "application/json", b"{}"
        name = path.rpartition("/media/")[2]
        if not name or name.startswith("gone"):
            return 404, "application/json", b"{}"
        return 200, "image/png", PICTURE

    def _from_platform(self, line: str, name: str, told: dict[str, Any]) -> None:
        key = name or f"{line}-{len(self.taken) + 1}"
        self.taken[key] = Taken(line, key, str(told["touser"]), str(told["text"]["content"]), "")
        self.say(f"{line}: took {key} as the platform")

    def _refusal(self, path: str, line: str | None, key: str, told: dict[str, Any] | None) -> int:
        if line is None:
            self.refused += 1
            return 401
        if not path.rstrip("/").endswith("/messages"):
            return 404
        if not key or told is None or not told.get("to") or not told.get("text"):
            return 422
        return 503 if self.draw.random() < self.mood.fail_rate else 0

    def _take(self, line: str, key: str, told: dict[str, Any]) -> str:
        """The same key again is the same message, and has the same name."""
        with self.lock:
            new = key not in self.taken
            if new:
                ref = f"{self.name}-{len(self.taken) + 1}"
                words = (str(told.get(name) or "") for name in ("to", "text", "subject"))
                self.taken[key] = Taken(line, ref, *words)
            message = self.taken[key]
            bounces = self.draw.random() < self.mood.bounce_rate
        self.say(f"{line}: {'took' if new else 'knows'} {message.ref}")
        if new and self.tell:
            timer = threading.Timer(
                RECEIPT_AFTER, self.tell, [message, "bounced" if bounces else "delivered"]
            )
            timer.daemon = True
            timer.start()
        return message.ref

    def _whose(self, headers: Mapping[str, str], raw: bytes) -> str | None:
        """The line whose secret proves the call."""
        stamp, given = headers.get("X-Timestamp") or "", headers.get("X-Signature") or ""
        if not stamp.isdigit() or abs(time.time() - int(stamp)) > OLDEST:
            return None
        for line, secrets in self.known.secrets.items():
            secret = secrets.get("signing") or secrets.get("token") or ""
            if secret and hmac.compare_digest(mac(secret, stamp, raw), given):
                return line
        return None


def receipts(known: Known, caller: Callable[[], Caller]) -> Callable[[Taken, str], None]:
    """Tells how a message ended, as an event of its line; the platforms' lines tell nothing."""

    def tell(message: Taken, state: str) -> None:
        if voice_of(known.adapters[message.line]) is not signed_json:
            return
        event = Event(
            line=message.line, event_id=f"{message.ref}-{state}", kind="receipt", at=datetime.now(UTC),
            sender=message.to, direction="out", payload={"ref": message.ref, "state": state},
        )  # fmt: skip
        try:
            caller().post(signed_json([event], known.secrets[message.line]))
        except (OSError, HTTPException):
            return  # as a gateway whose receipt is lost

    return tell


@contextmanager
def serving(gateway: Gateway, port: int = 0) -> Iterator[int]:
    """Serves on this machine alone while the block runs; gives the port."""
    handler = type("Handler", (_Handler,), {"gateway": gateway})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield server.server_address[1]
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    gateway: Gateway
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Access tokens and pictures."""
        if self.gateway.platforms.answers(self.path):
            self._answer(*self.gateway.platforms.answer(self.path, b""))
        else:
            self._answer(*self.gateway.picture(self.path, dict(self.headers.items())))

    def do_POST(self) -> None:
        size = int(self.headers.get("Content-Length") or 0)
        if size > LARGEST:
            self.close_connection = True
            return self._answer(413, "application/json", b'{"error": "too large"}')
        raw = self.rfile.read(size)
        if self.gateway.platforms.answers(self.path):
            return self._answer(*self.gateway.platforms.answer(self.path, raw))
        status, told = self.gateway.answer(self.path, dict(self.headers.items()), raw)
        self._answer(status, "application/json", json.dumps(told).encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_words: Any) -> None:
        """What is worth telling the gateway tells itself."""


def _object(raw: bytes) -> dict[str, Any] | None:
    try:
        told = json.loads(raw)
    except ValueError:
        return None
    return told if isinstance(told, dict) else None
