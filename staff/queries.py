"""Reads of staff that pages and API share."""

from typing import Any

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from core import outbox
from core.models import AuditEntry, OutboxMessage
from staff.models import Membership, Person, Unit


def person_named(username: str) -> Person | None:
    """The person of this user name, for callers who know the name already."""
    return Person.objects.filter(username=username).first()


def person_called(name: str) -> Person | None:
    """Whoever another system means by an employee number or a user name."""
    if not name:
        return None
    return Person.objects.filter(Q(employee_no=name) | Q(username=name)).order_by("pk").first()


def people_listed(reader: Person) -> QuerySet[Person]:
    """The people somebody may look at, with the roles they hold today as `roles_now`."""
    today = Membership.objects.in_force(timezone.localdate()).select_related("unit")
    return Person.objects.visible_to(reader).prefetch_related(
        Prefetch("memberships", queryset=today, to_attr="roles_now")
    )


def events_for(caller: Any) -> QuerySet[OutboxMessage]:
    """Events at the units of a person or API client; those of no unit only for the whole firm."""
    reach = caller.scope_for("events.view")
    if reach.firm:
        return outbox.collected()
    codes = Unit.objects.filter(pk__in=reach.unit_ids).values("code")
    return outbox.collected().filter(unit_code__in=codes)


def audit_entries(reader: Person) -> QuerySet[AuditEntry]:
    """The trail of the units where the person may read it; all of it from headquarters."""
    scope = reader.scope_for("audit.view")
    if scope.firm:
        return AuditEntry.objects.all()
    codes = Unit.objects.filter(pk__in=scope.unit_ids).values("code")
    return AuditEntry.objects.filter(chain_id__in=codes)
