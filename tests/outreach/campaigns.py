"""Campaigns for tests."""

from datetime import date
from typing import Any

from core import audit
from interactions.models import Category
from outreach.actions import campaign_audience, campaign_steps, campaigns
from outreach.models import Campaign
from staff.models import Unit


def make_campaign(unit: Unit | None, client_ids: list[int], **told: Any) -> Campaign:
    """A draft with its audience."""
    fields = {
        "name": "Spring", "unit": unit, "category": Category.objects.get(code="enquiry"),
        "purpose": "service", "script": "Good morning.",
        "starts_on": date(2026, 1, 5), "ends_on": date(2026, 3, 31),
        "control_share": 0,
    } | told  # fmt: skip
    made = campaigns.write_campaign(actor=audit.SYSTEM, told=fields, seed=7)
    campaign_audience.choose_clients(actor=audit.SYSTEM, campaign=made, client_ids=client_ids)
    return made


def run_campaign(unit: Unit | None, client_ids: list[int], **told: Any) -> Campaign:
    made = campaign_steps.propose(actor=audit.SYSTEM, campaign=make_campaign(unit, client_ids, **told))
    if made.state == Campaign.State.PROPOSED:
        made = campaigns.approve(actor=audit.SystemActor("second"), campaign=made)
    return campaign_steps.start(actor=audit.SYSTEM, campaign=made)
