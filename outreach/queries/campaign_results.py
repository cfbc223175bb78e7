"""What a campaign brought: how far it came, treated beside control, what it cost."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import Count, DecimalField, F, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from interactions.channels.known import WAYS
from interactions.models import ChannelRate, Delivery, Interaction
from outreach.intervals import Difference, Share, difference, too_few
from outreach.models import Campaign, CampaignMember
from outreach.queries.campaigns import Told, members_listed
from staff.models import Unit

Place, Outcome = CampaignMember.Place, CampaignMember.Outcome
WENT_OUT = (Delivery.State.SENT, Delivery.State.DELIVERED, Delivery.State.READ)


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


def funnel(user: Any, campaign: Campaign) -> list[Told]:
    """From the audience to those who met the target. Messages are answered nowhere: nobody is interested."""
    treated = Q(place=Place.TREATED)
    reached = Q(delivery__state__in=WENT_OUT) if campaign.sends else Q(reached=True)
    said = members_listed(user, campaign).aggregate(
        audience=Count("pk"), treated=Count("pk", filter=treated),
        contacted=Count("pk", filter=treated & Q(attempts__gt=0)),
        reached=Count("pk", filter=treated & reached),
        interested=Count("pk", filter=treated & Q(outcome=Outcome.INTERESTED)),
        converted=Count("pk", filter=treated & Q(converted=True)),
    )  # fmt: skip
    words = {
        "audience": _("Audience"), "treated": _("To be contacted"), "contacted": _("Contacted"),
        "reached": _("Reached"), "interested": _("Interested"), "converted": _("Met the target"),
    }  # fmt: skip
    hidden = {"interested"} if campaign.sends else set()
    return [Told(key, text, said[key]) for key, text in words.items() if key not in hidden]


def compared(user: Any, campaign: Campaign) -> list[Compared]:
    """Everybody first, then each tier and each unit; all that were to be contacted, reached or not."""
    met = Count("pk", filter=Q(converted=True))
    rows = members_listed(user, campaign).filter(
        place__in=[Place.TREATED, Place.CONTROL], converted__isnull=False
    )
    grouped = (
        rows.order_by().values_list("tier", "client__branch", "place").annotate(size=Count("pk"), met=met)
    )
    counts = [(tier, branch, place, Share(hits, size)) for tier, branch, place, size, hits in grouped]
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


def cost(user: Any, campaign: Campaign) -> Cost:
    """What contacting clients in sight has cost: minutes of calls, or messages sent, by the day's rate."""
    converted = members_listed(user, campaign).filter(place=Place.TREATED, converted=True).count()
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
