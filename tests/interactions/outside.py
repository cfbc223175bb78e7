"""The outside world of the channel tests: it signs and encrypts by its own code."""

import base64
import hashlib
import hmac
import json
import os
import time
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

SECRET = "outside-secret-of-the-tests-0123456789"
PLATFORM = {
    "token": "token-of-the-tests-01",
    "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "receiver": "ww01",
}


def signed(body: Any, *, secret: str = SECRET, at: float | None = None) -> dict[str, Any]:
    """Keyword arguments of the test client's post for a signed JSON call."""
    raw = json.dumps(body).encode()
    stamp = str(int(time.time() if at is None else at))
    sign = hmac.new(secret.encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    return {
        "data": raw, "content_type": "application/json",
        "headers": {"X-Timestamp": stamp, "X-Signature": sign},
    }  # fmt: skip


def sealed_text(text: str, receiver: str = PLATFORM["receiver"]) -> str:
    """What WeCom puts into <Encrypt>."""
    key = base64.b64decode(PLATFORM["aes_key"] + "=")
    said = text.encode()
    plain = os.urandom(16) + len(said).to_bytes(4, "big") + said + receiver.encode()
    filling = 32 - len(plain) % 32
    box = Cipher(algorithms.AES(key), modes.CBC(key[:16])).encryptor()
    return base64.b64encode(box.update(plain + bytes([filling]) * filling) + box.finalize()).decode()


def platform_query(sealed: str, *, token: str = PLATFORM["token"], at: float | None = None) -> dict[str, str]:
    """The signed query string of a call by WeCom."""
    stamp = str(int(time.time() if at is None else at))
    joined = "".join(sorted([token, stamp, "nonce1", sealed]))
    return {"msg_signature": hashlib.sha1(joined.encode()).hexdigest(), "timestamp": stamp, "nonce": "nonce1"}


def platform_message(text: str, *, sender: str = "wm_outside", number: str = "1001", at: int = 0) -> str:
    """The XML of one message."""
    return (
        f"<xml><ToUserName>ww01</ToUserName><FromUserName>{sender}</FromUserName>"
        f"<CreateTime>{at or int(time.time()) - 5}</CreateTime><MsgType>text</MsgType>"
        f"<Content>{text}</Content><MsgId>{number}</MsgId></xml>"
    )
