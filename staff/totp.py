"""Codes of authenticator apps: RFC 6238 with SHA-1, six digits, thirty seconds, as all apps know them."""

import base64
import hashlib
import hmac
import secrets
import struct
from urllib.parse import quote, urlencode

import segno

PERIOD = 30  # seconds
DIGITS = 6
KEY_BYTES = 20
DRIFT = 1  # steps a phone's clock may be ahead or behind


def new_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


def step_at(moment: float) -> int:
    """The number of the 30-second step that this moment (seconds since 1970) is in."""
    return int(moment // PERIOD)


def code_of(key: bytes, step: int) -> str:
    """RFC 4226's dynamic truncation of the step's HMAC."""
    digest = hmac.new(key, struct.pack(">Q", step), hashlib.sha1).digest()
    offset = digest[-1] & 0x0F
    number = int.from_bytes(digest[offset : offset + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**DIGITS:0{DIGITS}d}"


def matching_step(key: bytes, code: str, moment: float, after: int = -1) -> int | None:
    """The step that the code was made in, only steps later than `after`; None for a wrong or used code."""
    now = step_at(moment)
    found = None
    for step in range(max(now - DRIFT, after + 1, 0), now + DRIFT + 1):
        if hmac.compare_digest(code_of(key, step).encode(), code.encode()):
            found = step
    return found


def spelled(key: bytes) -> str:
    """The key as people type it where they cannot scan: base32 in groups of four."""
    text = _base32(key)
    return " ".join(text[place : place + 4] for place in range(0, len(text), 4))


def address(key: bytes, username: str, issuer: str) -> str:
    """The `otpauth:` address that apps read."""
    asked = {
        "secret": _base32(key),
        "issuer": issuer,
        "algorithm": "SHA1",
        "digits": DIGITS,
        "period": PERIOD,
    }
    return f"otpauth://totp/{quote(issuer)}:{quote(username)}?{urlencode(asked, quote_via=quote)}"


def picture(text: str) -> str:
    """The QR code of a text as an SVG element without any style of its own."""
    code = segno.make(text, error="m", micro=False)
    return code.svg_inline(border=3, svgclass="qr", lineclass=None, omitsize=True)


def _base32(key: bytes) -> str:
    return base64.b32encode(key).decode().rstrip("=")
