"""Calling a campaign's clients: the next one, and what came of the call."""

from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from clients.actions.consents import record_consents
from clients.models import Consent
from clients.queries.consents import may_contact
from core import audit
from core.errors import Conflict
from interactions.actions.log import Entry, log_interaction
from interactions.models import Channel, Interaction
from outreach.actions.tasks import give_task
from outreach.models import Campaign, CampaignMember
from outreach.moments import day_of
from outreach.queries.campaigns import to_call
from outreach.queries.exclusions import on_the_list
from staff.models import Person

Outcome = CampaignMember.Outcome
HELD_FOR = timedelta(minutes=15)
MOST_ATTEMPTS = 3
AGAIN_AFTER = timedelta(hours=4)
FOLLOW_UP = gettext_noop("Follow up on the campaign")
LOGGED = {
    Outcome.INTERESTED: Interaction.Outcome.FOLLOW_UP,
    Outcome.CALL_AGAIN: Interaction.Outcome.FOLLOW_UP,
    Outcome.NOT_REACHED: Interaction.Outcome.NOT_REACHED,
    Outcome.WRONG_NUMBER: Interaction.Outcome.NOT_REACHED,
}
UNREACHED = (Outcome.NOT_REACHED, Outcome.WRONG_NUMBER)


@transaction.atomic
def next_call(*, person: Person, campaign: Campaign) -> CampaignMember | None:
    """The next client for this person, held for 15 minutes so that nobody else calls; None when nobody waits.

    First whom the person holds already, then who asked for another call, then the others. Who no longer
    wants to be called since the start, or stands on the exclusion list by now, is passed over for good.
    """
    while (member := _waiting(person, campaign)) is not None:
        listed = on_the_list([member.client_id])
        if may_contact(member.client, "phone", campaign.purpose).allowed and not listed:
            member.claimed_by, member.claimed_until = person, timezone.now() + HELD_FOR
            member.save(update_fields=["claimed_by", "claimed_until"])
            return member
        member.done = True
        member.save(update_fields=["done"])
    return None


def _waiting(person: Person, campaign: Campaign) -> CampaignMember | None:
    now = timezone.now()
    mine = Q(claimed_by=person, claimed_until__gt=now)
    rows = to_call(person, campaign, now)
    shown = rows.select_related("client__branch", "client__standing")
    locked = shown.select_for_update(of=("self",), skip_locked=True)
    return (
        locked.filter(mine).first() or locked.order_by(F("call_again_at").asc(nulls_last=True), "id").first()
    )


@transaction.atomic
def record_call(
    *,
    actor: audit.Actor,
    member: CampaignMember,
    outcome: str,
    note: str = "",
    minutes: Decimal = Decimal(3),
    again_at: datetime | None = None,
    follow_up_on: date | None = None,
) -> CampaignMember:
    """What came of a call: on the member and in the log, with a task or a withdrawn consent where it asks so.

    Raises Conflict when the campaign does not run, the client is not to be called (any more), or somebody
    else has it on the screen.
    """
    held = CampaignMember.objects.select_for_update(of=("self",)).select_related(
        "campaign__category", "client__branch"
    ).get(pk=member.pk)  # fmt: skip
    _check(actor, held)
    now = timezone.now()
    held.outcome, held.attempts = outcome, held.attempts + 1
    held.reached = held.reached or outcome not in UNREACHED
    held.first_contact_on = held.first_contact_on or day_of(now)
    held.call_again_at = _again(held, outcome, again_at, now)
    held.done, held.claimed_by, held.claimed_until = held.call_again_at is None, None, None
    held.save()
    _log(actor, held, note, minutes, now)
    if outcome == Outcome.DO_NOT_CONTACT:
        record_consents(
            actor=actor, client=held.client, channels=["phone"], purposes=[held.campaign.purpose],
            state=Consent.State.WITHDRAWN, source=Consent.Source.RECORDED, evidence=held.campaign.name,
        )  # fmt: skip
    if follow_up_on:
        give_task(
            actor=actor, title=FOLLOW_UP, due_at=follow_up_on, client=held.client, kind="campaign",
            note=held.campaign.name, key=f"campaign:{held.pk}",
        )  # fmt: skip
    audit.record(
        actor=actor, deed="campaign.called", subject_type="campaign", subject_id=held.campaign_id,
        client_id=held.client_id, unit_code=held.client.branch.code, detail={"outcome": outcome},
    )  # fmt: skip
    return held


def _check(actor: audit.Actor, member: CampaignMember) -> None:
    if member.campaign.state != Campaign.State.RUNNING or member.campaign.sends:
        raise Conflict(_("Nobody calls for this campaign now."), code="state")
    if member.place != CampaignMember.Place.TREATED or member.done:
        raise Conflict(_("This client is not to be called."), code="not_to_be_called")
    taken = member.claimed_until is not None and member.claimed_until > timezone.now()
    if taken and (actor.actor_kind, actor.actor_id) != ("person", member.claimed_by_id):
        raise Conflict(_("Somebody else is calling this client."), code="taken")


def _again(member: CampaignMember, outcome: str, again_at: datetime | None, now: datetime) -> datetime | None:
    """When the client is called again; None when not at all."""
    if outcome == Outcome.CALL_AGAIN:
        return again_at or now + timedelta(days=1)
    if outcome == Outcome.NOT_REACHED and member.attempts < MOST_ATTEMPTS:
        return now + AGAIN_AFTER
    return None


def _log(actor: audit.Actor, member: CampaignMember, note: str, minutes: Decimal, now: datetime) -> None:
    person = Person.objects.filter(pk=actor.actor_id).first() if actor.actor_kind == "person" else None
    words = f"{member.campaign.name}: {member.get_outcome_display()}"
    log_interaction(
        actor=actor, client=member.client, agent=person,
        entry=Entry(
            channel=Channel.PHONE, direction=Interaction.Direction.OUTBOUND, started_at=now, minutes=minutes,
            category=member.campaign.category.code, subject=member.campaign.name,
            summary=f"{words}. {note}".strip(), outcome=LOGGED.get(Outcome(member.outcome), "informed"),
            reference=f"campaign:{member.campaign_id}",
        ),
    )  # fmt: skip
