"""The outside world of the channel tests: the simulator's voice with the tests' secrets."""

import json
import time
from typing import Any

from crm.simulator import speech

SECRET = "outside-secret-of-the-tests-0123456789"
PLATFORM = {
    "token": "token-of-the-tests-01",
    "aes_key": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    "receiver": "ww01",
}


def signed(body: Any, *, secret: str = SECRET, at: float | None = None) -> dict[str, Any]:
    """Keyword arguments of the test client's post for a signed JSON call."""
    raw = json.dumps(body).encode()
    return {
        "data": raw, "content_type": "application/json",
        "headers": speech.signing_headers(raw, secret, at),
    }  # fmt: skip


def sealed_text(text: str, receiver: str = PLATFORM["receiver"]) -> str:
    """What WeCom puts into <Encrypt>."""
    return speech.sealed_text(text, {**PLATFORM, "receiver": receiver})


def platform_query(sealed: str, *, token: str = PLATFORM["token"], at: float | None = None) -> dict[str, str]:
    """The signed query string of a call by WeCom."""
    return speech.platform_query(sealed, token, at)


def platform_message(text: str, *, sender: str = "wm_outside", number: str = "1001", at: int = 0) -> str:
    """The XML of one message."""
    moment = at or int(time.time()) - 5
    return speech.platform_message(text, sender=sender, number=number, at=moment, receiver="ww01")
