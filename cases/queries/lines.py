"""The line of a case's unit: owner, team lead, branch manager, headquarters."""

from django.utils import timezone

from cases.models import Case
from staff.models import Membership, Unit
from staff.roles import Role

WARNING, LEAD, MANAGER, HEAD = 1, 2, 3, 4


def people_of_level(case: Case, level: int) -> list[int]:
    """Ids of those who are told at this level; of the nearest higher one where nobody is there.

    1: the owner, or the team leads while nobody owns it. 2: owner and team leads of the unit. 3: managers of
    the branch and of the regions above. 4: team leads of headquarters.
    """
    owner = [case.owner_id] if case.owner_id else []
    if level == WARNING and owner:
        return owner
    for step in range(max(level, LEAD), HEAD + 1):
        found = _of_step(case, step)
        if found:
            return sorted({*found, *(owner if level == LEAD else [])})
    return owner


def _of_step(case: Case, step: int) -> list[int]:
    unit = case.client.branch if case.client else case.unit
    line = _above(unit)
    if step == HEAD:
        return _members([one for one in line if one.kind == Unit.Kind.HQ], Role.TEAM_LEAD)
    if step == LEAD:
        teams = list(Unit.objects.filter(parent=unit, kind=Unit.Kind.TEAM))
        return _members([unit, *teams], Role.TEAM_LEAD)
    return _members([one for one in line if one.kind != Unit.Kind.HQ], Role.BRANCH_MANAGER)


def _above(unit: Unit) -> list[Unit]:
    """The unit and all above it, nearest first."""
    line = [unit]
    while line[-1].parent is not None:
        line.append(line[-1].parent)
    return line


def _members(units: list[Unit], role: str) -> list[int]:
    there = Membership.objects.filter(unit__in=units, role=role, person__is_active=True)
    today = timezone.localdate()
    return sorted({one.person_id for one in there if one.in_force(today)})
