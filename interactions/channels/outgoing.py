"""How a message leaves the house: handed to the outside's gateway, which keeps each key once.

A carrier knows no tables. It says what the outside calls the message, or refuses: `Rejected` for good (the
address does not exist, the gateway forbids it), `NotNow` for a while (busy, away, out of time).
"""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from http.client import HTTPException, HTTPMessage, HTTPResponse
from typing import Any, Protocol
from urllib.error import HTTPError, URLError
from urllib.request import HTTPRedirectHandler, Request, build_opener

from core.files.content import File
from interactions.channels.signed import signature

PATIENCE = 10  # seconds for one attempt
LONGEST_ANSWER = 64 * 1024
BUSY = (408, 425, 429)


class Rejected(Exception):
    """The outside will never take it; the text says why, without the recipient."""


class NotNow(Exception):
    """The outside may take it later."""


class TooMany(NotNow):
    """The outside takes no more for this recipient for now; others may still get theirs."""


class Uncertain(Exception):
    """Nobody knows whether the outside took it: the line broke after everything was said."""


def no_word() -> None:
    """Nobody wants to know."""


def no_token() -> str:
    """Nothing is kept."""
    return ""


def forget(_token: str, _seconds: int) -> None:
    """Nothing is kept."""


@dataclass(frozen=True)
class Shelf:
    """Where the line's access token lies. known: the one that still holds, or ''; keep: one for so long."""

    known: Callable[[], str] = no_token
    keep: Callable[[str, int], None] = forget


@dataclass(frozen=True, kw_only=True)
class Parcel:
    """One message for one recipient. `key` is the same at every attempt.

    answers: the outside's names of the messages before it, oldest first. leave_url: where the recipient says
    that such messages are not wanted. handing: called by carriers whose outside knows no keys, at the last
    moment at which nothing has been given away yet. tokens: where access tokens of the line lie.
    """

    key: str
    to: str
    text: str
    subject: str = ""
    answers: Sequence[str] = ()
    leave_url: str = ""
    files: Sequence[File] = field(default=())
    handing: Callable[[], None] = no_word
    tokens: Shelf = Shelf()


class Carrier(Protocol):
    """One way out. `carry` gives the outside's name of the message; raises Rejected, NotNow or Uncertain."""

    def carry(self, parcel: Parcel, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> str: ...


class Gateway:
    """JSON by HTTP to the line's `gateway_url`, signed as events are, with the key as Idempotency-Key."""

    def __init__(self, secret: str = "signing") -> None:
        self.secret = secret

    def carry(self, parcel: Parcel, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> str:
        url = str(settings.get("gateway_url") or "")
        if not url.startswith(("http://", "https://")):
            raise NotNow("The line has no gateway.")
        told = {"to": parcel.to, "text": parcel.text, "subject": parcel.subject}
        raw, stamp = json.dumps(told).encode(), str(int(time.time()))
        headers = {
            "Content-Type": "application/json", "Idempotency-Key": parcel.key, "X-Timestamp": stamp,
            "X-Signature": signature(secrets.get(self.secret, ""), stamp, raw),
        }  # fmt: skip
        return _reference(_post(Request(f"{url.rstrip('/')}/messages", raw, headers)), parcel.key)


class Either:
    """By the platform itself where the line knows its address (`api_url`), else by a gateway."""

    def __init__(self, direct: Carrier, gateway: Carrier) -> None:
        self.direct, self.gateway = direct, gateway

    def carry(self, parcel: Parcel, settings: Mapping[str, Any], secrets: Mapping[str, str]) -> str:
        carrier = self.direct if settings.get("api_url") else self.gateway
        return carrier.carry(parcel, settings, secrets)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *_args: Any, **_kwargs: Any) -> None:
        """A gateway does not send messages on to somewhere else."""
        return None


def opened(request: Request, most: int) -> tuple[bytes, HTTPMessage]:
    """At most so many bytes of the answer, and its headers. Raises OSError or HTTPException."""
    with build_opener(_Stay).open(request, timeout=PATIENCE) as answer:
        assert isinstance(answer, HTTPResponse)
        return answer.read(most), answer.headers


def _post(request: Request) -> bytes:
    try:
        return opened(request, LONGEST_ANSWER)[0]
    except HTTPError as error:
        words = f"The gateway answered {error.code}."
        raise (NotNow if error.code >= 500 or error.code in BUSY else Rejected)(words) from error
    except (URLError, OSError, HTTPException) as error:
        raise NotNow("The gateway is away.") from error


def _reference(answer: bytes, key: str) -> str:
    """The gateway's name of the message; the key itself where it has none."""
    try:
        told = json.loads(answer)
    except ValueError:
        told = None
    reference = told.get("ref") if isinstance(told, dict) else None
    return str(reference or key)[:200]
