"""Personal data at rest: AES-256-GCM with numbered keys, and keyed blind indexes for equality search.

A sealed value is `key number (2 bytes) | nonce (12) | ciphertext and tag`. The context (table, column and
the record's business key) is authenticated with it, so a value copied to another row does not open.
"""

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

NONCE_BYTES = 12


def newest_key() -> int:
    """The number of the key that seals now."""
    return max(settings.DATA_KEYS)


def key_of(sealed: bytes) -> int:
    """The number of the key that a sealed value was made with."""
    return int.from_bytes(bytes(sealed[:2]), "big")


def seal(text: str, context: str) -> bytes | None:
    """Encrypts the text for this context; empty text stays null."""
    if not text:
        return None
    return seal_bytes(text.encode(), context)


def seal_bytes(content: bytes, context: str) -> bytes:
    """Encrypts a piece of a file for this context."""
    number, nonce = newest_key(), os.urandom(NONCE_BYTES)
    body = AESGCM(settings.DATA_KEYS[number]).encrypt(nonce, content, context.encode())
    return number.to_bytes(2, "big") + nonce + body


def unseal(sealed: bytes | memoryview | None, context: str) -> str:
    """Decrypts; raises cryptography.exceptions.InvalidTag for another context or a changed value."""
    return unseal_bytes(sealed, context).decode() if sealed else ""


def unseal_bytes(sealed: bytes | memoryview, context: str) -> bytes:
    """The other way round of seal_bytes; raises InvalidTag as unseal does."""
    raw = bytes(sealed)
    nonce, body = raw[2 : 2 + NONCE_BYTES], raw[2 + NONCE_BYTES :]
    return AESGCM(settings.DATA_KEYS[key_of(raw)]).decrypt(nonce, body, context.encode())


def new_secret() -> bytes:
    """A key for one file; kept sealed in a row, so that changing the house's keys leaves files alone."""
    return AESGCM.generate_key(256)


def lock(secret: bytes, content: bytes, context: str) -> bytes:
    """Encrypts a file under a key of its own."""
    nonce = os.urandom(NONCE_BYTES)
    return nonce + AESGCM(secret).encrypt(nonce, content, context.encode())


def unlock(secret: bytes, locked: bytes, context: str) -> bytes:
    """The other way round of lock; raises InvalidTag as unseal does."""
    return AESGCM(secret).decrypt(locked[:NONCE_BYTES], locked[NONCE_BYTES:], context.encode())


def blind_index(text: str, purpose: str) -> bytes | None:
    """HMAC-SHA256 (first 16 bytes) under the index key: equal texts of one purpose, equal indexes."""
    if not text:
        return None
    return hmac.new(settings.INDEX_KEY, f"{purpose}\0{text}".encode(), hashlib.sha256).digest()[:16]
