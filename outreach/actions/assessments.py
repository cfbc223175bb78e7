"""Tasks for risk assessments that end soon: at 30 and at 7 days, once each, closed when assessed anew."""

from collections import defaultdict
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_noop

from clients.models import Client
from clients.suitability import REMIND_BEFORE, years_later
from core import audit, sql
from outreach.actions.tasks import give_tasks
from outreach.models import Task

KIND = "assessment"
TITLE = gettext_noop("Renew the risk assessment")
WHY = {
    30: gettext_noop("The risk assessment ends within 30 days."),
    7: gettext_noop("The risk assessment ends within 7 days."),
}
RESTS = (Client.Status.CLOSED, Client.Status.DECEASED, Client.Status.PROSPECT)
AT_ONCE = 5000


def give_and_close(today: date | None = None) -> tuple[int, int]:
    """How many tasks were given and how many closed."""
    today = today or timezone.localdate()
    closed = close_renewed()
    return sum(_give(days, today) for days in sorted(REMIND_BEFORE)), closed


@transaction.atomic
def close_renewed() -> int:
    """Ends the open tasks of clients whose assessment ends later by now, or who need none any more."""
    told = {
        "kind": KIND,
        "years": settings.RISK_ASSESSMENT_YEARS,
        "actor_name": audit.SYSTEM.actor_name,
    }
    closed = sql.run("outreach", "assessment_close", told)
    if closed:
        audit.record(
            actor=audit.SYSTEM, deed="tasks.closed", subject_type="tasks", subject_id=KIND,
            detail={"tasks": closed},
        )  # fmt: skip
    return closed


def _give(days: int, today: date) -> int:
    """To each client whose assessment ends within so many days and not within the nearer step's."""
    nearer = max((step for step in REMIND_BEFORE if step < days), default=-1)
    given = 0
    for end, ids in _ending(today + timedelta(days=nearer + 1), today + timedelta(days=days)).items():
        for start in range(0, len(ids), AT_ONCE):
            given += _give_some(days, end, ids[start : start + AT_ONCE])
    return given


@transaction.atomic
def _give_some(days: int, end: date, ids: list[int]) -> int:
    """Their tasks; the one of the farther step goes, so that nobody has two."""
    levels = Task.Priority
    priority = levels.HIGH if days == min(REMIND_BEFORE) else levels.NORMAL
    asked = give_tasks(
        actor=audit.SYSTEM, client_ids=ids, title=TITLE, due_at=end, kind=KIND,
        key=f"assessment:{end}:{days}", why=WHY[days], priority=priority,
    )  # fmt: skip
    if asked:
        keep = f"assessment:{end}:{days}:"
        sql.run("outreach", "assessment_replace", {"kind": KIND, "client_ids": asked, "key": keep})
    return len(asked)


def _ending(first: date, last: date) -> dict[date, list[int]]:
    """Clients (ids) by the last day that their assessment holds, for last days from first to last."""
    years = settings.RISK_ASSESSMENT_YEARS
    # an assessment of 29 February ends on the 28th, so that one more day is looked at and asked exactly
    begun = years_later(first, -years) - timedelta(days=1)
    rows: QuerySet = Client.objects.filter(
        merged_into=None, risk_assessed_on__range=(begun, years_later(last, -years) + timedelta(days=1))
    ).exclude(status__in=RESTS)
    found: dict[date, list[int]] = defaultdict(list)
    for pk, assessed in rows.order_by("pk").values_list("pk", "risk_assessed_on"):
        end = years_later(assessed, years)
        if first <= end <= last:
            found[end].append(pk)
    return found
