"""Who may do what with a case: lead where it belongs, own it."""

from typing import Any

from cases.models import Case, Recusal
from staff.models import Membership, Person
from staff.reach import read_together
from staff.roles import RIGHTS
from staff.scope import Scope


def inside(scope: Scope, case: Case) -> bool:
    """Whether the case lies where this scope reaches."""
    if scope.firm:
        return True
    if case.client is None:
        return scope.has_unit(case.unit_id)
    own = case.client.manager_no in scope.manager_nos - {""}
    return own or case.client.branch_id in scope.branch_ids


def may_lead(actor: Any, case: Case) -> bool:
    """Whether the actor gives out cases there; the system itself does everywhere."""
    if actor.actor_kind == "system":
        return True
    return actor.may("cases.assign") and inside(actor.scope_for("cases.assign"), case)


def may_own(person: Person, case: Case) -> bool:
    """Works on cases where this one is, and is not recused from it."""
    if not person.is_active or Recusal.objects.filter(case=case, person=person).exists():
        return False
    return _works_there(person, case)


def _works_there(person: Person, case: Case) -> bool:
    return person.may("cases.work") and inside(person.scope_for("cases.work"), case)


def possible_owners(case: Case) -> list[Person]:
    """Who may be given the case: those with a role there or above that works on cases, by name."""
    roles = [role for role, rights in RIGHTS.items() if "cases.work" in rights]
    units = _line(case)
    people = Person.objects.filter(
        is_active=True,
        pk__in=Membership.objects.filter(unit_id__in=units, role__in=roles).values("person_id"),
    ).exclude(pk__in=case.recusals.values("person_id"))
    return [one for one in read_together(people.order_by("name")[:300]) if _works_there(one, case)]


def _line(case: Case) -> list[int]:
    unit = case.client.branch if case.client else case.unit
    found = [unit.pk, *unit.children.filter(kind="team").values_list("pk", flat=True)]
    while unit.parent is not None:
        unit = unit.parent
        found.append(unit.pk)
    return found


def person_named(typed: str) -> Person | None:
    """Anybody of the firm, by sign-in name, number or name: whoever complains knows one of them."""
    words = typed.strip()
    for field in ("username", "employee_no", "name"):
        found = list(Person.objects.filter(**{field: words})[:2]) if words else []
        if len(found) == 1:
            return found[0]
    return None
