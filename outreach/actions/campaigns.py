"""Deeds on campaigns: write, approve, pause, end. What goes through the audience: campaign_steps."""

import secrets
from contextlib import suppress
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clients.models import Consent
from core import audit
from core.errors import Conflict
from core.wake import wake
from interactions.channels.known import WAYS
from interactions.models import Line
from interactions.queries.replies import unknown_variables
from outreach.actions.campaign_rows import held_campaign, note, save
from outreach.models import Campaign
from outreach.moments import day_of
from staff.actions.notices import notify

State, Target = Campaign.State, Campaign.Target
VARIABLES = ("client", "manager", "unit", "today")
APPROVED = gettext_noop("The campaign %(name)s was approved")
SENT_BACK = gettext_noop("The campaign %(name)s was sent back")


@transaction.atomic
def write_campaign(*, actor: audit.Actor, told: dict[str, Any], seed: int | None = None) -> Campaign:
    """A draft without an audience. told: the fields by their names. Raises ValidationError by field."""
    campaign = Campaign(
        seed=secrets.randbelow(2**31) if seed is None else seed, created_by_name=actor.actor_name,
        created_by_id=actor.actor_id if actor.actor_kind == "person" else None, **told,
    )  # fmt: skip
    _check(campaign)
    campaign.save(force_insert=True)
    note(actor, "campaign.written", campaign)
    return campaign


@transaction.atomic
def change_campaign(
    *, actor: audit.Actor, campaign: Campaign, version: int, told: dict[str, Any]
) -> Campaign:
    """Another wording of a draft."""
    held = held_campaign(campaign, State.DRAFT, version=version)
    for name, value in told.items():
        setattr(held, name, value)
    _check(held)
    save(actor, held, "campaign.changed", *told)
    return held


@transaction.atomic
def approve(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """Raises PermissionDenied for the one who proposed it."""
    held = held_campaign(campaign, State.PROPOSED)
    if held.proposed_by == actor.actor_name:
        raise PermissionDenied(_("Somebody else has to approve it."))
    held.state, held.approved_by = State.APPROVED, actor.actor_name
    save(actor, held, "campaign.approved", "state", "approved_by")
    _tell(actor, held, APPROVED)
    return held


@transaction.atomic
def send_back(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """A draft again."""
    held = held_campaign(campaign, State.PROPOSED, State.APPROVED)
    held.state, held.approved_by, held.proposed_by = State.DRAFT, "", ""
    save(actor, held, "campaign.sent_back", "state", "approved_by", "proposed_by")
    _tell(actor, held, SENT_BACK)
    return held


@transaction.atomic
def pause(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """Nobody is contacted until it goes on; messages ordered already still go out."""
    held = held_campaign(campaign, State.RUNNING)
    held.state = State.PAUSED
    save(actor, held, "campaign.paused", "state")
    return held


@transaction.atomic
def go_on(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """Clients are contacted again."""
    held = held_campaign(campaign, State.PAUSED)
    held.state = State.RUNNING
    save(actor, held, "campaign.resumed", "state")
    wake("outreach.tasks.send_campaigns")
    return held


@transaction.atomic
def end(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """Nobody is contacted any more; from now on it can be evaluated."""
    held = held_campaign(campaign, State.RUNNING, State.PAUSED)
    held.state = State.ENDED
    save(actor, held, "campaign.ended", "state")
    return held


def end_over() -> int:
    """Every night: running and paused campaigns whose last day has passed; how many ended."""
    over = Campaign.objects.filter(
        state__in=[State.RUNNING, State.PAUSED], ends_on__lt=day_of(timezone.now())
    )
    ended = 0
    for campaign in over:
        with suppress(Conflict):  # somebody ended it in the meantime
            end(actor=audit.SYSTEM, campaign=campaign)
            ended += 1
    return ended


DEEDS = {"send_back": send_back, "pause": pause, "go_on": go_on, "end": end}


def _tell(actor: audit.Actor, campaign: Campaign, text: str) -> None:
    """Whoever wrote it hears what others decided."""
    writer = campaign.created_by_id
    if writer is not None and (actor.actor_kind, actor.actor_id) != ("person", writer):
        notify(
            people=[writer], kind="campaign", text=text, params={"name": campaign.name},
            url=f"/campaigns/{campaign.pk}/",
        )  # fmt: skip


def _check(campaign: Campaign) -> None:
    campaign.full_clean(
        exclude=[
            "unit", "product", "line", "target_amount", "created_by", "created_by_name", "frozen_at",
            "evaluated_to", "job",
        ],
        validate_constraints=False,
    )  # fmt: skip
    wrong = _wrong_figures(campaign) | _wrong_words(campaign)
    if wrong:
        raise ValidationError(wrong)


def _wrong_figures(campaign: Campaign) -> dict[str, str]:
    wrong: dict[str, str] = {}
    if campaign.ends_on < campaign.starts_on:
        wrong["ends_on"] = _("It ends before it starts.")
    if not 0 <= campaign.control_share <= 50:
        wrong["control_share"] = _("Between 0 and 50 percent.")
    if not 0 <= campaign.pressure_days <= 365:
        wrong["pressure_days"] = _("Between 0 and 365 days.")
    if not 1 <= campaign.window_days <= 365:
        wrong["window_days"] = _("Between 1 and 365 days.")
    if campaign.target in (Target.INFLOW, Target.ASSETS) and not campaign.target_amount:
        wrong["target_amount"] = _("Say from which amount on.")
    if campaign.target == Target.BOUGHT and campaign.product is None:
        wrong["product"] = _("Say which product.")
    return wrong


def _wrong_words(campaign: Campaign) -> dict[str, str]:
    """What a message needs to go out: a line that carries, variables that are known, an email's subject."""
    if campaign.line is None:
        return {}
    wrong: dict[str, str] = {}
    way = WAYS[campaign.line.adapter]
    if way.carrier is None or way.consent not in Consent.Channel.values or not campaign.line.active:
        wrong["line"] = _("No messages of campaigns can be sent by this line.")
    if campaign.line.adapter == Line.Adapter.EMAIL and not campaign.subject.strip():
        wrong["subject"] = _("An email needs a subject.")
    if unknown := unknown_variables(f"{campaign.subject} {campaign.script}", VARIABLES):
        wrong["script"] = _("Unknown: %(names)s") % {"names": ", ".join(unknown)}
    return wrong
