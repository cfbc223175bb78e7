"""Reads of campaigns: lists and audiences. Counts: campaign_counts; what they brought: campaign_results."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from core.keyset import capped_count
from interactions.channels.known import WAYS
from interactions.models import Line
from outreach.models import Campaign, CampaignMember, CampaignQuerySet
from outreach.moments import day_of
from staff.models import Person, Unit
from staff.reach import members

COUNTED_TO = 1000


def listed(user: Any) -> CampaignQuerySet:
    return Campaign.objects.visible_to(user).select_related("unit", "category", "product", "line", "job")


def drafts_for(user: Any) -> QuerySet[Campaign]:
    """Those whose audience the person may still choose."""
    return manageable(user).filter(state=Campaign.State.DRAFT)


def manageable(user: Any, right: str = "campaigns.manage") -> QuerySet[Campaign]:
    """Campaigns of units where the right is held; those of the firm at headquarters."""
    if not user.may(right):
        return Campaign.objects.none()
    scope = user.scope_for(right)
    rows = listed(user)
    return rows if scope.firm else rows.filter(unit_id__in=scope.unit_ids)


def units_for(user: Any) -> tuple[QuerySet[Unit], bool]:
    """Units for which the person may write campaigns, and whether for the firm too."""
    scope = user.scope_for("campaigns.manage")
    units = Unit.objects.order_by("code")
    return (units if scope.firm else units.filter(pk__in=scope.unit_ids)), bool(scope.firm)


def callers_for(user: Any) -> QuerySet[Person]:
    """Who may be named as calling: people of the units where the person manages campaigns."""
    near = members(user.scope_for("campaigns.manage"))
    return Person.objects.filter(near, is_active=True).distinct().order_by("name", "pk")


def lines_that_send() -> QuerySet[Line]:
    """Lines by which a campaign's messages may go out."""
    carrying = [key for key, way in WAYS.items() if way.carrier is not None and way.consent]
    return Line.objects.filter(active=True, adapter__in=carrying).order_by("code")


def members_listed(user: Any, campaign: Campaign) -> QuerySet[CampaignMember]:
    """The audience as far as the reader may see its clients."""
    rows = CampaignMember.objects.visible_to(user).filter(campaign=campaign)
    return rows.select_related("client__branch", "assignee", "delivery")


def to_call(person: Person, campaign: Campaign, now: datetime) -> Any:
    """Whom the person may call now for a campaign that runs and is made by telephone."""
    rows: Any = CampaignMember.objects.visible_to(person)
    running = rows.filter(
        campaign=campaign, campaign__state=Campaign.State.RUNNING, campaign__line__isnull=True,
        campaign__starts_on__lte=day_of(now),
    )  # fmt: skip
    return running.to_call_by(person, now)


def count_to_call(person: Person, campaign: Campaign) -> tuple[int, bool]:
    return capped_count(to_call(person, campaign, timezone.now()), COUNTED_TO)
