"""Passwords and sessions: what lets a person in, and what puts them out."""

import secrets
import string

from django.contrib.auth.password_validation import validate_password
from django.db import transaction

from core import audit
from core.audit import Actor
from staff.actions.trail import record
from staff.models import Person, Session

PASSWORD_LETTERS = string.ascii_letters + string.digits
PASSWORD_LENGTH = 16


def fresh_password() -> str:
    """A password nobody has to invent: 16 letters and digits, about 95 bits."""
    return "".join(secrets.choice(PASSWORD_LETTERS) for _place in range(PASSWORD_LENGTH))


@transaction.atomic
def reset_password(*, actor: Actor, person: Person) -> str:
    """A new password to hand over; all the person's sessions end, and to be changed at the next sign-in."""
    password = fresh_password()
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    end_sessions(person)
    record(actor, "password.reset", person)
    return password


@transaction.atomic
def change_password(*, person: Person, password: str, keep: str = "") -> None:
    """The person's own new password; all sessions but the one to keep (its row's key) end.

    Raises ValidationError for a weak one.
    """
    validate_password(password, person)
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    end_sessions(person, keep=keep)
    record(person, "password.changed", person)


@transaction.atomic
def note_sign_in(*, person: Person, deed: str, address: str, first: str = "", second: str = "") -> None:
    """`signed_in` or `signed_out`, with the address it came from and the steps it took."""
    steps = {name: step for name, step in (("first", first), ("second", second)) if step}
    record(person, deed, person, {"address": address, **steps})


@transaction.atomic
def note_refused_sign_in(*, name: str, why: str, address: str) -> None:
    """Somebody the identity provider sent who was not let in."""
    audit.record(
        actor=audit.SYSTEM, deed="sign_in.refused", subject_type="username", subject_id=name[:80],
        detail={"why": why, "address": address},
    )  # fmt: skip


@transaction.atomic
def end_session(*, person: Person, session: Session) -> None:
    """One of the person's own sign-ins ends, there and now."""
    session.delete()
    record(person, "session.ended", person, {"address": session.address})


@transaction.atomic
def end_other_sessions(*, person: Person, keep: str) -> int:
    """All the person's sign-ins but the one to keep (its row's key); returns how many."""
    ended = end_sessions(person, keep=keep)
    record(person, "sessions.ended", person, {"sessions": ended})
    return ended


@transaction.atomic
def end_sessions_of(*, actor: Actor, person: Person) -> int:
    """All sign-ins of somebody else, by an administrator; returns how many."""
    ended = end_sessions(person)
    record(actor, "sessions.ended", person, {"sessions": ended})
    return ended


def end_sessions(person: Person, *, keep: str = "") -> int:
    """Removes the rows, inside the deed's transaction."""
    ended, _tables = Session.objects.filter(person=person).exclude(pk=keep).delete()
    return ended
