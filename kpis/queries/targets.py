"""Reads of targets: who sees which, and for which units somebody may set them."""

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from clients.models import Client
from kpis.models import Scorecard, Target, UnitType
from kpis.queries.shape import plain
from kpis.rules.scheme import RATES
from staff.models import Unit
from staff.scope import Scope

VIEW = "kpis.view"


def visible_targets(user: Any) -> QuerySet[Target]:
    """The firm's, which serve every unit, and those of the units whose figures the reader may see."""
    scope: Scope = user.scope_for(VIEW)
    found = Target.objects.prefetch_related("groups")
    if scope.firm:
        return found
    codes = Unit.objects.filter(pk__in=scope.unit_ids | scope.branch_ids).values("code")
    managers = Scorecard.objects.filter(unit_type=UnitType.MANAGER, unit_id__in=scope.branch_ids).values(
        "unit_code"
    )
    return found.filter(
        Q(unit_type=UnitType.FIRM)
        | Q(unit_type__in=[UnitType.BRANCH, UnitType.REGION], unit_code__in=codes)
        | Q(unit_type=UnitType.MANAGER, unit_code__in=managers)
        | Q(unit_type=UnitType.MANAGER, unit_code__in=scope.manager_nos)
    )


def serving(period_type: str, unit_type: str, unit_code: str, start: date) -> Target | None:
    """What a unit's period that starts on a day is scored against: its own targets, else the firm's.

    A newest own set that follows the firm's stands for them.
    """
    own = Q(unit_type=unit_type, unit_code=unit_code)
    found = Target.objects.approved().filter(own | Q(unit_type=UnitType.FIRM), period_type=period_type)
    in_time = list(found.filter(from_start__lte=start).prefetch_related("groups").order_by("-from_start"))
    mine = next((target for target in in_time if target.unit_type == unit_type), None)
    if mine is not None and not mine.follows_firm:
        return mine
    return next((target for target in in_time if target.unit_type == UnitType.FIRM), None)


def may_reach(scope: Scope, unit_type: str, unit_code: str) -> bool:
    """Whether a unit exists and lies within a scope; the firm's own belongs to firm-wide scopes only."""
    if unit_type == UnitType.FIRM:
        return scope.firm
    if unit_type == UnitType.MANAGER:
        clients = Client.objects.filter(manager_no=unit_code)
        return (clients if scope.firm else clients.filter(branch_id__in=scope.branch_ids)).exists()
    unit = Unit.objects.filter(code=unit_code, kind=unit_type).first()
    return unit is not None and scope.has_unit(unit.pk)


def target_body(target: Target) -> dict[str, Any]:
    """A target as other systems get it; limits as they were given."""
    return {
        "id": target.pk,
        "period_type": target.period_type,
        "unit": target.unit,
        "from_period": target.first_period or None,
        "follows_firm": target.follows_firm,
        "floors": _limits(target, "floor"),
        "targets": _limits(target, "target"),
        "state": target.state,
        "proposed_by": target.proposed_by,
        "proposed_at": target.proposed_at.isoformat(),
        "approved_by": target.approved_by or None,
        "approved_at": target.approved_at.isoformat() if target.approved_at else None,
    }


def _limits(target: Target, side: str) -> dict[str, Any]:
    rates = {name: plain(getattr(target, f"{name}_{side}")) for name in RATES}
    groups = {group.name: plain(getattr(group, side)) for group in target.groups.all()}
    return {name: limit for name, limit in rates.items() if limit is not None} | {"profitability": groups}
