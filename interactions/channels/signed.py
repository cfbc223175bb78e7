"""JSON with an HMAC: switchboards (CTI), chat widgets, SMS gateways, Weibo and the counters of branches.

`X-Timestamp` is the Unix time in seconds, at most five minutes off; `X-Signature` is the hex HMAC-SHA256 of
timestamp, a dot and the raw body under the line's secret `signing`. The body is one envelope or
`{"events": [...]}` of at most 500.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from core.files.content import File
from interactions.channels import Call, Envelope, Forged, Unreadable

OLDEST = 300  # seconds a signature is good for, either way
MOST_EVENTS = 500
LONGEST = {"event_id": 120, "external_user_id": 120, "agent": 60, "conversation_id": 150}
AHEAD = timedelta(minutes=5)  # a clock of the outside may be so fast
EARLIEST = datetime(2000, 1, 1, tzinfo=UTC)

CALL_KINDS = {
    "newCall": "ring", "queued": "queued", "answer": "answer", "hold": "hold", "resume": "resume",
    "transfer": "transfer", "hangup": "hangup", "rating": "rating",
}  # fmt: skip
MESSAGE_KINDS = {"message": "message", "closed": "closed", "rating": "rating", "receipt": "receipt"}
VISIT_KINDS = {"arrived": "queued", "served": "answer", "left": "hangup", "rating": "rating"}


@dataclass(frozen=True)
class Signed:
    """The adapter for events of these types, as the outside calls them -> as the house does."""

    kinds: Mapping[str, str]

    def read(self, call: Call) -> Sequence[Envelope]:
        prove(call)
        try:
            told = json.loads(call.raw)
        except (ValueError, RecursionError) as error:
            raise Unreadable("The body is no JSON.") from error
        events = told.get("events", [told]) if isinstance(told, dict) else None
        if not isinstance(events, list) or not 0 < len(events) <= MOST_EVENTS:
            raise Unreadable(f'Send one event, or {{"events": [...]}} with 1 to {MOST_EVENTS}.')
        return [self._envelope(event, call.now) for event in events]

    def _envelope(self, event: Any, now: float) -> Envelope:
        if not isinstance(event, dict):
            raise Unreadable("An event is a JSON object.")
        words = {name: _word(event, name, longest) for name, longest in LONGEST.items()}
        kind, direction = self.kinds.get(str(event.get("type"))), event.get("direction", "in")
        if kind is None:
            raise Unreadable(f"type must be one of {', '.join(self.kinds)}.")
        if direction not in ("in", "out") or not words["event_id"]:
            raise Unreadable("event_id must be given; direction is in or out.")
        payload = event.get("payload") or {}
        if not isinstance(payload, dict):
            raise Unreadable("payload is a JSON object.")
        return Envelope(
            event_id=words["event_id"], kind=kind, occurred_at=moment(event.get("occurred_at"), now),
            external_user_id=words["external_user_id"], direction=direction, agent=words["agent"],
            thread=words["conversation_id"], files=_files(payload.get("files")),
            payload={name: value for name, value in payload.items() if name != "files"},
        )  # fmt: skip


def prove(call: Call) -> None:
    """Raises Forged unless the body was signed with the line's secret a moment ago."""
    stamp, secret = call.headers.get("x-timestamp", ""), call.secrets.get("signing", "")
    given = call.headers.get("x-signature", "")
    wanted = signature(secret, stamp, call.raw)
    if not secret or not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
        raise Forged
    if not stamp.isascii() or not stamp.isdigit() or abs(call.now - int(stamp[:12])) > OLDEST:
        raise Forged


def signature(secret: str, stamp: str, raw: bytes) -> str:
    """The hex HMAC-SHA256 of timestamp, dot and body."""
    return hmac.new(
        secret.encode(), stamp.encode("utf-8", "replace") + b"." + raw, hashlib.sha256
    ).hexdigest()


def moment(text: Any, now: float) -> datetime:
    """An ISO moment with its offset, not in the future. Raises Unreadable."""
    try:
        read = datetime.fromisoformat(str(text))
    except ValueError as error:
        raise Unreadable("occurred_at is an ISO date and time with offset.") from error
    if read.tzinfo is None or not EARLIEST <= read <= datetime.fromtimestamp(now, UTC) + AHEAD:
        raise Unreadable("occurred_at has an offset from UTC and lies between 2000 and now.")
    return read


def _files(told: Any) -> Sequence[File]:
    """Files as `{"name", "type", "content"}`, the content in Base64. Raises Unreadable."""
    if not told:
        return ()
    try:
        return tuple(
            File(str(one["name"]), str(one.get("type", "")), base64.b64decode(one["content"], validate=True))
            for one in told
        )
    except (TypeError, KeyError, AttributeError, ValueError) as error:
        raise Unreadable("files are objects with name, type and content in Base64.") from error


def _word(event: Mapping[str, Any], name: str, longest: int) -> str:
    value = event.get(name)
    text = "" if value is None else str(value).strip()
    if len(text) > longest or not text.isprintable():
        raise Unreadable(f"{name} has at most {longest} printable characters.")
    return text
