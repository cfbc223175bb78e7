"""What a brokerage has beside its feeds: people, targets, interactions."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

from django.conf import settings

from clients.models import Client
from crm.demo import Demo
from crm.demo.contacts import CENTRE, Contact
from crm.demo.names import MANAGERS
from crm.demo_loading.asked import ACTOR
from interactions.actions.log import Entry, import_interactions
from interactions.models import Interaction
from kpis.actions import tell_targets
from kpis.models.targets import FIRM
from kpis.rules import Targets
from staff import cast
from staff.actions import fresh_password
from staff.models import Person

CENTRE_DESK = "A0001"


def make_people(password: str | None, say: Callable[[str], object]) -> None:
    """Makes the demo people once their units are known; says nothing when an earlier start has made them."""
    if Person.objects.filter(username=cast.CAST[0].username).exists():
        return
    password = password or fresh_password()
    cast.create_cast(password)
    cast.create_managers(MANAGERS)
    lines = [f"  {username:<16} {unit:<5} {role}, {name}" for username, name, role, unit in cast.sign_ins()]
    alone = [] if settings.SECOND_FACTOR_ROLES else ["enough here; CRM_SECOND_FACTOR_ROLES asks for more"]
    say("\n".join(["Sign in as one of", *lines, f"with the password  {password}", *alone]))


def make_targets(demo: Demo) -> None:
    """Sets the firm's floors and targets for months, quarters and years."""
    for period_type, pairs in demo.targets().items():
        tell_targets(actor=ACTOR, period_type=period_type, unit_type=FIRM, targets=Targets.from_json(pairs))


def make_contacts(demo: Demo, after: date, until: date) -> int:
    """Takes over the interactions dated after one day and up to another, unless that was done before."""
    done = Interaction.objects.filter(
        recorded_by=ACTOR.actor_name, started_on__gt=after, started_on__lte=until
    )
    if done.exists():
        return 0
    contacts = [contact for contact in demo.contacts() if after < contact.started_at.date() <= until]
    clients = Client.objects.in_bulk({contact.client_no for contact in contacts}, field_name="client_no")
    people = {person.employee_no: person for person in Person.objects.all()}
    rows = [
        (clients[contact.client_no], people.get(_agent(contact)), _entry(contact)) for contact in contacts
    ]
    return import_interactions(actor=ACTOR, rows=rows, source=f"demo {until}")


def _agent(contact: Contact) -> str:
    """Who answered: the manager, somebody at the branch, or the service centre."""
    if contact.agent:
        return contact.agent
    return CENTRE_DESK if contact.desk == CENTRE else f"M{contact.branch}A"


def _entry(contact: Contact) -> Entry:
    return Entry(
        channel=contact.channel,
        direction=contact.direction,
        category=contact.category,
        summary=contact.summary,
        started_at=contact.started_at,
        ended_at=contact.started_at + timedelta(minutes=contact.minutes),
        minutes=Decimal(contact.minutes),
        messages=contact.messages,
        outcome=contact.outcome,
        satisfaction=contact.satisfaction,
    )
