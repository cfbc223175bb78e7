"""What all deeds on campaigns share: the row locked in the right state, and the entry of the trail."""

from typing import Any

from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict, Stale
from outreach.models import Campaign


def held_campaign(campaign: Campaign, *states: str, version: int | None = None) -> Campaign:
    """The campaign, locked. Raises Conflict in other states and while a job goes through its audience, Stale
    when another version was seen."""
    held = locked(campaign.pk)
    if held.is_working:
        raise Conflict(_("The campaign's audience is being worked on; wait for the end."), code="working")
    if version is not None and held.version != version:
        raise Stale(_("Somebody else changed this campaign in the meantime. Look at it again."))
    if held.state not in states:
        words = _("This cannot be done now: the campaign is %(state)s.")
        raise Conflict(words % {"state": held.get_state_display()}, code="state")
    return held


def locked(number: int) -> Campaign:
    """The campaign with what its deeds read, until the transaction ends."""
    rows = Campaign.objects.select_for_update(of=("self",))
    return rows.select_related("product", "unit", "line", "job").get(pk=number)


def save(actor: audit.Actor, campaign: Campaign, deed: str, *fields: str) -> None:
    campaign.version += 1
    campaign.save(update_fields=[*fields, "version"])
    note(actor, deed, campaign)


def note(actor: audit.Actor, deed: str, campaign: Campaign, detail: dict[str, Any] | None = None) -> None:
    audit.record(
        actor=actor, deed=deed, subject_type="campaign", subject_id=campaign.pk,
        unit_code=campaign.unit.code if campaign.unit else "", detail=detail,
    )  # fmt: skip
