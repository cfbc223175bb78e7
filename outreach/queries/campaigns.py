"""Reads of campaigns: lists, who was left out and why, what came of it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils.translation import gettext as _

from interactions.models import Interaction
from outreach.intervals import Difference, Share, difference, too_few
from outreach.models import Campaign, CampaignMember, CampaignQuerySet

Place, Reason, Outcome = CampaignMember.Place, CampaignMember.Reason, CampaignMember.Outcome


@dataclass(frozen=True)
class Line:
    """One count with its words; key: as the list's filter takes it."""

    key: str
    words: str
    count: int


@dataclass(frozen=True)
class Compared:
    """Treated beside control, of everybody or of one tier."""

    name: str
    treated: Share
    control: Share
    difference: Difference | None
    is_thin: bool

    @property
    def said(self) -> Difference | None:
        """The difference, unless the groups are too small to say anything."""
        return None if self.is_thin else self.difference


def listed(user: Any) -> CampaignQuerySet:
    return Campaign.objects.visible_to(user).select_related("unit", "category", "product")


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


def members_listed(user: Any, campaign: Campaign) -> QuerySet[CampaignMember]:
    """The audience as far as the reader may see its clients."""
    rows = CampaignMember.objects.visible_to(user).filter(campaign=campaign)
    return rows.select_related("client__branch", "assignee")


def places(user: Any, campaign: Campaign) -> list[Line]:
    """How many of the audience in sight stand where; each client once."""
    rows = members_listed(user, campaign).order_by().values_list("place").annotate(count=Count("pk"))
    counts = dict(rows)
    return [Line(key, str(words), counts[key]) for key, words in Place.choices if key in counts]


def left_out(user: Any, campaign: Campaign) -> list[Line]:
    """Why clients in sight were left out, in the order in which the reasons are asked."""
    rows = members_listed(user, campaign).filter(place=Place.LEFT_OUT).order_by()
    counts = dict(rows.values_list("reason").annotate(count=Count("pk")))
    return [Line(key, str(words), counts[key]) for key, words in Reason.choices if key in counts]


def funnel(user: Any, campaign: Campaign) -> list[Line]:
    """From the audience to those who met the target."""
    treated = Q(place=Place.TREATED)
    said = members_listed(user, campaign).aggregate(
        audience=Count("pk"), called=Count("pk", filter=treated),
        contacted=Count("pk", filter=treated & Q(attempts__gt=0)),
        reached=Count("pk", filter=treated & Q(reached=True)),
        interested=Count("pk", filter=treated & Q(outcome=Outcome.INTERESTED)),
        converted=Count("pk", filter=treated & Q(converted=True)),
    )  # fmt: skip
    words = {
        "audience": _("Audience"), "called": _("To be called"), "contacted": _("Called"),
        "reached": _("Reached"), "interested": _("Interested"), "converted": _("Met the target"),
    }  # fmt: skip
    return [Line(key, text, said[key]) for key, text in words.items()]


def compared(user: Any, campaign: Campaign) -> list[Compared]:
    """Everybody first, then each tier; all that were to be called, whether they were reached or not."""
    met = Count("pk", filter=Q(converted=True))
    rows = (
        members_listed(user, campaign)
        .filter(place__in=[Place.TREATED, Place.CONTROL], converted__isnull=False)
        .order_by().values_list("tier", "place").annotate(size=Count("pk"), hits=met)
    )  # fmt: skip
    counts = {(tier, place): Share(hits, size) for tier, place, size, hits in rows}
    tiers = sorted({tier for tier, _place in counts})
    lines = [_compare(_("Everybody"), counts, tiers)]
    return lines + [_compare(tier or _("Without tier"), counts, [tier]) for tier in tiers]


def minutes_spent(user: Any, campaign: Campaign) -> Decimal:
    """Minutes of the campaign's calls to clients in sight, from the log."""
    called = members_listed(user, campaign).filter(attempts__gt=0).order_by().values("client")
    rows = Interaction.objects.filter(client__in=called, reference=f"campaign:{campaign.pk}")
    return rows.aggregate(minutes=Sum("minutes"))["minutes"] or Decimal(0)


def _compare(name: str, counts: dict[tuple[str, str], Share], tiers: list[str]) -> Compared:
    def total(place: str) -> Share:
        shares = [counts.get((tier, place), Share(0, 0)) for tier in tiers]
        return Share(sum(one.hits for one in shares), sum(one.size for one in shares))

    treated, control = total(Place.TREATED), total(Place.CONTROL)
    return Compared(name, treated, control, difference(treated, control), too_few(treated, control))
