"""Where channels bring their events. Each proves itself by its own signature, so nobody signs in here."""

from collections.abc import Mapping
from http import HTTPStatus
from time import time
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from interactions.actions.arrival import receive
from interactions.actions.lines import MOST_BYTES, secrets_of
from interactions.channels import Call, Forged, Unreadable
from interactions.channels.known import WAYS
from interactions.channels.sealed_xml import SealedXml
from interactions.models import Line

PLATFORM_DONE = b"success"  # what WeCom and WeChat want to hear


@csrf_exempt
@login_not_required
@require_http_methods(["GET", "POST"])
def channel_events(request: HttpRequest, code: str) -> HttpResponseBase:
    """POST: one call with events. GET: the platforms' question when the address is set up with them."""
    line = Line.objects.filter(code=code, active=True).first()
    if line is None or line.adapter not in WAYS:
        return _problem(HTTPStatus.NOT_FOUND, "There is no such line.")
    if int(request.headers.get("Content-Length") or 0) > MOST_BYTES:
        return _problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "A call has at most 256 KiB.")
    try:
        return _echo(line, request) if request.method == "GET" else _take_in(line, request)
    except Forged:
        return _problem(HTTPStatus.UNAUTHORIZED, "The signature is missing, wrong or too old.")
    except Unreadable as error:
        return _problem(HTTPStatus.UNPROCESSABLE_ENTITY, str(error))


def _take_in(line: Line, request: HttpRequest) -> HttpResponseBase:
    query = {name: str(value) for name, value in request.GET.items()}
    done = receive(line=line, raw=request.body, headers=dict(request.headers), query=query)
    if isinstance(WAYS[line.adapter].adapter, SealedXml):
        return HttpResponse(PLATFORM_DONE, content_type="text/plain")
    return JsonResponse({"accepted": done.accepted, "known": done.known})


def _echo(line: Line, request: HttpRequest) -> HttpResponseBase:
    adapter = WAYS[line.adapter].adapter
    if not isinstance(adapter, SealedXml):
        return _problem(HTTPStatus.METHOD_NOT_ALLOWED, "Events of this line come by POST.")
    query: Mapping[str, str] = {name: str(value) for name, value in request.GET.items()}

    call = Call(raw=b"", headers={}, query=query, secrets=secrets_of(line), now=time())
    return HttpResponse(adapter.echo(call), content_type="text/plain")


def _problem(status: HTTPStatus, detail: str) -> JsonResponse:
    """RFC 9457, as the API answers."""
    told: dict[str, Any] = {
        "type": "about:blank",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "errors": [],
    }
    return JsonResponse(told, status=status, content_type="application/problem+json")
