"""Who reads, writes and answers: people by a right or role they hold today at some unit."""

from django.db.models import QuerySet
from django.utils import timezone

from staff.models import Membership, Person, Unit
from staff.roles import RIGHTS


def firm_holders(right: str) -> QuerySet[Person]:
    """Active people who hold the right for the whole firm."""
    roles = [role for role, rights in RIGHTS.items() if right in rights]
    held = Membership.objects.in_force(timezone.localdate()).filter(role__in=roles, unit__kind=Unit.Kind.HQ)
    return Person.objects.filter(pk__in=held.values("person_id"), is_active=True)


def role_holders(role: str, unit: Unit) -> QuerySet[Person]:
    """Active people who hold the role at just this unit."""
    held = Membership.objects.in_force(timezone.localdate()).filter(role=role, unit=unit)
    return Person.objects.filter(pk__in=held.values("person_id"), is_active=True)
