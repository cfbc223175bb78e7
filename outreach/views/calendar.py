"""The calendar by month, week and day, and its secret address for other programs."""

import hashlib
from datetime import date, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from outreach.actions import feeds
from outreach.models import CalendarFeed
from outreach.queries import calendar as queries
from staff.access import PersonRequest, needs

SHAPES = ("month", "week", "day")


@require_GET
@needs("tasks.view")
def calendar(request: PersonRequest) -> HttpResponse:
    """`?shape=`, `?day=`, `?whose=` say what is shown."""
    shape = request.GET.get("shape", "month")
    shape = shape if shape in SHAPES else "month"
    day = _day(request.GET.get("day", ""))
    whose = queries.TEAM if request.GET.get("whose") == queries.TEAM else queries.MINE
    first, last = queries.span_of(shape, day)
    found = queries.days(request.user, first, last, whose)
    context = {
        "shape": shape, "day": day, "whose": whose, "first": first, "last": last,
        "weeks": [found[start : start + 7] for start in range(0, len(found), 7)],
        "before": _beside(shape, day, -1), "after": _beside(shape, day, 1), "shapes": _shapes(),
        "may_work": request.user.may("tasks.work"),
    }  # fmt: skip
    partial = request.headers.get("HX-Target") == "calendar"
    template = "outreach/calendar/body.html" if partial else "outreach/calendar/page.html"
    return render(request, template, context)


@require_http_methods(["GET", "POST"])
@needs("tasks.view")
def feed_page(request: PersonRequest) -> HttpResponse:
    """Makes the address; it is shown this once."""
    address = ""
    if request.method == "POST":
        token = feeds.make_feed(person=request.user)
        address = f"{settings.PUBLIC_URL}{reverse('calendar_feed', args=[token])}"
    feed = CalendarFeed.objects.filter(person=request.user).first()
    return render(request, "outreach/calendar/feed.html", {"feed": feed, "address": address})


@require_POST
@needs("tasks.view")
def feed_revoke(request: PersonRequest) -> HttpResponse:
    feeds.revoke_feed(person=request.user)
    messages.success(request, _("The address works no more."))
    return redirect("tasks:feed")


@login_not_required
@require_GET
def feed(request: HttpRequest, token: str) -> HttpResponse:
    """The calendar itself, for whoever knows the address; 304 while nothing changed, 404 once revoked."""
    found = queries.feed_of(feeds.checksum(token))
    if found is None or not found.person.may("tasks.view"):
        raise Http404
    feeds.note_read(feed=found)
    with translation.override(found.person.language):
        text = queries.feed_text(found.person)
    tag = f'"{hashlib.sha256(text.encode()).hexdigest()[:24]}"'
    if tag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        response = HttpResponse(text, content_type="text/calendar; charset=utf-8")
        response["Content-Disposition"] = 'inline; filename="tasks.ics"'
    response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def _day(text: str) -> date:
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    return day if day and 1990 < day.year < 2100 else timezone.localdate()


def _beside(shape: str, day: date, way: int) -> date:
    """The day that the page before or after this one is about."""
    if shape == "day":
        return day + timedelta(days=way)
    if shape == "week":
        return day + timedelta(weeks=way)
    first = day.replace(day=1)
    return (
        (first - timedelta(days=1)).replace(day=1) if way < 0 else (first + timedelta(days=31)).replace(day=1)
    )


def _shapes() -> list[tuple[str, Any]]:
    return [
        ("month", pgettext("calendar", "Month")),
        ("week", pgettext("calendar", "Week")),
        ("day", pgettext("calendar", "Day")),
    ]
