"""The secret address of a person's calendar: made, made anew, revoked. Only its checksum is kept."""

import hashlib
import secrets

from django.db import transaction
from django.utils import timezone

from core import audit
from outreach.models import CalendarFeed
from staff.models import Person

TOKEN_BYTES = 32


def checksum(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@transaction.atomic
def make_feed(*, person: Person) -> str:
    """A new address's token, shown this once; the one before works no more."""
    token = secrets.token_urlsafe(TOKEN_BYTES)
    made = {"checksum": checksum(token), "made_at": timezone.now(), "read_at": None}
    CalendarFeed.objects.update_or_create(person=person, defaults=made)
    _note(person, "calendar_feed.made")
    return token


@transaction.atomic
def revoke_feed(*, person: Person) -> bool:
    """The address works no more; False when there was none."""
    gone = CalendarFeed.objects.filter(person=person).delete()[0]
    if gone:
        _note(person, "calendar_feed.revoked")
    return bool(gone)


def note_read(*, feed: CalendarFeed) -> None:
    """When a calendar program came last, to the minute."""
    now = timezone.now()
    if feed.read_at is None or (now - feed.read_at).total_seconds() > 60:
        CalendarFeed.objects.filter(pk=feed.pk).update(read_at=now)


def _note(person: Person, deed: str) -> None:
    audit.record(actor=person, deed=deed, subject_type="person", subject_id=person.pk)
