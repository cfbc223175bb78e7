"""Reads one mail into an envelope: who wrote, what, in answer to which, or which of ours came back."""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from email.utils import parseaddr, parsedate_to_datetime
from html.parser import HTMLParser
from typing import Any

from core.files.content import File
from interactions.channels import Call, Envelope, Unreadable
from interactions.channels.signed import EARLIEST, prove

AHEAD = timedelta(minutes=5)
MOST_FILES = 20
LONGEST_THREAD = 150
IDS = re.compile(r"<[^<>\s]{3,200}>")


class RawMail:
    """The adapter of email lines for mail servers that post what they get (message/rfc822, signed)."""

    def read(self, call: Call) -> Sequence[Envelope]:
        prove(call)
        return [envelope_of(call.raw, datetime.fromtimestamp(call.now, UTC))]


def envelope_of(raw: bytes, now: datetime) -> Envelope:
    """Raises Unreadable for what is no mail."""
    mail = message_from_bytes(raw, policy=policy.default)
    assert isinstance(mail, EmailMessage)
    sender = parseaddr(_header(mail, "From"))[1].lower()
    if not sender or "@" not in sender:
        raise Unreadable("The mail names no sender.")
    number = _ids(mail, "Message-ID")[:1] or [f"<{hashlib.sha256(raw).hexdigest()[:40]}@unnamed>"]
    came = Envelope(event_id=number[0][:120], kind="message", occurred_at=_moment(mail, now))
    if failed := _came_back(mail):
        return replace(came, kind="receipt", payload=failed)
    before = [*_ids(mail, "References"), *_ids(mail, "In-Reply-To")]
    thread = (before or number)[0][:LONGEST_THREAD]
    payload = {"text": _text(mail), "subject": _header(mail, "Subject")[:200], "automatic": _automatic(mail)}
    return replace(
        came, external_user_id=sender[:120], thread=thread, payload=payload, files=tuple(_files(mail))
    )


def _came_back(mail: EmailMessage) -> dict[str, str] | None:
    """Which of our messages could not be delivered, of a delivery status notification (RFC 3464)."""
    if mail.get_content_type() != "multipart/report":
        return None
    status = " ".join(
        str(part) for part in mail.walk() if part.get_content_type() == "message/delivery-status"
    )
    if not re.search(r"^Action:\s*failed", status, re.I | re.M):
        return None
    ours = [found for part in mail.walk() for found in _returned_ids(part)]
    code = re.search(r"^Status:\s*(\d\.\d{1,3}\.\d{1,3})", status, re.I | re.M)
    return {"ref": ours[0], "state": "bounced", "code": code.group(1) if code else ""} if ours else None


def _returned_ids(part: Message) -> list[str]:
    """The name of the mail that a part of the notification quotes."""
    kind = part.get_content_type()
    if kind == "message/rfc822":
        inner = part.get_payload(0) if part.is_multipart() else None
        return IDS.findall(str(inner.get("Message-ID", ""))) if isinstance(inner, Message) else []
    if kind == "text/rfc822-headers":
        return re.findall(r"^Message-ID:\s*(<[^<>\s]+>)", str(part.get_payload()), re.I | re.M)
    return []


def _automatic(mail: EmailMessage) -> bool:
    """Whether a machine wrote it (RFC 3834), so that nobody answers a machine."""
    told = _header(mail, "Auto-Submitted").lower()
    return bool(told and told != "no") or _header(mail, "Precedence").lower() in ("bulk", "junk", "list")


def _moment(mail: EmailMessage, now: datetime) -> datetime:
    """When it was written; now where the mail tells none or one that cannot be."""
    try:
        read = parsedate_to_datetime(_header(mail, "Date"))
    except (ValueError, TypeError):
        return now
    return read if read.tzinfo and EARLIEST <= read <= now + AHEAD else now


def _header(mail: EmailMessage, name: str) -> str:
    try:
        return str(mail.get(name) or "").replace("\n", " ").strip()
    except (ValueError, IndexError, AttributeError, TypeError):  # broken headers, of which there are many
        return ""


def _ids(mail: EmailMessage, name: str) -> list[str]:
    return IDS.findall(_header(mail, name))


def _text(mail: EmailMessage) -> str:
    """What was written, without markup; what was quoted stays."""
    part = mail.get_body(preferencelist=("plain", "html"))
    if part is None:
        return ""
    told = _decoded(part)
    return (_Plain.of(told) if part.get_content_type() == "text/html" else told).replace("\0", "").strip()


def _decoded(part: Any) -> str:
    raw = part.get_payload(decode=True) or b""
    try:
        return raw.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return raw.decode("utf-8", "replace")


def _files(mail: EmailMessage) -> list[File]:
    found = []
    for part in list(mail.iter_attachments())[:MOST_FILES]:
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            found.append(File(part.get_filename() or "file", part.get_content_type(), content))
    return found


class _Plain(HTMLParser):
    """The words of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.hidden = 0

    @classmethod
    def of(cls, page: str) -> str:
        reader = cls()
        reader.feed(page)
        lines = (" ".join(line.split()) for line in "".join(reader.words).splitlines())
        return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()

    def handle_starttag(self, tag: str, _attributes: Any) -> None:
        self.hidden += tag in ("script", "style", "head")
        if tag in ("br", "p", "div", "tr", "li", "h1", "h2", "h3"):
            self.words.append("\n")

    def handle_endtag(self, tag: str) -> None:
        self.hidden -= tag in ("script", "style", "head") and self.hidden > 0

    def handle_data(self, data: str) -> None:
        if not self.hidden:
            self.words.append(data)
