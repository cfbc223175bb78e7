"""Reads of proposals that page, list and API share."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone

from clients.models import Client
from clients.queries.record import listed as clients_in_sight
from core.keyset import capped_count
from core.templatetags.ui import tier_names
from kpis.models import Proposal, ProposalCohort, ProposalMeasure
from kpis.models.proposals import ANSWER
from segmentation.words import matrix_words
from staff.models import Membership, Person


def listed(user: Any) -> QuerySet[Proposal]:
    """The proposals in sight with what a list shows of each."""
    people = ("proposed_by", "answered_by", "owner", "done_by")
    return Proposal.objects.visible_to(user).select_related("report", "unit", *people)


def waiting(user: Any) -> tuple[int, bool]:
    """How many proposals wait for an answer in somebody's reach."""
    return capped_count(Proposal.objects.visible_to(user).filter(state=Proposal.State.OPEN), 1000)


def may_answer(person: Any, proposal: Proposal) -> bool:
    """Whoever has the role at the unit or above it answers; systems never do."""
    if person.actor_kind != "person" or not person.scope_for(ANSWER).has_unit(proposal.unit_id):
        return False
    return any(held.role == proposal.role for held in person.access.memberships)


def owners_of(proposal: Proposal) -> QuerySet[Person]:
    """Who may own it: people with a role at the unit."""
    held = Membership.objects.in_force(timezone.localdate()).filter(unit=proposal.unit_id)
    return Person.objects.filter(pk__in=held.values("person_id"), is_active=True).order_by("name")


def clients_of(proposal: Proposal, user: Any) -> QuerySet[Client]:
    """The kept clients that the reader may see."""
    kept = ProposalCohort.objects.filter(proposal=proposal).values_list("clients", flat=True).first()
    return clients_in_sight(user).filter(pk__in=kept or [])


def measures_of(proposal: Proposal) -> dict[str, list[ProposalMeasure]]:
    """side -> what was measured at each close, oldest first."""
    found: dict[str, list[ProposalMeasure]] = {side: [] for side in ProposalMeasure.Side.values}
    for one in proposal.measures.all():
        found[one.side].append(one)
    return found


def rule_words(proposal: Proposal) -> list[str]:
    """The rule that took the clients, in the reader's language."""
    tiers, cells = tier_names(), matrix_words()
    words = [tiers.get(code, code) for code in reversed(proposal.tiers)]
    words += [cells.get(code, code) for code in proposal.cells]
    return [*words, str(proposal.get_flag_display())] if proposal.flag else words
