"""WeCom and the WeChat official account: XML whose inside is encrypted, proved by a sorted SHA-1.

Secrets of the line: `token`, `aes_key` (43 characters) and `receiver` (corp id or app id). The signature is
the SHA-1 of token, timestamp, nonce and ciphertext, sorted and joined; the ciphertext is AES-256-CBC of 16
random bytes, the length of the message (4 bytes), the message and the receiver, padded to blocks of 32 bytes.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from interactions.channels import Call, Envelope, Forged, Unreadable
from interactions.channels.signed import OLDEST

BLOCK = 32
WORDS = {
    "image": "[图片]",
    "voice": "[语音]",
    "video": "[视频]",
    "file": "[文件]",
}  # as the platforms show them
VOICE = {"voice": ".amr"}


class SealedXml:
    """The adapter for both; they differ in the names of a few parameters only."""

    def read(self, call: Call) -> Sequence[Envelope]:
        message = _tree(self._inside(call, _text(_tree(call.raw), "Encrypt")))
        kind, sender = _text(message, "MsgType"), _text(message, "FromUserName")
        if kind == "event":
            return []  # such as menu clicks; nothing was said
        stamp = _text(message, "CreateTime")
        if not sender or not stamp.isdigit():
            raise Unreadable("FromUserName and CreateTime are missing.")
        number = _text(message, "MsgId") or f"{sender}:{stamp}"
        return [
            Envelope(
                event_id=number, kind="message", occurred_at=datetime.fromtimestamp(int(stamp[:12]), UTC),
                external_user_id=sender, payload=_payload(message, kind, number),
            )
        ]  # fmt: skip

    def echo(self, call: Call) -> bytes:
        """What the platform wants to hear back when the address is set up with it."""
        return self._inside(call, call.query.get("echostr", ""))

    @staticmethod
    def _inside(call: Call, sealed: str) -> bytes:
        """The decrypted message. Raises Forged."""
        query, token = call.query, call.secrets.get("token", "")
        stamp = query.get("timestamp", "")
        parts = sorted([token, stamp, query.get("nonce", ""), sealed])
        wanted = hashlib.sha1("".join(parts).encode()).hexdigest()
        given = query.get("msg_signature", "")
        if not token or not hmac.compare_digest(wanted.encode(), given.encode("utf-8", "replace")):
            raise Forged
        if not stamp.isascii() or not stamp.isdigit() or abs(call.now - int(stamp[:12])) > OLDEST:
            raise Forged
        return _decrypted(sealed, call.secrets.get("aes_key", ""), call.secrets.get("receiver", ""))


def _payload(message: Any, kind: str, number: str) -> dict[str, Any]:
    """What was written; of a picture or file its name with the platform, by which it is fetched."""
    media = _text(message, "MediaId")
    if not media:
        return {"text": _text(message, "Content") or f"[{kind}]"}
    name = _text(message, "FileName") or f"{kind}-{number[-8:]}{VOICE.get(kind, '')}"
    return {
        "text": _text(message, "Recognition") or WORDS.get(kind, f"[{kind}]"),
        "media": [{"id": media, "name": name}],
    }


def _decrypted(sealed: str, aes_key: str, receiver: str) -> bytes:
    try:
        key = base64.b64decode(f"{aes_key}=")
        cipher = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
        plain = cipher.update(base64.b64decode(sealed)) + cipher.finalize()
    except (ValueError, binascii.Error) as error:
        raise Forged from error
    padding = plain[-1] if plain else 0
    content = plain[16:-padding] if 0 < padding <= BLOCK else b""
    length = int.from_bytes(content[:4], "big")
    if content[4 + length :] != receiver.encode():
        raise Forged
    return content[4 : 4 + length]


def _tree(raw: bytes) -> Any:
    try:
        return fromstring(raw)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise Unreadable("The body is no XML of this channel.") from error


def _text(tree: Any, name: str) -> str:
    return (tree.findtext(name) or "").strip()
