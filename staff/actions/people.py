"""Deeds on people, roles and units; each is one transaction and leaves its audit entry."""

import secrets
import string
from collections.abc import Mapping
from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.audit import Actor
from core.errors import Conflict
from staff.models import Membership, Person, Unit, UnitRecord
from staff.roles import Role

PASSWORD_LETTERS = string.ascii_letters + string.digits
PASSWORD_LENGTH = 16


def fresh_password() -> str:
    """A password nobody has to invent: 16 letters and digits, about 95 bits."""
    return "".join(secrets.choice(PASSWORD_LETTERS) for _place in range(PASSWORD_LENGTH))


@transaction.atomic
def create_person(
    *, actor: Actor, username: str, name: str, employee_no: str, email: str = "", encoded: str | None = None
) -> tuple[Person, str]:
    """A person without any role yet, and the password to hand over, to be changed at the first sign-in.

    ``encoded`` is a password hashed already (django.contrib.auth.hashers), which stands as it is: hashing
    takes a quarter of a second. No password is handed over then.
    """
    chosen = "" if encoded else fresh_password()
    person = Person(username=username, name=name, employee_no=employee_no, email=email)
    person.password = encoded or make_password(chosen)
    person.must_change_password = encoded is None
    person.full_clean()
    person.save(force_insert=True)
    _record(actor, "person.created", person, {"username": username, "name": name, "employee_no": employee_no})
    return person, chosen


@transaction.atomic
def edit_person(*, actor: Actor, person: Person, name: str, email: str, is_active: bool) -> Person:
    """Changes what is changeable; nobody can switch off their own sign-in."""
    if person.pk == actor.actor_id and actor.actor_kind == "person" and not is_active:
        raise Conflict(_("You cannot switch off your own sign-in."), code="own_sign_in")
    before = {"name": person.name, "email": person.email, "is_active": person.is_active}
    person.name, person.email, person.is_active = name, email, is_active
    person.full_clean()
    person.save(update_fields=list(before))
    after = {"name": name, "email": email, "is_active": is_active}
    changed = {field: [before[field], after[field]] for field in before if before[field] != after[field]}
    _record(actor, "person.edited", person, changed)
    return person


@transaction.atomic
def give_role(
    *, actor: Actor, person: Person, unit: Unit, role: str, from_date: date, to_date: date | None = None
) -> Membership:
    """A role at a unit from a day on; the same role at the same unit cannot be held twice at once."""
    _not_for_oneself(actor, person)
    overlapping = person.memberships.filter(unit=unit, role=role).exclude(to_date__lte=from_date)
    if to_date is not None:
        overlapping = overlapping.exclude(from_date__gte=to_date)
    if overlapping.exists():
        raise Conflict(_("The person already has this role at this unit then."), code="role_held")
    membership = Membership(person=person, unit=unit, role=role, from_date=from_date, to_date=to_date)
    membership.full_clean()
    membership.save(force_insert=True)
    _record(actor, "role.given", person, _told(membership), unit.code)
    return membership


@transaction.atomic
def end_role(*, actor: Actor, membership: Membership, to_date: date) -> Membership:
    """The role ends on this day (exclusive); one that has not begun by then is taken back altogether."""
    _not_for_oneself(actor, membership.person)
    if to_date <= membership.from_date:
        _record(actor, "role.withdrawn", membership.person, _told(membership), membership.unit.code)
        membership.delete()
        return membership
    membership.to_date = to_date
    membership.full_clean()
    membership.save(update_fields=["to_date"])
    _record(actor, "role.ended", membership.person, _told(membership), membership.unit.code)
    return membership


@transaction.atomic
def reset_password(*, actor: Actor, person: Person) -> str:
    """A new password to hand over; all the person's sessions end, and to be changed at the next sign-in."""
    password = fresh_password()
    person.set_password(password)
    person.must_change_password = True
    person.save(update_fields=["password", "must_change_password"])
    _record(actor, "password.reset", person)
    return password


@transaction.atomic
def change_password(*, person: Person, password: str) -> None:
    """The person's own new password; raises ValidationError for a weak one."""
    validate_password(password, person)
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
    _record(person, "password.changed", person)


@transaction.atomic
def prefer(*, person: Person, language: str | None = None, theme: str | None = None) -> None:
    """Remembers the language and colours the person chose."""
    wanted = {name: value for name, value in (("language", language), ("theme", theme)) if value is not None}
    changed = {name: value for name, value in wanted.items() if getattr(person, name) != value}
    if not changed:
        return
    for name, value in changed.items():
        setattr(person, name, value)
    person.clean_fields(exclude=["password"])
    person.save(update_fields=list(changed))
    _record(person, "preferences.changed", person, changed)


@transaction.atomic
def note_sign_in(*, person: Person, deed: str, address: str) -> None:
    """`signed_in` or `signed_out`, with the address it came from."""
    _record(person, deed, person, {"address": address})


@transaction.atomic
def create_unit(*, actor: Actor, code: str, name: str, kind: str, parent: Unit, opened_on: date) -> Unit:
    """A unit that no feed tells of (teams), or one told by hand before its feed does."""
    unit = Unit(code=code, name=name, kind=kind, parent=parent, opened_on=opened_on)
    unit.full_clean()
    unit.save(force_insert=True)
    _tell(unit)
    detail = {"name": name, "kind": kind, "parent": parent.code}
    audit.record(
        actor=actor, deed="unit.created", subject_type="unit", subject_id=code, unit_code=code, detail=detail
    )
    return unit


@transaction.atomic
def rename_unit(*, actor: Actor, unit: Unit, name: str) -> Unit:
    """Changes the name; parents, closures and mergers come with the feeds."""
    before, unit.name = unit.name, name
    unit.full_clean()
    unit.save(update_fields=["name"])
    _tell(unit)
    audit.record(
        actor=actor, deed="unit.renamed", subject_type="unit", subject_id=unit.code, unit_code=unit.code,
        detail={"name": [before, name]},
    )  # fmt: skip
    return unit


def _tell(unit: Unit) -> None:
    """Keeps what was said by hand beside what feeds tell, so that a day's figures know the unit."""
    fields = ("name", "kind", "parent_id", "opened_on", "closed_on", "successor_id")
    told: Mapping[str, Any] = {field: getattr(unit, field) for field in fields}
    UnitRecord.objects.update_or_create(unit=unit, told_on=timezone.localdate(), defaults=told)


def _not_for_oneself(actor: Actor, person: Person) -> None:
    if actor.actor_kind == "person" and actor.actor_id == person.pk:
        raise Conflict(_("Nobody gives or takes their own roles."), code="own_role")


def _told(membership: Membership) -> dict[str, Any]:
    return {
        "role": Role(membership.role).value,
        "unit": membership.unit.code,
        "from": membership.from_date,
        "to": membership.to_date,
    }


def _record(
    actor: Actor, deed: str, person: Person, detail: dict[str, Any] | None = None, unit_code: str = ""
) -> None:
    audit.record(
        actor=actor,
        deed=deed,
        subject_type="person",
        subject_id=person.pk,
        unit_code=unit_code,
        detail=detail,
    )
