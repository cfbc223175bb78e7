"""`Idempotency-Key`: the same POST sent again gets the first answer and does nothing twice.

The key's row is written before the deed and in its transaction. A second request with the key waits at the
unique index until the first is in, then reads the stored answer; when the first failed, its row is gone and
the second does the deed.
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import wraps
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection, transaction
from django.utils import timezone
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from core.api.problems import IdempotencyMismatch
from core.models import IdempotencyRecord

HEADER = "Idempotency-Key"
KEPT_FOR = timedelta(hours=72)
LONGEST_KEY = 200
KEPT_HEADERS = ("Location", "ETag")
CLAIM = """
INSERT INTO core_idempotencyrecord (caller, key, fingerprint, headers, created_at)
VALUES (%s, %s, %s, '{}', now()) ON CONFLICT (caller, key) DO NOTHING RETURNING id
"""
STORE = "UPDATE core_idempotencyrecord SET status = %s, body = %s, headers = %s WHERE id = %s"
Handler = Callable[..., Response]


def idempotent(handler: Handler) -> Handler:
    """Decorates a view's `post` (or a viewset's `create`): with a key, answers are stored for 72 hours."""

    @wraps(handler)
    def answer(view: Any, request: Request, *args: Any, **kwargs: Any) -> Response:
        key = request.headers.get(HEADER)
        if key is None:
            with transaction.atomic():
                return handler(view, request, *args, **kwargs)
        _check(key)
        who: Any = request.user
        caller = f"{who.actor_kind}:{who.actor_id}"
        mark = fingerprint(request)
        with transaction.atomic():
            record_id = _claim(caller, key, mark)
            if record_id is None:
                return _replay(IdempotencyRecord.objects.get(caller=caller, key=key), mark)
            response = handler(view, request, *args, **kwargs)
            _store(record_id, response)
        return response

    answer.idempotent = True  # type: ignore[attr-defined]
    return answer


def fingerprint(request: Request) -> str:
    """sha256 over method, address and body; of uploads the files' content."""
    digest = hashlib.sha256(f"{request.method} {request.get_full_path()}\n".encode())
    for piece in _body(request):
        digest.update(piece)
    return digest.hexdigest()


def forget_old() -> int:
    """Deletes answers older than 72 hours; returns how many."""
    return IdempotencyRecord.objects.filter(created_at__lt=timezone.now() - KEPT_FOR).delete()[0]


def _body(request: Request) -> Iterator[bytes]:
    if (request.content_type or "").startswith("application/json") or not request.content_type:
        yield request._request.body
        return
    fields: Any = request.data
    for name, value in sorted(fields.items()):
        yield f"{name}\n".encode()
        if isinstance(value, UploadedFile):
            yield from value.chunks()
            value.seek(0)
        else:
            yield str(value).encode()


def _check(key: str) -> None:
    if not 0 < len(key) <= LONGEST_KEY or not key.isprintable():
        raise ValidationError({HEADER: [ErrorDetail(f"1 to {LONGEST_KEY} printable characters.", "invalid")]})


def _claim(caller: str, key: str, mark: str) -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(CLAIM, [caller, key, mark])
        row = cursor.fetchone()
    return row[0] if row else None


def _store(record_id: int, response: Response) -> None:
    body = JSONRenderer().render(response.data).decode() if response.data is not None else None
    headers = json.dumps({name: response[name] for name in KEPT_HEADERS if name in response})
    with connection.cursor() as cursor:
        cursor.execute(STORE, [response.status_code, body, headers, record_id])


def _replay(record: IdempotencyRecord, mark: str) -> Response:
    if record.fingerprint != mark:
        raise IdempotencyMismatch()
    return Response(
        record.body, status=record.status, headers={**record.headers, "Idempotency-Replayed": "true"}
    )
