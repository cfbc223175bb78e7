"""The outside's voice: signs, encrypts and writes down events as each protocol wants them.

Written from the protocols and not from the adapters (interactions.channels), so that a mistake on one side
does not hide on the other.
"""

import base64
import hashlib
import hmac
import json
import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode
from xml.sax.saxutils import escape

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

Secrets = Mapping[str, str]
WRONG = "forged-secret-that-nobody-was-given"
LONG_AGO = 3600  # seconds


@dataclass(frozen=True)
class Event:
    """Something that happened outside, in the outside's words. thread: '' where the channel has none."""

    line: str
    event_id: str
    kind: str
    at: datetime
    sender: str
    thread: str = ""
    direction: str = "in"
    agent: str = ""
    payload: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Post:
    """One call to a line, signed."""

    line: str
    body: bytes
    headers: Mapping[str, str]
    query: Mapping[str, str] = field(default_factory=dict)

    @property
    def path(self) -> str:
        """Where it goes, with the query."""
        tail = f"?{urlencode(self.query)}" if self.query else ""
        return f"/api/v1/channels/{self.line}/events{tail}"


def mac(secret: str, stamp: str, raw: bytes) -> str:
    """The hex HMAC-SHA256 of timestamp, dot and body."""
    return hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()


def signing_headers(raw: bytes, secret: str, at: float | None = None) -> dict[str, str]:
    """The two headers that prove a body; `at` in seconds of the Unix clock, now when left out."""
    stamp = str(int(time.time() if at is None else at))
    return {"X-Timestamp": stamp, "X-Signature": mac(secret, stamp, raw)}


def sealed_text(text: str, secrets: Secrets) -> str:
    """What the platforms put into <Encrypt>: AES-256-CBC in blocks of 32."""
    key = base64.b64decode(secrets["aes_key"] + "=")
    said = text.encode()
    plain = os.urandom(16) + len(said).to_bytes(4, "big") + said + secrets["receiver"].encode()
    filling = 32 - len(plain) % 32
    box = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(box.update(plain + bytes([filling]) * filling) + box.finalize()).decode()


def platform_query(sealed: str, token: str, at: float | None = None) -> dict[str, str]:
    """The query string by which a platform proves what it sealed."""
    stamp, nonce = str(int(time.time() if at is None else at)), os.urandom(4).hex()
    joined = "".join(sorted([token, stamp, nonce, sealed]))
    return {"msg_signature": hashlib.sha1(joined.encode()).hexdigest(), "timestamp": stamp, "nonce": nonce}


def platform_message(text: str, *, sender: str, number: str, at: int, receiver: str, media: str = "") -> str:
    """The XML of one message, before it is sealed; with media the picture of that name."""
    said = (
        f"<MsgType>image</MsgType><MediaId>{escape(media)}</MediaId>"
        if media
        else f"<MsgType>text</MsgType><Content>{escape(text)}</Content>"
    )
    return (
        f"<xml><ToUserName>{receiver}</ToUserName><FromUserName>{escape(sender)}</FromUserName>"
        f"<CreateTime>{at}</CreateTime>{said}<MsgId>{number}</MsgId></xml>"
    )


def _told(event: Event) -> dict[str, Any]:
    named = {
        "event_id": event.event_id, "type": event.kind, "occurred_at": event.at.isoformat(),
        "external_user_id": event.sender, "direction": event.direction, "agent": event.agent,
        "conversation_id": event.thread,
    }  # fmt: skip
    return {**{name: value for name, value in named.items() if value}, "payload": dict(event.payload)}


def signed_json(events: Sequence[Event], secrets: Secrets, at: float | None = None) -> Post:
    """One event as it is, several as a batch; all of one line."""
    body = _told(events[0]) if len(events) == 1 else {"events": [_told(event) for event in events]}
    raw = json.dumps(body).encode()
    headers = {"Content-Type": "application/json", **signing_headers(raw, secrets["signing"], at)}
    return Post(events[0].line, raw, headers)


def sealed_xml(events: Sequence[Event], secrets: Secrets, at: float | None = None) -> Post:
    """A message by WeCom or the WeChat official account."""
    event, receiver = events[0], secrets["receiver"]
    message = platform_message(
        str(event.payload["text"]), sender=event.sender, number=event.event_id,
        at=int(event.at.timestamp()), receiver=receiver,
        media=next((str(one["id"]) for one in event.payload.get("media", ())), ""),
    )  # fmt: skip
    sealed = sealed_text(message, secrets)
    body = f"<xml><ToUserName>{receiver}</ToUserName><Encrypt>{sealed}</Encrypt></xml>"
    query = platform_query(sealed, secrets["token"], at)
    return Post(event.line, body.encode(), {"Content-Type": "text/xml"}, query)


def signed_mail(events: Sequence[Event], secrets: Secrets, at: float | None = None) -> Post:
    """A mail as a mail server posts it; an answer names the first mail of its thread."""
    event = events[0]
    mail = EmailMessage()
    mail["From"], mail["To"] = event.sender, "service@broker.example"
    mail["Subject"], mail["Date"] = "Question", format_datetime(event.at)
    mail["Message-ID"] = event.event_id
    if event.thread != event.event_id:
        mail["References"] = event.thread
    mail.set_content(str(event.payload["text"]))
    raw = mail.as_bytes()
    headers = {"Content-Type": "message/rfc822", **signing_headers(raw, secrets["signing"], at)}
    return Post(event.line, raw, headers)


Voice = Callable[[Sequence[Event], Secrets, float | None], Post]
VOICES: dict[str, Voice] = {"wecom": sealed_xml, "wechat": sealed_xml, "email": signed_mail}


def voice_of(adapter: str) -> Voice:
    """How the outside speaks on lines of this adapter."""
    return VOICES.get(adapter, signed_json)


def forged(event: Event, adapter: str, secrets: Secrets, way: int) -> Post:
    """The same call by somebody else: with another secret, recorded long ago, or changed on its way."""
    speak = voice_of(adapter)
    if way % 3 == 0:
        guessed = {name: WRONG if name in ("signing", "token") else value for name, value in secrets.items()}
        return speak([event], guessed, None)
    if way % 3 == 1:
        return speak([event], secrets, time.time() - LONG_AGO)
    true = speak([event], secrets, None)
    if true.query:
        return Post(true.line, true.body, true.headers, {**true.query, "nonce": "another"})
    return Post(true.line, true.body + b" ", true.headers)
