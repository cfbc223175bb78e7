"""Errors as RFC 9457 problem documents (application/problem+json), whoever raises them."""

from collections.abc import Iterator
from http import HTTPStatus
from typing import Any

from django.core.exceptions import (
    NON_FIELD_ERRORS,
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
    ValidationError,
)
from django.http import Http404, HttpResponse, JsonResponse
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder
from rest_framework.views import exception_handler, set_rollback

from core.errors import Refusal
from core.keyset import InvalidCursor
from core.logs import request_id

CONTENT_TYPE = "application/problem+json"
Detail = list[dict[str, str]]


class PreconditionFailed(exceptions.APIException):
    status_code = 412
    default_detail = "The resource was changed in the meantime; read it again."
    default_code = "stale"


class PreconditionRequired(exceptions.APIException):
    status_code = 428
    default_detail = "Say which state you change: send the ETag of what you read as If-Match."
    default_code = "if_match_missing"


class IdempotencyMismatch(exceptions.APIException):
    status_code = 422
    default_detail = "This Idempotency-Key was used with another request."
    default_code = "idempotency_key_reused"


class BodyTooLarge(exceptions.APIException):
    status_code = 413
    default_detail = "The request body is too large."
    default_code = "too_large"


def handle(error: Exception, context: dict[str, Any]) -> Response | None:
    """DRF's exception handler; errors it does not know go on to the server's own 500 page."""
    error = _known(error)
    if isinstance(error, Refusal):
        set_rollback()
        return _answer(error.status, error.message, error.code)
    response = exception_handler(error, context)
    if response is None or not isinstance(error, exceptions.APIException):
        return response
    answer = _of_api_exception(error)
    for name in set(response.headers) - {"Content-Type"}:
        answer[name] = response.headers[name]
    return answer


def _of_api_exception(error: exceptions.APIException) -> Response:
    details = error.get_full_details()
    if isinstance(error, exceptions.ValidationError):
        return _answer(error.status_code, "The request holds errors.", "invalid", list(_flatten(details)))
    if isinstance(details, dict) and _is_leaf(details):
        return _answer(error.status_code, str(details["message"]), str(details["code"]))
    return _answer(error.status_code, str(error.default_detail), str(error.default_code))


def document(status: int, detail: str, code: str, errors: Detail | None = None) -> dict[str, Any]:
    """The body of a problem."""
    return {
        "type": f"urn:problem:{code.replace('_', '-')}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "errors": errors or [],
        "request_id": request_id.get(),
    }


def plain_response(status: int, detail: str, code: str) -> HttpResponse:
    """A problem outside any API view: unknown addresses and crashes."""
    return JsonResponse(
        document(status, detail, code), status=status, content_type=CONTENT_TYPE, encoder=JSONEncoder
    )


def _answer(status: int, detail: str, code: str, errors: Detail | None = None) -> Response:
    return Response(document(status, detail, code, errors), status=status, content_type=CONTENT_TYPE)


def _known(error: Exception) -> Exception:
    """What Django and the rules raise, said in DRF's words."""
    if isinstance(error, ValidationError):
        return exceptions.ValidationError(detail=_django_details(error))
    if isinstance(error, Http404):
        return exceptions.NotFound("There is nothing at this address that you may see.")
    if isinstance(error, PermissionDenied):
        return exceptions.PermissionDenied()
    if isinstance(error, InvalidCursor):
        return exceptions.ValidationError({"cursor": [exceptions.ErrorDetail(str(error), "invalid_cursor")]})
    if isinstance(error, RequestDataTooBig):
        return BodyTooLarge()
    if isinstance(error, SuspiciousOperation):
        return exceptions.ParseError("The request cannot be read.", code="bad_request")
    return error


def _django_details(error: ValidationError) -> dict[str, list[exceptions.ErrorDetail]]:
    by_field = error.error_dict if hasattr(error, "error_dict") else {NON_FIELD_ERRORS: error.error_list}
    return {
        "" if field == NON_FIELD_ERRORS else field: [
            exceptions.ErrorDetail(text, item.code or "invalid") for item in items for text in item.messages
        ]
        for field, items in by_field.items()
    }


def _flatten(details: Any, path: str = "") -> Iterator[dict[str, str]]:
    """DRF's nested error details as one flat list; `field` is a dotted path, empty for the whole body."""
    if _is_leaf(details):
        yield {"field": path, "code": str(details["code"]), "message": str(details["message"])}
    elif isinstance(details, dict):
        for name, inner in details.items():
            yield from _flatten(inner, path if name in ("", "non_field_errors") else _join(path, name))
    else:
        of_items = any(inner and not _is_leaf(inner) for inner in details)
        for position, inner in enumerate(details):
            if inner:
                yield from _flatten(inner, _join(path, position) if of_items else path)


def _join(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _is_leaf(details: Any) -> bool:
    return (
        isinstance(details, dict)
        and set(details) == {"message", "code"}
        and isinstance(details["message"], str)
    )
