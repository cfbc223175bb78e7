"""Health, error pages, API documentation and the tray of background jobs."""

import logging
from typing import Any

import redis
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from django.views import defaults
from django.views.decorators.csrf import csrf_exempt, ensure_csrf_cookie
from django.views.decorators.http import require_GET, require_POST

from core import jobs
from core.api import problems
from core.logs import request_id
from core.models import Job
from core.palette import groups as find_groups

log = logging.getLogger(__name__)
API = "/api/"
TRAY_ROWS = 10
STATE_WORDS: dict[str, Any] = {
    Job.State.WAITING: _("waiting"),
    Job.State.RUNNING: _("running"),
    Job.State.DONE: _("done"),
    Job.State.FAILED: _("failed"),
    Job.State.CANCELLED: _("cancelled"),
}


@login_not_required
@require_GET
def no_stream(_request: HttpRequest) -> HttpResponse:
    """`/live/` on a server without core.stream: pages ask by themselves; the browser does not try again."""
    return HttpResponse(status=204)


@login_not_required
@require_GET
def healthz(_request: HttpRequest) -> HttpResponse:
    """The process lives; nothing else is asked."""
    return JsonResponse({"status": "ok"})


@login_not_required
@require_GET
def readyz(_request: HttpRequest) -> HttpResponse:
    """503 without a database. A broker that is away is told but stops nothing: work waits in the database."""
    database, broker = _database_answers(), _broker_answers()
    body = {"status": "ok" if database else "unavailable", "database": database, "broker": broker}
    return JsonResponse(body, status=200 if database else 503)


def _database_answers() -> bool:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        log.exception("the database does not answer")
        return False
    return True


def _broker_answers() -> bool:
    try:
        with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=1, socket_connect_timeout=1) as broker:
            return bool(broker.ping())
    except redis.RedisError:
        return False


@require_GET
@ensure_csrf_cookie
def api_docs(request: HttpRequest) -> HttpResponse:
    """The API's documentation from local files, without inline script or style."""
    return render(request, "core/api_docs.html")


@require_GET
def palette(request: HttpRequest) -> HttpResponse:
    """Results of the Ctrl+K box."""
    groups = find_groups(request.user, request.GET.get("q", ""))
    return render(request, "components/palette_results.html", {"groups": groups})


@require_GET
def jobs_tray(request: HttpRequest) -> HttpResponse:
    """The person's own newest jobs and those that concern everybody, for the top bar."""
    return _tray(request)


@require_GET
def jobs_shared(request: HttpRequest) -> HttpResponse:
    """How far the jobs are that concern everybody; nothing when there are none, so that asking ends."""
    return render(request, "core/jobs_shared.html", {"shared_jobs": jobs.shared()})


@require_POST
def job_cancel(request: HttpRequest, job_id: int) -> HttpResponse:
    """Stops one of the person's own jobs."""
    jobs.cancel(job=get_object_or_404(jobs.owned_by(_owner(request)), pk=job_id))
    return _tray(request)


def _owner(request: HttpRequest) -> int:
    """Who asks; the middleware lets nobody in who has not signed in."""
    return request.user.pk or 0


def _tray(request: HttpRequest) -> HttpResponse:
    rows = [(job, STATE_WORDS[job.state]) for job in jobs.owned_by(_owner(request))[:TRAY_ROWS]]
    shared = jobs.shared()
    active = sum(job.state in (Job.State.WAITING, Job.State.RUNNING) for job, _words in rows) + len(shared)
    context = {"jobs": rows, "shared_jobs": shared, "active": active}
    return render(request, "core/jobs_tray.html", context)


@csrf_exempt
@login_not_required
def api_not_found(_request: HttpRequest) -> HttpResponse:
    """An address under /api/ that no route knows."""
    return problems.plain_response(
        404, "There is nothing at this address. Addresses end in a slash.", "not_found"
    )


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return problems.plain_response(400, "The request cannot be read.", "bad_request")
    return defaults.bad_request(request, exception)


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return problems.plain_response(403, "You may not do this.", "permission_denied")
    return defaults.permission_denied(request, exception)


def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if request.path.startswith(API):
        return api_not_found(request)
    return defaults.page_not_found(request, exception)


def server_error(request: HttpRequest) -> HttpResponse:
    """The reader learns the request's id, which the log names beside the fault, and nothing else.

    Made without the request, whose reader and menu may be just what failed.
    """
    if request.path.startswith(API):
        return problems.plain_response(500, "The server failed; the fault was recorded.", "server_error")
    return HttpResponse(render_to_string("500.html", {"request_id": request_id.get()}), status=500)
