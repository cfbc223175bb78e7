"""The start page: what waits, where to go, and the date the figures stand on."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_GET

from core.registry import home_panels
from core.runs import last_finished
from staff.access import PersonRequest


@require_GET
def home(request: PersonRequest) -> HttpResponse:
    """Panels that the apps give to the person's rights, under the person's roles and units."""
    person = request.user
    panels = [
        {"key": panel.key, "title": panel.title, "url": reverse(panel.url_name)}
        for panel in home_panels()
        if not panel.right or person.may(panel.right)
    ]
    run = last_finished()
    context = {
        "panels": panels,
        "memberships": person.access.memberships,
        "figures_on": run.as_of if run else None,
    }
    return render(request, "staff/home.html", context)
