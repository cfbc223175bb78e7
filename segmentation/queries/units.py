"""Which branches or manager a filter `?unit=` means, within what the reader may see."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from clients.models import Client
from core.errors import Refusal
from staff.models import Unit
from staff.scope import Scope
from staff.tree import UnitTree

FIRM = "firm"


class UnitUnknown(Refusal):
    """There is no such unit, or none that the reader may see."""

    status = 404

    def __init__(self) -> None:
        super().__init__("There is no such unit that you may see.", code="not_found")


@dataclass(frozen=True)
class UnitChoice:
    """The clients on record with these branches or this manager; `firm` means all of them."""

    firm: bool = False
    branch_ids: tuple[int, ...] = ()
    manager_nos: tuple[str, ...] = ()

    def params(self) -> dict[str, Any]:
        """For SQL files that narrow by unit."""
        return {
            "is_firm": self.firm, "branch_ids": list(self.branch_ids), "manager_nos": list(self.manager_nos),
        }  # fmt: skip

    def narrow(self, rows: QuerySet) -> QuerySet:
        """Rows with branch and manager_no of record that belong to the unit."""
        return rows.filter(self.condition())

    def condition(self, path: str = "") -> Q:
        """The same as a condition; `path` leads to the row that has branch and manager."""
        if self.firm:
            return Q()
        of_manager = {f"{path}manager_no__in": self.manager_nos}
        return Q(**{f"{path}branch_id__in": self.branch_ids}) | Q(**of_manager)


def of_scope(scope: Scope) -> UnitChoice:
    """All that somebody may see."""
    return UnitChoice(scope.firm, tuple(sorted(scope.branch_ids)), tuple(sorted(scope.manager_nos - {""})))


def named(text: str, scope: Scope, on: date) -> UnitChoice:
    """The unit that "firm", "region:R1", "branch:1001" or "manager:M1" means on a day; "" is the whole scope.

    Raises UnitUnknown.
    """
    if not text:
        return of_scope(scope)
    kind, _colon, code = text.partition(":")
    if kind == "manager":
        return _manager(code, scope)
    kinds = {FIRM: Unit.Kind.HQ, "hq": Unit.Kind.HQ, "region": Unit.Kind.REGION, "branch": Unit.Kind.BRANCH}
    if kind not in kinds:
        raise UnitUnknown
    if kind == FIRM:
        return _whole_firm(scope)
    unit = Unit.objects.filter(code=code, kind=kinds[kind]).first()
    if unit is None or not scope.has_unit(unit.pk):
        raise UnitUnknown
    return _whole_firm(scope) if unit.kind == Unit.Kind.HQ else _below(unit.pk, on)


def _whole_firm(scope: Scope) -> UnitChoice:
    if not scope.firm:
        raise UnitUnknown
    return UnitChoice(firm=True)


def _below(unit_id: int, on: date) -> UnitChoice:
    tree = UnitTree.load()
    return UnitChoice(branch_ids=tuple(sorted(tree.branches(tree.under(unit_id, on)))))


def _manager(code: str, scope: Scope) -> UnitChoice:
    """A manager's clients; whoever sees branches only sees managers all of whose clients are there."""
    if not code or not (scope.firm or code in scope.manager_nos or _is_inside(code, scope)):
        raise UnitUnknown
    return UnitChoice(manager_nos=(code,))


def _is_inside(manager_no: str, scope: Scope) -> bool:
    branches = set(
        Client.objects.filter(manager_no=manager_no).values_list("branch_id", flat=True).distinct()
    )
    return bool(branches) and branches <= scope.branch_ids


def choices(scope: Scope) -> list[tuple[str, str]]:
    """(value, name) of the units that somebody may look at, in the order of the tree."""
    units = {unit.pk: unit for unit in Unit.objects.exclude(kind=Unit.Kind.TEAM)}
    listed = []
    for node, depth in UnitTree.load().depths():
        unit = units.get(node.id)
        if unit is not None and scope.has_unit(unit.pk) and unit.closed_on is None:
            value = FIRM if unit.kind == Unit.Kind.HQ else f"{unit.kind}:{unit.code}"
            listed.append((value, "\u2003" * depth + unit.name))
    return listed
