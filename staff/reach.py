"""Who may see what: memberships in force and the organisation tree, put together as a Scope.

The models ask here, so nothing but models is used.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from staff.models import Membership, Person, Unit
from staff.roles import CLIENT_RIGHT, NEEDS_IDENTITY, OWN_CLIENTS_ONLY, RIGHTS, SCOPE_RIGHTS, WITHOUT_IDENTITY
from staff.scope import Scope
from staff.tree import UnitTree


class Access:
    """A person's memberships in force on a day, and the scopes that follow from them."""

    def __init__(self, person: Person, on: date | None = None) -> None:
        self.person = person
        self.on = on or timezone.localdate()

    @cached_property
    def memberships(self) -> list[Membership]:
        if not self.person.is_active:
            return []
        found = self.person.memberships.in_force(self.on).select_related("unit")
        return list(found.order_by("unit__code", "role"))

    @cached_property
    def tree(self) -> UnitTree:
        return UnitTree.load()

    @cached_property
    def rights(self) -> frozenset[str]:
        """All rights of all roles. Who holds a role without identity does nothing that needs a name."""
        rights = frozenset[str]().union(*(RIGHTS[membership.role] for membership in self.memberships))
        return rights - NEEDS_IDENTITY if self._without_identity else rights

    @property
    def needs_second_factor(self) -> bool:
        """Whether one of the roles may not sign in by password alone (CRM_SECOND_FACTOR_ROLES)."""
        asked = settings.SECOND_FACTOR_ROLES
        return bool(asked) and any(membership.role in asked for membership in self.memberships)

    @property
    def _without_identity(self) -> bool:
        return any(membership.role in WITHOUT_IDENTITY for membership in self.memberships)

    def scope(self, right: str = CLIENT_RIGHT) -> Scope:
        """Where the person holds this right: a role at one unit says nothing about another unit."""
        granting = [membership for membership in self.memberships if right in RIGHTS[membership.role]]
        if right not in self.rights:
            granting = []
        return self._reach(granting)

    def reach(self) -> Scope:
        """Every unit the person has any role at or above, whatever the role may do there."""
        return self._reach(self.memberships)

    def _reach(self, memberships: Collection[Membership]) -> Scope:
        places = {m.unit_id: m.unit.kind for m in memberships if m.role not in OWN_CLIENTS_ONLY}
        area = _area(places, lambda: self.tree, self.on)
        own = any(member.role in OWN_CLIENTS_ONLY for member in memberships)
        clients = any(CLIENT_RIGHT in RIGHTS[member.role] for member in memberships)
        return Scope(
            firm=area.firm,
            branch_ids=area.branches,
            manager_nos=frozenset({self.person.employee_no}) if own else frozenset(),
            unit_ids=area.units,
            clients=clients,
            identity=clients and not self._without_identity,
            rights=self.rights,
        )


def read_together(people: Iterable[Person]) -> list[Person]:
    """These people with today's memberships, read for all of them in two queries instead of two for each."""
    found = list(people)
    rows = Membership.objects.in_force(timezone.localdate()).filter(person__in=found, person__is_active=True)
    tree, held = UnitTree.load(), defaultdict(list)
    for row in rows.select_related("unit").order_by("unit__code", "role"):
        held[row.person_id].append(row)
    for person in found:
        person.access.memberships, person.access.tree = held[person.pk], tree
    return found


def scope_of_person(person: Person, *, on: date | None = None) -> Scope:
    """The clients a person may see on that day (today), with all the person's rights."""
    return Access(person, on).scope()


def scope_of_client(places: Iterable[tuple[int, str]], scopes: frozenset[str]) -> Scope:
    """What an API client bound to these units (id, kind) may see with these OAuth2 scopes."""
    rights = frozenset[str]().union(*(SCOPE_RIGHTS.get(scope, frozenset()) for scope in scopes))
    kinds = dict(places)
    area = _area(kinds, UnitTree.load, timezone.localdate())
    return Scope(
        firm=area.firm,
        branch_ids=area.branches,
        unit_ids=area.units,
        clients=bool(kinds),
        identity=bool(kinds) and "clients:read" in scopes,
        rights=rights,
    )


@dataclass(frozen=True)
class Area:
    """The whole firm (its units are not listed), or some units with the branches among them."""

    firm: bool = False
    units: frozenset[int] = frozenset()
    branches: frozenset[int] = frozenset()


def _area(places: Mapping[int, str], tree: Callable[[], UnitTree], on: date) -> Area:
    """What lies at and below these units (id -> kind); the tree is read only where it is needed."""
    if not places:
        return Area()
    if Unit.Kind.HQ in places.values():
        return Area(firm=True)
    whole = tree()
    seats = [whole.seat(place) for place in places]
    if any(seat.kind == Unit.Kind.HQ for seat in seats):
        return Area(firm=True)
    units = frozenset[int]().union(*(whole.under(seat.id, on) for seat in seats))
    return Area(units=units, branches=whole.branches(units))


def members(scope: Scope) -> Q:
    """Condition on Person: has, had or will have a role at a unit of the scope."""
    return (
        Q()
        if scope.firm
        else Q(pk__in=Membership.objects.filter(unit_id__in=scope.unit_ids).values("person_id"))
    )
