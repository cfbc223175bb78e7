"""What a campaign brought: treated beside control, what it cost, with all its counts."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from interactions.channels.known import WAYS
from interactions.models import ChannelRate, Interaction
from outreach.intervals import Difference, Share, difference, too_few
from outreach.models import Campaign, CampaignMember
from outreach.queries.campaign_counts import (
    WENT_OUT,
    Group,
    Told,
    funnel,
    groups,
    left_out,
    met,
    places,
)
from outreach.queries.campaigns import members_listed
from staff.models import Unit

Place = CampaignMember.Place


@dataclass(frozen=True)
class Compared:
    """Treated beside control, of everybody, of one tier or of one unit (kind says which)."""

    kind: str
    name: str
    treated: Share
    control: Share
    difference: Difference | None
    is_thin: bool
    tier: str = ""

    @property
    def said(self) -> Difference | None:
        """The difference, unless the groups are too small to say anything."""
        return None if self.is_thin else self.difference


@dataclass(frozen=True)
class Cost:
    """minutes of calls and messages sent, in CNY by the rate of each day; each: for one client who met the
    target, None where nobody did."""

    minutes: Decimal
    messages: int
    total: Decimal
    each: Decimal | None


@dataclass(frozen=True)
class Figures:
    """All that is told of a campaign in numbers, of clients in the reader's sight."""

    places: list[Told]
    left_out: list[Told]
    funnel: list[Told]
    compared: list[Compared]
    cost: Cost | None


def figures(user: Any, campaign: Campaign) -> Figures:
    """funnel and cost once the audience is frozen, compared once it is evaluated and while that is not done
    anew."""
    found, frozen = groups(user, campaign), campaign.frozen_at is not None
    judged = campaign.state == Campaign.State.EVALUATED and not campaign.is_working
    return Figures(
        places=places(found), left_out=left_out(found), funnel=funnel(campaign, found) if frozen else [],
        compared=compared(found) if judged else [],
        cost=cost(user, campaign, met(found)) if frozen else None,
    )  # fmt: skip


def compared(found: list[Group]) -> list[Compared]:
    """Everybody first, then each tier and each unit; all that were to be contacted, reached or not."""
    counts = [
        (one.tier, one.branch, one.place, Share(one.met, one.judged))
        for one in found if one.place in (Place.TREATED, Place.CONTROL) and one.judged
    ]  # fmt: skip
    lines = [_compare("all", _("Everybody"), [(place, share) for _t, _b, place, share in counts])]
    for tier in sorted({one[0] for one in counts}):
        parts = [(place, share) for held, _b, place, share in counts if held == tier]
        lines.append(_compare("tier", tier or _("Without tier"), parts, tier))
    return lines + _by_unit(counts)


def _by_unit(counts: list[tuple[str, int, str, Share]]) -> list[Compared]:
    names = dict(Unit.objects.filter(pk__in={one[1] for one in counts}).values_list("pk", "name"))
    return [
        _compare("unit", name, [(place, share) for _t, branch, place, share in counts if branch == pk])
        for pk, name in sorted(names.items(), key=lambda one: one[1])
    ]


def _compare(kind: str, name: str, parts: list[tuple[str, Share]], tier: str = "") -> Compared:
    def total(wanted: str) -> Share:
        shares = [share for place, share in parts if place == wanted]
        return Share(sum(one.hits for one in shares), sum(one.size for one in shares))

    treated, control = total(Place.TREATED), total(Place.CONTROL)
    return Compared(
        kind, name, treated, control, difference(treated, control), too_few(treated, control), tier
    )


def cost(user: Any, campaign: Campaign, converted: int) -> Cost:
    """What contacting clients in sight has cost: minutes of calls, or messages sent, by the day's rate."""
    minutes, messages, total = (_messages if campaign.sends else _calls)(user, campaign)
    return Cost(minutes, messages, total, total / converted if converted else None)


def _calls(user: Any, campaign: Campaign) -> tuple[Decimal, int, Decimal]:
    called = members_listed(user, campaign).filter(attempts__gt=0).order_by().values("client")
    rows = Interaction.objects.in_force().filter(client__in=called, reference=f"campaign:{campaign.pk}")
    spent = rows.aggregate(
        spoken=Sum("minutes"),
        total=Sum(F("minutes") * _rate("per_minute", OuterRef("channel"), "started_on")),
    )
    return spent["spoken"] or Decimal(0), 0, spent["total"] or Decimal(0)


def _messages(user: Any, campaign: Campaign) -> tuple[Decimal, int, Decimal]:
    assert campaign.line is not None  # asked for by cost
    rows = members_listed(user, campaign).filter(delivery__state__in=WENT_OUT)
    channel = WAYS[campaign.line.adapter].channel
    spent = rows.aggregate(messages=Count("pk"), total=Sum(_rate("per_message", channel, "first_contact_on")))
    return Decimal(0), spent["messages"], spent["total"] or Decimal(0)


def _rate(kind: str, channel: Any, day: str) -> Any:
    """The channel's rate in force on the day; 0 where there is none."""
    rates = ChannelRate.objects.filter(channel=channel, effective_on__lte=OuterRef(day))
    newest = Subquery(rates.order_by("-effective_on").values(kind)[:1])
    return Coalesce(newest, Decimal(0), output_field=DecimalField(max_digits=10, decimal_places=4))
