"""Versions of a resource: `ETag` on reading, `If-Match` on changing."""

import hashlib
from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from core.api.problems import PreconditionFailed


def etag(*parts: Any) -> str:
    """A strong ETag of whatever identifies one state of a resource, such as its id and version."""
    return '"' + hashlib.sha256("\0".join(str(part) for part in parts).encode()).hexdigest()[:24] + '"'


def with_etag(response: Response, tag: str) -> Response:
    response["ETag"] = tag
    return response


def check_match(request: Request, tag: str) -> None:
    """Raises 412 when the caller's If-Match names another state; without the header nothing is checked."""
    wanted = request.headers.get("If-Match")
    if wanted is None or wanted.strip() == "*":
        return
    if tag not in {part.strip() for part in wanted.split(",")}:
        raise PreconditionFailed()
