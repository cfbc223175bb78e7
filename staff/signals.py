"""Sign-ins and sign-outs leave audit entries, whichever page or library they came through."""

from typing import Any

from axes.signals import user_locked_out
from django.conf import settings
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest
from django.utils import timezone

from core import audit
from core.addresses import client_address
from core.models import AuditEntry
from staff.actions import note_sign_in
from staff.models import Person
from staff.signing_in import note_way

LOCKED = "sign_in.locked"


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: Person, **_extra: Any) -> None:
    first, second = note_way(request)
    note_sign_in(person=user, deed="signed_in", address=client_address(request), first=first, second=second)


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: Person | None, **_extra: Any) -> None:
    if user is not None:
        note_sign_in(person=user, deed="signed_out", address=client_address(request))


@receiver(user_locked_out)
@transaction.atomic
def locked_out(username: str | None = None, ip_address: str | None = None, **_extra: Any) -> None:
    """Too many failed sign-ins, told once a lockout; the attempts themselves stand in axes' tables."""
    name = (username or "")[:80]
    told = AuditEntry.objects.filter(subject_type="username", subject_id=name, deed=LOCKED)
    if not told.filter(at__gte=timezone.now() - settings.AXES_COOLOFF_TIME).exists():
        audit.record(
            actor=audit.SYSTEM,
            deed=LOCKED,
            subject_type="username",
            subject_id=name,
            detail={"address": ip_address},
        )
