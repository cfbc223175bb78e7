"""Reads of staff that pages and API share."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone

from core import outbox
from core.keyset import capped_count
from core.models import AuditEntry, OutboxMessage
from core.registry import notice_kinds
from staff.models import (
    AuthenticatorApp,
    Membership,
    Notice,
    NoticeSetting,
    Passkey,
    Person,
    RecoveryCode,
    Session,
    Unit,
)

# wrong codes of one person, from wherever they come, within so long; then the second step is locked
MOST_WRONG_CODES, COUNTED_FOR = 10, timedelta(minutes=15)


def person_named(username: str) -> Person | None:
    """The person of this user name, for callers who know the name already."""
    return Person.objects.filter(username=username).first()


def person_called(name: str) -> Person | None:
    """Whoever another system means by an employee number or a user name."""
    if not name:
        return None
    return Person.objects.filter(Q(employee_no=name) | Q(username=name)).order_by("pk").first()


def person_of_provider(name: str) -> Person | None:
    """Whom the firm's identity provider means, by the field that the settings name; only active people."""
    if not name:
        return None
    return Person.objects.filter(**{settings.OIDC_FIELD: name}, is_active=True).first()


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


@dataclass(frozen=True)
class Factors:
    """What a person can prove themselves with beside the password."""

    app: AuthenticatorApp | None
    passkeys: list[Passkey]
    codes_left: int

    @property
    def any(self) -> bool:
        return bool(self.app or self.passkeys)


def factors_of(person: Person) -> Factors:
    return Factors(
        app=AuthenticatorApp.objects.filter(person=person).first(),
        passkeys=list(Passkey.objects.filter(person=person).order_by("added_at", "pk")),
        codes_left=RecoveryCode.objects.filter(person=person, used_at=None).count(),
    )


def locked_out_of_second_step(person: Person) -> bool:
    """Whether so many codes were wrong lately that none is taken now."""
    since = timezone.now() - COUNTED_FOR
    failed = AuditEntry.objects.filter(
        subject_type="person", subject_id=str(person.pk), deed="second_factor.failed", at__gte=since
    )
    return len(failed.values_list("pk")[:MOST_WRONG_CODES]) >= MOST_WRONG_CODES


def open_sessions(person: Person) -> QuerySet[Session]:
    """Where the person is signed in now, the one used last first."""
    return Session.objects.filter(person=person).open()
