"""Clients of a card's unit to see to, as of the last night: the lists behind "needs action"."""

from datetime import date, timedelta
from typing import Any

from django.db.models import Q, QuerySet

from clients.models import ClientStanding
from core.runs import last_finished
from kpis.models import Scorecard, UnitType
from kpis.rules.profits import TIERS
from kpis.units import UnitMap, units_told_by
from segmentation.models import LifecycleEvent, ModelVersion

AT_RISK_TOP, DROPPING, LOST = "at_risk_top", "dropping", "lost"
KINDS = (AT_RISK_TOP, DROPPING, LOST)
LATELY = 30  # days


def needing(card: Scorecard, kind: str, user: Any) -> QuerySet:
    """Ids (a subquery) of the clients in sight of one of KINDS; none before the first run."""
    run = last_finished()
    lists = lists_of(card, user, units_told_by(card.as_of), run.as_of) if run else {}
    return lists.get(kind, ClientStanding.objects.none().values("client_id"))


def lists_of(card: Scorecard, user: Any, units: UnitMap, night: date) -> dict[str, QuerySet]:
    """The ids by kind, as of the last run's day.

    at_risk_top: of the top tier, whose assets or contribution halved. dropping: whose score stands below the
    line under which their tier is lost at a close to come (S3). lost: lost within the last 30 days while on
    the unit's record.
    """
    own = _unit(card, units)
    standings = ClientStanding.objects.visible_to(user).filter(own)
    events = LifecycleEvent.objects.visible_to(user).filter(own, event="LOST")
    lately = {"on_date__gt": night - timedelta(days=LATELY), "on_date__lte": night}
    risky = standings.filter(tier=TIERS[0], flags__contains=["at_risk"])
    return {
        AT_RISK_TOP: risky.values("client_id"),
        DROPPING: standings.filter(_below_line(night)).values("client_id"),
        LOST: events.filter(**lately).values("client_id").distinct(),
    }


def _below_line(night: date) -> Q:
    """Score below the own tier's cut by more than hysteresis forgives."""
    rules = ModelVersion.objects.serving_or_first(night).rules
    lines = Q(pk__in=[])
    for tier in rules.tiers:
        if tier.cut is not None:
            lines |= Q(tier=tier.code, score__lt=tier.cut - rules.down_margin)
    return lines


def _unit(card: Scorecard, units: UnitMap) -> Q:
    """Rows of the card's unit by record; of a branch also those of the branches merged into it."""
    if card.unit_type == UnitType.FIRM:
        return Q()
    if card.unit_type == UnitType.MANAGER:
        return Q(manager_no=card.unit_code)
    return Q(branch_id__in=units.branches_of(card.unit_type, card.unit_code))
