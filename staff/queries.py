"""Reads of staff that pages and API share."""

from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from core import outbox
from core.keyset import capped_count
from core.models import AuditEntry, OutboxMessage
from core.registry import notice_kinds
from staff.models import Membership, Notice, NoticeSetting, Person, Unit


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


def unread_count(person: Person) -> str:
    """How many notices wait, "99+" where there are more; empty for none."""
    found, capped = capped_count(Notice.objects.visible_to(person).filter(read_at=None), 99)
    return f"{found}+" if capped else str(found or "")


def notice_settings(person: Person) -> list[NoticeSetting]:
    """How the person is told of each kind, by the kinds' names; unsaved where nothing was set."""
    saved = {setting.kind: setting for setting in NoticeSetting.objects.filter(person=person)}
    usual = {"person": person, "shown": True, "mail": settings.NOTICE_MAIL}
    return [saved.get(kind) or NoticeSetting(kind=kind, **usual) for kind in sorted(notice_kinds())]
