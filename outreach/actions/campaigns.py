"""Deeds on campaigns: write, choose the audience, propose, approve, start, pause, end, evaluate."""

import json
import secrets
from collections.abc import Iterable
from typing import Any

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.queries.consents import ALLOWED_UNASKED
from clients.suitability import CLIENT_LEVELS, PRODUCT_LEVELS
from core import audit, sql
from core.errors import Conflict, Stale
from core.runs import last_finished
from outreach.models import Campaign, CampaignMember
from outreach.moments import day_of

State, Place = Campaign.State, CampaignMember.Place


@transaction.atomic
def write_campaign(*, actor: audit.Actor, told: dict[str, Any], seed: int | None = None) -> Campaign:
    """A draft without an audience. told: the fields by their names. Raises ValidationError by field."""
    campaign = Campaign(
        seed=secrets.randbelow(2**31) if seed is None else seed, created_by_name=actor.actor_name,
        created_by_id=actor.actor_id if actor.actor_kind == "person" else None, **told,
    )  # fmt: skip
    _check(campaign)
    campaign.save(force_insert=True)
    _note(actor, "campaign.written", campaign)
    return campaign


@transaction.atomic
def change_campaign(
    *, actor: audit.Actor, campaign: Campaign, version: int, told: dict[str, Any]
) -> Campaign:
    """Another wording of a draft."""
    held = _held(campaign, State.DRAFT, version=version)
    for name, value in told.items():
        setattr(held, name, value)
    _check(held)
    _save(actor, held, "campaign.changed", *told)
    return held


@transaction.atomic
def choose_clients(*, actor: audit.Actor, campaign: Campaign, client_ids: Iterable[int]) -> list[int]:
    """Adds clients to a draft's audience; those (ids) that were not in it yet."""
    held = _held(campaign, State.DRAFT)
    rows = sql.rows(
        "outreach", "campaign_choose", {"campaign": held.pk, "client_ids": sorted(set(client_ids))}
    )
    if rows:
        _note(actor, "campaign.chosen", held, {"clients": len(rows)})
    return sorted(row["client_id"] for row in rows)


@transaction.atomic
def drop_clients(*, actor: audit.Actor, campaign: Campaign, client_ids: Iterable[int]) -> None:
    """Takes clients out of a draft's audience again."""
    held = _held(campaign, State.DRAFT)
    dropped, _rows = CampaignMember.objects.filter(campaign=held, client_id__in=list(client_ids)).delete()
    if dropped:
        _note(actor, "campaign.dropped", held, {"clients": dropped})


