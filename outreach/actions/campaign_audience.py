"""A campaign's audience: chosen, dropped, taken out by hand, sorted out, drawn, shared out."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.queries.consents import ALLOWED_UNASKED
from clients.suitability import CLIENT_LEVELS, PRODUCT_LEVELS
from core import audit, sql
from interactions.channels.known import WAYS
from interactions.models import Contact
from outreach.actions.campaign_rows import held_campaign, note
from outreach.models import Campaign, CampaignMember, CampaignPerson
from outreach.moments import SHANGHAI, day_of
from staff.models import Person

State, Assign = Campaign.State, Campaign.Assign
PART = 5_000


@dataclass(frozen=True)
class Part:
    """Members whose client's number lies above `after` and not above `upto`; size: how many they are."""

    after: int
    upto: int
    size: int = 0


EVERYBODY = Part(0, 2**62)
POINTS = {Contact.Kind.PHONE: "mobile", Contact.Kind.EMAIL: "email"}


@transaction.atomic
def choose_clients(*, actor: audit.Actor, campaign: Campaign, client_ids: Iterable[int]) -> list[int]:
    """Adds clients to a draft's audience; those (ids) that were not in it yet."""
    held = held_campaign(campaign, State.DRAFT)
    rows = sql.rows(
        "outreach", "campaign_choose", {"campaign": held.pk, "client_ids": sorted(set(client_ids))}
    )
    if rows:
        note(actor, "campaign.chosen", held, {"clients": len(rows)})
    return sorted(row["client_id"] for row in rows)


@transaction.atomic
def drop_clients(*, actor: audit.Actor, campaign: Campaign, client_ids: Iterable[int]) -> None:
    """Takes clients out of a draft's audience again."""
    held = held_campaign(campaign, State.DRAFT)
    dropped, _rows = CampaignMember.objects.filter(campaign=held, client_id__in=list(client_ids)).delete()
    if dropped:
        note(actor, "campaign.dropped", held, {"clients": dropped})


@transaction.atomic
def exclude(*, actor: Person, campaign: Campaign, client_nos: Iterable[str]) -> int:
    """Clients of a draft's audience who are to be left out whatever else holds; how many.

    Raises ValidationError naming numbers that are not in the audience, or not in sight.
    """
    held = held_campaign(campaign, State.DRAFT)
    wanted = {number.strip() for number in client_nos} - {""}
    rows = CampaignMember.objects.visible_to(actor).filter(campaign=held, client__client_no__in=wanted)
    found = dict(rows.values_list("client__client_no", "pk"))
    if missing := sorted(wanted - found.keys()):
        words = _("Not in the audience: %(numbers)s")
        raise ValidationError({"numbers": words % {"numbers": ", ".join(missing[:10])}})
    CampaignMember.objects.filter(pk__in=found.values()).update(excluded=True)
    note(actor, "campaign.excluded", held, {"clients": len(found)})
    return len(found)


@transaction.atomic
def set_share(*, actor: audit.Actor, campaign: Campaign, person: Person, share: int) -> None:
    """How many parts of a draft's clients somebody calls; 0 for nobody any more."""
    held = held_campaign(campaign, State.DRAFT)
    if not 0 <= share <= 100:
        raise ValidationError({"share": _("Between 0 and 100 parts.")})
    if share:
        CampaignPerson.objects.update_or_create(campaign=held, person=person, defaults={"share": share})
    else:
        CampaignPerson.objects.filter(campaign=held, person=person).delete()
    note(actor, "campaign.shared_out", held, {"person": person.pk, "share": share})


def parts(campaign: Campaign) -> Iterator[Part]:
    """The audience in pieces, by client."""
    part = _after(campaign, 0)
    while part.size:
        yield part
        part = _after(campaign, part.upto)


def _after(campaign: Campaign, after: int) -> Part:
    told = {"campaign": campaign.pk, "after": after, "most": PART}
    (row,) = sql.rows("outreach", "campaign_part", told)
    return Part(after, row["upto"] or after, row["size"])


def sort_out(campaign: Campaign, part: Part = EVERYBODY) -> None:
    """Each client by the first reason that holds today; of the same client the same answer every time."""
    today = day_of(timezone.now())
    level = PRODUCT_LEVELS.get(campaign.product.risk_level, 9) if campaign.product else 0
    sql.run(
        "outreach",
        "campaign_sort_out",
        {
            "campaign": campaign.pk, "after": part.after, "upto": part.upto, "purpose": campaign.purpose,
            "unasked": sorted(ALLOWED_UNASKED), "product_level": level, "levels": json.dumps(CLIENT_LEVELS),
            "years": settings.RISK_ASSESSMENT_YEARS, "today": today, "pressure": campaign.pressure_days,
            "since": datetime.combine(today - timedelta(days=campaign.pressure_days), time(), SHANGHAI),
            "to_manager": campaign.assign == Assign.MANAGER, **_reach(campaign),
        },
    )  # fmt: skip


def _reach(campaign: Campaign) -> dict[str, object]:
    """By which consent and address the campaign's clients are contacted, as interactions would find it."""
    if campaign.line is None:
        return {"channel": "phone", "column": "mobile", "points": ["mobile", "phone"], "linked": ""}
    way = WAYS[campaign.line.adapter]
    column = POINTS.get(Contact.Kind(way.contact), "")
    return {
        "channel": way.consent, "column": column, "points": [column] if column else [],
        "linked": "" if column else way.contact,
    }  # fmt: skip


def draw_control(campaign: Campaign) -> None:
    """Holds out the control group, and shares the others out where people are named."""
    known = {"campaign": campaign.pk, "seed": campaign.seed}
    sql.run("outreach", "campaign_draw", known | {"share": campaign.control_share})
    if campaign.assign == Assign.PEOPLE:
        sql.run("outreach", "campaign_share_out", known)
