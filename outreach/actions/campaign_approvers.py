"""Who may approve a campaign hears that one waits."""

from django.utils import timezone
from django.utils.translation import gettext_noop

from core import audit
from outreach.models import Campaign
from staff.actions.notices import notify
from staff.models import Membership, Person
from staff.reach import read_together
from staff.roles import RIGHTS

RIGHT = "campaigns.approve"
WAITS = gettext_noop("%(who)s proposed the campaign %(name)s for %(count)s clients; it waits for approval")


def tell_approvers(actor: audit.Actor, campaign: Campaign, contacted: int) -> None:
    """A notice to each who may approve it, but not to whoever proposed it."""
    people = [person.pk for person in approvers(campaign) if person.actor_name != actor.actor_name]
    if people:
        notify(
            people=people, kind="campaign.waits", text=WAITS, url=f"/campaigns/{campaign.pk}/",
            params={"who": actor.actor_name, "name": campaign.name, "count": contacted},
        )  # fmt: skip


def approvers(campaign: Campaign) -> list[Person]:
    """People who hold the right where the campaign belongs; for the firm's at headquarters only."""
    roles = [role for role, rights in RIGHTS.items() if RIGHT in rights]
    held = Membership.objects.in_force(timezone.localdate()).filter(role__in=roles)
    people = Person.objects.filter(pk__in=held.values("person_id"), is_active=True)
    return [person for person in read_together(people) if _reaches(person, campaign)]


def _reaches(person: Person, campaign: Campaign) -> bool:
    scope = person.scope_for(RIGHT)
    return scope.firm or campaign.unit_id in scope.unit_ids
