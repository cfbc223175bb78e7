"""Reads settings from the environment and refuses to start when one is missing or unsafe."""

import base64
import binascii
import os
from urllib.parse import parse_qs, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured


def text(name: str, default: str | None = None) -> str:
    """The variable's value; without a default it must be set."""
    value = os.environ.get(name, default)
    if value is None or (value == "" and default is None):
        raise ImproperlyConfigured(f"Set the environment variable {name} (see docs/operations.md).")
    return value


def flag(name: str, default: bool = False) -> bool:
    return text(name, "1" if default else "0").lower() in {"1", "true", "yes", "on"}


def words(name: str, default: str = "") -> list[str]:
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def key_bytes(name: str, value: str) -> bytes:
    """A 32-byte key written in base64."""
    try:
        raw = base64.b64decode(value, validate=True)
    except binascii.Error as error:
        raise ImproperlyConfigured(f"{name} is not base64.") from error
    if len(raw) != 32:
        raise ImproperlyConfigured(f"{name} must hold 32 bytes, it holds {len(raw)}.")
    return raw


def data_keys(name: str) -> dict[int, bytes]:
    """`1:base64,2:base64`: encryption keys by their number; the highest number encrypts."""
    keys: dict[int, bytes] = {}
    for word in words(name, text(name)):
        number, _, value = word.partition(":")
        if not number.isdigit():
            raise ImproperlyConfigured(f"{name} must look like 1:BASE64,2:BASE64.")
        keys[int(number)] = key_bytes(name, value)
    return keys


def broker(url: str) -> str:
    """REDIS_URL in Celery's spelling, which names a Unix socket and its database number otherwise."""
    parts = urlsplit(url)
    if parts.scheme != "unix":
        return url
    database = parse_qs(parts.query).get("db", [""])[0]
    return f"redis+socket://{parts.netloc}{parts.path}" + (f"?virtual_host={database}" if database else "")


def database(url: str) -> dict:
    """DATABASES entry from postgres://user:password@host:port/name; `?host=/folder` names a socket."""
    parts = urlsplit(url)
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured("DATABASE_URL must start with postgres://")
    query = parse_qs(parts.query)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": query.get("host", [unquote(parts.hostname or "")])[0],
        "PORT": str(parts.port or query.get("port", [""])[0]),
    }
