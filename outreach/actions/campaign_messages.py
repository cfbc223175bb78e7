"""Messages of running campaigns: ordered some at a time, each once; interactions sends them.

Consent, do-not-contact and quiet hours are looked at again by whoever sends. During quiet hours nothing is
ordered either, so that a campaign paused at night sends nothing in the morning.
"""

from uuid import UUID, uuid5

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from core import audit, formats
from interactions.actions.deliveries import order
from interactions.queries.replies import filled_in
from interactions.quiet import quiet_until
from outreach.models import Campaign, CampaignMember
from outreach.moments import day_of
from outreach.queries.exclusions import on_the_list
from staff.models import Person

AT_ONCE = 200
NAMES = UUID("5f2d0a3e-6b1c-4c57-9d6e-2f8a7c1e9b40")  # of deliveries' keys: the same member, the same key


def order_due(limit: int = AT_ONCE) -> int:
    """Orders up to so many messages that wait; how many were dealt with. Two workers share the work."""
    if quiet_until(timezone.now()):
        return 0
    with transaction.atomic():
        members = list(_waiting()[:limit])
        managers = _managers(members)
        listed = on_the_list([member.client_id for member in members])
        for member in members:
            _order(member, managers, member.client_id in listed)
        return len(members)


def _waiting() -> QuerySet[CampaignMember]:
    today = day_of(timezone.now())
    running = Q(campaign__state=Campaign.State.RUNNING, campaign__starts_on__lte=today)
    rows = CampaignMember.objects.filter(running, campaign__line__active=True, place="treated", done=False)
    held = rows.select_related("campaign__line", "client__branch")
    return held.order_by("campaign_id", "id").select_for_update(of=("self",), skip_locked=True)


def _managers(members: list[CampaignMember]) -> dict[str, str]:
    numbers = {member.client.manager_no for member in members} - {""}
    return dict(Person.objects.filter(employee_no__in=numbers).values_list("employee_no", "name"))


def _order(member: CampaignMember, managers: dict[str, str], listed: bool) -> None:
    """One message; who has no address any more, or is on the exclusion list by now, is done without one."""
    if listed:
        member.done = True
        member.save(update_fields=["done"])
        return
    campaign, client, today = member.campaign, member.client, day_of(timezone.now())
    told = {
        "client": client.name, "manager": managers.get(client.manager_no, client.branch.name),
        "unit": client.branch.name, "today": formats.day(today),
    }  # fmt: skip
    assert campaign.line is not None  # asked for by _waiting
    member.done = True
    try:
        member.delivery = order(
            actor=audit.SYSTEM, line=campaign.line, client=client, text=filled_in(campaign.script, told),
            subject=filled_in(campaign.subject, told), purpose=campaign.purpose,
            key=uuid5(NAMES, str(member.pk)),
        )  # fmt: skip
        member.attempts, member.first_contact_on = 1, today
    except ValidationError:
        member.outcome = CampaignMember.Outcome.NOT_REACHED
    member.save(update_fields=["done", "delivery", "attempts", "first_contact_on", "outcome"])
