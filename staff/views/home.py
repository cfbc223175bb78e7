"""The start page: what waits, where to go, and the date the figures stand on."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from core import formats, jobs
from core.registry import Worklist, home_panels, worklists
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
        "panels": [panel for panel in home_panels() if not panel.right or person.may(panel.right)],
        "shared_jobs": jobs.shared(),
        "memberships": person.access.memberships,
        "figures_on": run.as_of if run else None,
    }
    return render(request, "staff/home.html", context)


def _worklists(person: Person) -> list[dict[str, Any]]:
    allowed = [entry for entry in worklists() if not entry.right or person.may(entry.right)]
    return [
        {
            "title": _(entry.title),
            "url": f"{reverse(entry.url_name)}?{entry.query}",
            "icon": entry.icon,
            "count": _count(entry, person),
        }
        for entry in allowed
    ]


def _count(entry: Worklist, person: Person) -> str:
    """How many rows wait in the list, "1,000+" where counting stopped; empty where nobody counts."""
    if entry.count is None:
        return ""
    found, capped = entry.count(person)
    return f"{formats.number(found)}+" if capped else formats.number(found)
