"""Sign-ins and sign-outs leave audit entries, whichever page or library they came through."""

from typing import Any

from axes.signals import user_locked_out
from django.contrib.auth.signals import user_logged_in, user_logged_out
from django.db import transaction
from django.dispatch import receiver
from django.http import HttpRequest

from core import audit
from core.addresses import client_address
from staff.actions import note_sign_in
from staff.models import Person


@receiver(user_logged_in)
def signed_in(request: HttpRequest, user: Person, **_extra: Any) -> None:
    note_sign_in(person=user, deed="signed_in", address=client_address(request))


@receiver(user_logged_out)
def signed_out(request: HttpRequest, user: Person | None, **_extra: Any) -> None:
    if user is not None:
        note_sign_in(person=user, deed="signed_out", address=client_address(request))


@receiver(user_locked_out)
@transaction.atomic
def locked_out(username: str | None = None, ip_address: str | None = None, **_extra: Any) -> None:
    """Too many failed sign-ins; the attempts themselves stand in axes' tables."""
    audit.record(
        actor=audit.SYSTEM,
        deed="sign_in.locked",
        subject_type="username",
        subject_id=(username or "")[:80],
        detail={"address": ip_address},
    )
