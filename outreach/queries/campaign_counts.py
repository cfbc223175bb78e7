"""How many of a campaign's audience stand where: one grouped read that everything else is added up from."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from interactions.models import Delivery
from outreach.models import Campaign, CampaignMember
from outreach.queries.campaigns import members_listed

Place, Reason, Outcome = CampaignMember.Place, CampaignMember.Reason, CampaignMember.Outcome
WENT_OUT = (Delivery.State.SENT, Delivery.State.DELIVERED, Delivery.State.READ)


@dataclass(frozen=True)
class Told:
    """One count with its words; key: as the list's filter takes it."""

    key: str
    words: str
    count: int


@dataclass(frozen=True)
class Group:
    """Members in sight of one branch (id), tier, place and reason; judged: of whom is known whether they met
    the target."""

    branch: int
    tier: str
    place: str
    reason: str
    size: int
    contacted: int
    reached: int
    interested: int
    judged: int
    met: int


def groups(user: Any, campaign: Campaign) -> list[Group]:
    """The audience in sight, counted."""
    reached = Q(delivery__state__in=WENT_OUT) if campaign.sends else Q(reached=True)
    rows = members_listed(user, campaign).order_by().values_list("client__branch", "tier", "place", "reason")
    counted = rows.annotate(
        size=Count("pk"), contacted=Count("pk", filter=Q(attempts__gt=0)),
        spoken=Count("pk", filter=reached), keen=Count("pk", filter=Q(outcome=Outcome.INTERESTED)),
        judged=Count("pk", filter=Q(converted__isnull=False)), met=Count("pk", filter=Q(converted=True)),
    )  # fmt: skip
    return [Group(*row) for row in counted]


def places(found: Iterable[Group]) -> list[Told]:
    """Who stands where; each client once."""
    counts = Counter[str]()
    for one in found:
        counts[one.place] += one.size
    return [Told(key, str(words), counts[key]) for key, words in Place.choices if key in counts]


def left_out(found: Iterable[Group]) -> list[Told]:
    """Why clients were left out, in the order in which the reasons are asked."""
    counts = Counter[str]()
    for one in found:
        counts[one.reason] += one.size
    return [Told(key, str(words), counts[key]) for key, words in Reason.choices if key in counts]


def funnel(campaign: Campaign, found: Sequence[Group]) -> list[Told]:
    """From the audience to those who met the target. Messages are answered nowhere: nobody is interested."""
    treated = [one for one in found if one.place == Place.TREATED]
    lines = [
        ("audience", _("Audience"), sum(one.size for one in found)),
        ("treated", _("To be contacted"), sum(one.size for one in treated)),
        ("contacted", _("Contacted"), sum(one.contacted for one in treated)),
        ("reached", _("Reached"), sum(one.reached for one in treated)),
        ("interested", _("Interested"), sum(one.interested for one in treated)),
        ("converted", _("Met the target"), met(treated)),
    ]
    return [Told(*line) for line in lines if not (campaign.sends and line[0] == "interested")]


def met(found: Iterable[Group]) -> int:
    """How many of those to be contacted met the target."""
    return sum(one.met for one in found if one.place == Place.TREATED)