@transaction.atomic
def propose(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """Sorts the audience out, so that whoever approves sees it; a small one without product needs nobody."""
    held = _held(campaign, State.DRAFT)
    _sort_out(held)
    called = held.members.filter(place=Place.TREATED).count()
    if not called:
        raise Conflict(_("Nobody of the audience may be called."), code="nobody_left")
    asks = held.product_id is not None or called > settings.CAMPAIGN_APPROVAL_OVER
    held.state, held.proposed_by = (State.PROPOSED if asks else State.APPROVED), actor.actor_name
    _save(actor, held, "campaign.proposed", "state", "proposed_by")
    return held


@transaction.atomic
def approve(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """Raises PermissionDenied for the one who proposed it."""
    held = _held(campaign, State.PROPOSED)
    if held.proposed_by == actor.actor_name:
        raise PermissionDenied(_("Somebody else has to approve it."))
    held.state, held.approved_by = State.APPROVED, actor.actor_name
    _save(actor, held, "campaign.approved", "state", "approved_by")
    return held


@transaction.atomic
def send_back(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """A draft again."""
    held = _held(campaign, State.PROPOSED, State.APPROVED)
    held.state, held.approved_by, held.proposed_by = State.DRAFT, "", ""
    _save(actor, held, "campaign.sent_back", "state", "approved_by", "proposed_by")
    return held


@transaction.atomic
def start(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """Freezes the audience as it may be called today and draws the control group."""
    held = _held(campaign, State.APPROVED)
    _sort_out(held)
    sql.run(
        "outreach", "campaign_draw", {"campaign": held.pk, "seed": held.seed, "share": held.control_share}
    )
    held.state, held.frozen_at = State.RUNNING, timezone.now()
    _save(actor, held, "campaign.started", "state", "frozen_at")
    return held


@transaction.atomic
def pause(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """Nobody is called until it goes on."""
    held = _held(campaign, State.RUNNING)
    held.state = State.PAUSED
    _save(actor, held, "campaign.paused", "state")
    return held


@transaction.atomic
def go_on(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    held = _held(campaign, State.PAUSED)
    held.state = State.RUNNING
    _save(actor, held, "campaign.resumed", "state")
    return held


@transaction.atomic
def end(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """Nobody is called any more; from now on it can be evaluated."""
    held = _held(campaign, State.RUNNING, State.PAUSED)
    held.state = State.ENDED
    _save(actor, held, "campaign.ended", "state")
    return held


@transaction.atomic
def evaluate(*, actor: audit.Actor, campaign: Campaign) -> Campaign:
    """Looks for the target in what is known up to the last night; may be done again when more is known."""
    held = _held(campaign, State.ENDED, State.EVALUATED)
    sql.run("outreach", "campaign_windows", {"campaign": held.pk, "starts_on": held.starts_on})
    sql.run(
        "outreach",
        "campaign_convert",
        {
            "campaign": held.pk, "target": held.target, "days": held.window_days,
            "amount": held.target_amount, "product": held.product_id,
        },
    )  # fmt: skip
    run = last_finished()
    held.state, held.evaluated_to = State.EVALUATED, run.as_of if run else None
    _save(actor, held, "campaign.evaluated", "state", "evaluated_to")
    return held


DEEDS = {
    "propose": propose, "send_back": send_back, "start": start, "pause": pause, "go_on": go_on, "end": end,
    "evaluate": evaluate,
}  # fmt: skip


def _sort_out(campaign: Campaign) -> None:
    """Each client by the first reason that holds today; of the same client the same answer every time."""
    level = PRODUCT_LEVELS.get(campaign.product.risk_level, 9) if campaign.product else 0
    sql.run(
        "outreach",
        "campaign_sort_out",
        {
            "campaign": campaign.pk, "purpose": campaign.purpose, "unasked": sorted(ALLOWED_UNASKED),
            "product_level": level, "levels": json.dumps(CLIENT_LEVELS),
            "years": settings.RISK_ASSESSMENT_YEARS, "today": day_of(timezone.now()),
            "pressure": campaign.pressure_days,
            "to_manager": campaign.assign == Campaign.Assign.MANAGER,
        },
    )  # fmt: skip


def _check(campaign: Campaign) -> None:
    campaign.full_clean(
        exclude=[
            "unit", "product", "target_amount", "created_by", "created_by_name", "frozen_at", "evaluated_to",
        ],
        validate_constraints=False,
    )  # fmt: skip
    wrong: dict[str, str] = {}
    if campaign.ends_on < campaign.starts_on:
        wrong["ends_on"] = _("It ends before it starts.")
    if not 0 <= campaign.control_share <= 50:
        wrong["control_share"] = _("Between 0 and 50 percent.")
    if campaign.target == Campaign.Target.INFLOW and not campaign.target_amount:
        wrong["target_amount"] = _("Say from which amount on.")
    if campaign.target == Campaign.Target.BOUGHT and campaign.product is None:
        wrong["product"] = _("Say which product.")
    if wrong:
        raise ValidationError(wrong)


def _held(campaign: Campaign, *states: str, version: int | None = None) -> Campaign:
    """The campaign, locked. Raises Conflict in other states, Stale when another version was seen."""
    held = (
        Campaign.objects.select_for_update(of=("self",)).select_related("product", "unit").get(pk=campaign.pk)
    )
    if version is not None and held.version != version:
        raise Stale(_("Somebody else changed this campaign in the meantime. Look at it again."))
    if held.state not in states:
        words = _("This cannot be done now: the campaign is %(state)s.")
        raise Conflict(words % {"state": held.get_state_display()}, code="state")
    return held


def _save(actor: audit.Actor, campaign: Campaign, deed: str, *fields: str) -> None:
    campaign.version += 1
    campaign.save(update_fields=[*fields, "version"])
    _note(actor, deed, campaign)


def _note(actor: audit.Actor, deed: str, campaign: Campaign, detail: dict[str, Any] | None = None) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="campaign", subject_id=campaign.pk,
        unit_code=campaign.unit.code if campaign.unit else "", detail=detail,
    )  # fmt: skip
