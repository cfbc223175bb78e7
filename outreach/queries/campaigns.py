"""Reads of campaigns: lists, audiences, who was left out and why. What they brought: campaign_results."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, QuerySet

from interactions.channels.known import WAYS
from interactions.models import Line
from outreach.models import Campaign, CampaignMember, CampaignQuerySet
from staff.models import Person
from staff.reach import members

Place, Reason = CampaignMember.Place, CampaignMember.Reason


@dataclass(frozen=True)
class Told:
    """One count with its words; key: as the list's filter takes it."""

    key: str
    words: str
    count: int


def listed(user: Any) -> CampaignQuerySet:
    return Campaign.objects.visible_to(user).select_related("unit", "category", "product", "line")


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


def places(user: Any, campaign: Campaign) -> list[Told]:
    """How many of the audience in sight stand where; each client once."""
    rows = members_listed(user, campaign).order_by().values_list("place").annotate(count=Count("pk"))
    counts = dict(rows)
    return [Told(key, str(words), counts[key]) for key, words in Place.choices if key in counts]


def left_out(user: Any, campaign: Campaign) -> list[Told]:
    """Why clients in sight were left out, in the order in which the reasons are asked."""
    rows = members_listed(user, campaign).filter(place=Place.LEFT_OUT).order_by()
    counts = dict(rows.values_list("reason").annotate(count=Count("pk")))
    return [Told(key, str(words), counts[key]) for key, words in Reason.choices if key in counts]
