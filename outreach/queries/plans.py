"""Reads of task plans and of what was started of them."""

from typing import Any

from django.db.models import QuerySet

from clients.models import Client
from outreach.models import PlanRun
from outreach.queries.tasks import with_progress


def runs_listed(user: Any) -> QuerySet[PlanRun]:
    """Started plans of the clients in sight, with their progress."""
    if not (user.may("tasks.view") and user.scope.identity):
        return PlanRun.objects.none()
    return with_progress(PlanRun.objects.visible_to(user).select_related("client", "plan", "version"))


def running_of(client: Client) -> list[PlanRun]:
    """The plans that run for a client, with their progress."""
    runs = PlanRun.objects.filter(client_id__in=client.record_ids, over_at=None).select_related("plan")
    return list(with_progress(runs).order_by("-id"))
