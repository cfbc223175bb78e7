"""The start page: what waits, where to go, and the date the figures stand on."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import jobs
from core.registry import worklists
from core.runs import last_finished
from staff.access import PersonRequest
from staff.models import Person


@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """Worklists that the apps give to the person's rights, and the roles held today."""
    person = request.user
    run = last_finished()
    context = {
        "worklists": _worklists(person),
        "shared_jobs": jobs.shared(),
        "memberships": person.access.memberships,
        "figures_on": run.as_of if run else None,
    }
    return render(request, "staff/home.html", context)


def _worklists(person: Person) -> list[dict[str, Any]]:
    allowed = [entry for entry in worklists() if not entry.right or person.may(entry.right)]
    return [
        {"title": _(entry.title), "url": f"{reverse(entry.url_name)}?{entry.query}", "icon": entry.icon}
        for entry in allowed
    ]
