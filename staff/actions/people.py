"""Deeds on people and their roles; each is one transaction and leaves its audit entry."""

from datetime import date
from typing import Any

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils.translation import gettext as _

from core.audit import Actor
from core.errors import Conflict
from staff.actions.signing_in import end_sessions, fresh_password
from staff.actions.trail import record
from staff.models import Membership, Person, Unit
from staff.roles import Role


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
    record(actor, "person.created", person, {"username": username, "name": name, "employee_no": employee_no})
    return person, chosen


@transaction.atomic
def edit_person(*, actor: Actor, person: Person, name: str, email: str, is_active: bool) -> Person:
    """Changes what is changeable; nobody can switch off their own sign-in.

    Whose sign-in is switched off is out at once, and stays out of old sessions when it is switched on again.
    """
    if person.pk == actor.actor_id and actor.actor_kind == "person" and not is_active:
        raise Conflict(_("You cannot switch off your own sign-in."), code="own_sign_in")
    before = {"name": person.name, "email": person.email, "is_active": person.is_active}
    person.name, person.email, person.is_active = name, email, is_active
    person.full_clean()
    person.save(update_fields=list(before))
    if not is_active:
        end_sessions(person)
    after = {"name": name, "email": email, "is_active": is_active}
    changed = {field: [before[field], after[field]] for field in before if before[field] != after[field]}
    record(actor, "person.edited", person, changed)
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
    record(actor, "role.given", person, _told(membership), unit.code)
    return membership


@transaction.atomic
def end_role(*, actor: Actor, membership: Membership, to_date: date) -> Membership:
    """The role ends on this day (exclusive); one that has not begun by then is taken back altogether."""
    _not_for_oneself(actor, membership.person)
    if to_date <= membership.from_date:
        record(actor, "role.withdrawn", membership.person, _told(membership), membership.unit.code)
        membership.delete()
        return membership
    membership.to_date = to_date
    membership.full_clean()
    membership.save(update_fields=["to_date"])
    record(actor, "role.ended", membership.person, _told(membership), membership.unit.code)
    return membership


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
    record(person, "preferences.changed", person, changed)


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
