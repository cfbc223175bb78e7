"""Pictures and files that a platform keeps and only names: fetched by their name through the line.

A line that speaks to the platform itself fetches there; others from `<media_url>/<id>`, by default
`<gateway_url>/media/<id>`, with the signature of an empty body.
"""

import time
from collections.abc import Mapping
from http.client import HTTPException, HTTPMessage
from pathlib import PurePath
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request

from core.files.content import File
from interactions.channels.outgoing import NotNow, Rejected, Shelf, opened
from interactions.channels.platforms import Platform, fetch
from interactions.channels.signed import signature

ENDINGS = {
    "image/png": ".png", "image/jpeg": ".jpg", "image/gif": ".gif", "application/pdf": ".pdf",
    "text/plain": ".txt", "text/csv": ".csv",
}  # fmt: skip
GONE = (400, 403, 404, 410)


def fetched(
    media_id: str, name: str, *, platform: Platform | None, secret: str, settings: Mapping[str, Any],
    secrets: Mapping[str, str], shelf: Shelf, most: int,
) -> File:  # fmt: skip
    """The file, at most one byte more than `most`. Raises Rejected when it is gone, NotNow."""
    if platform is not None and settings.get("api_url"):
        content, headers = fetch(platform, media_id, settings, secrets, shelf, most)
    else:
        content, headers = _from_gateway(media_id, secret, settings, secrets, most)
    kind = headers.get_content_type()
    return File(_named(name, headers, kind), kind, content)


def _from_gateway(
    media_id: str, secret: str, settings: Mapping[str, Any], secrets: Mapping[str, str], most: int
) -> tuple[bytes, HTTPMessage]:
    gateway = str(settings.get("gateway_url") or "").rstrip("/")
    base = str(settings.get("media_url") or "").rstrip("/") or (f"{gateway}/media" if gateway else "")
    if not base:
        raise NotNow("The line has no address of pictures and files.")
    stamp = str(int(time.time()))
    headers = {"X-Timestamp": stamp, "X-Signature": signature(secrets.get(secret, ""), stamp, b"")}
    try:
        return opened(Request(f"{base}/{quote(media_id, safe='')}", headers=headers), most + 1)
    except HTTPError as error:
        if error.code in GONE:
            raise Rejected(f"The gateway answered {error.code}.") from error
        raise NotNow(f"The gateway answered {error.code}.") from error
    except (OSError, HTTPException) as error:
        raise NotNow("The gateway is away.") from error


def _named(name: str, headers: HTTPMessage, kind: str) -> str:
    """As the message named it, else as the answer does; with the ending of its kind where it has none."""
    chosen = name or headers.get_filename() or "file"
    return chosen if PurePath(chosen).suffix else f"{chosen}{ENDINGS.get(kind, '')}"
