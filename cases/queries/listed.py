"""Cases as lists, board and panels show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from cases.models import Case, CaseClock, CaseQuerySet, Complaint, Incident, State
from clients.models import Client
from core.keyset import capped_count
from interactions.models import Conversation

ON_BOARD = 40
COLUMNS = (State.NEW, State.OPEN, State.WAITING_CLIENT, State.WAITING_THIRD, State.REOPENED, State.RESOLVED)


def cases_of(user: Any) -> CaseQuerySet:
    """Cases somebody may see, with what a list shows of them."""
    seen = Case.objects.visible_to(user)
    return seen.select_related("type_version__type", "client", "owner", "unit", "incident")


def complaints_of(user: Any) -> Any:
    """Complaints for the list of them, with the last decision."""
    rows = Complaint.objects.visible_to(user).with_decision()
    return rows.select_related("case", "case__client", "case__owner", "case__unit", "case__type_version")


def incidents_of(user: Any) -> Any:
    return Incident.objects.visible_to(user).select_related("opened_by", "proposed_by", "approved_by")


@dataclass(frozen=True)
class BoardColumn:
    """A state with the cases that are due first, and how many there are ('1,000+' where counting stops)."""

    state: str
    words: str
    cases: Sequence[Case]
    count: int
    more: bool


def board(rows: CaseQuerySet) -> list[BoardColumn]:
    """Columns by state; two queries each, whatever the number of cases."""
    columns = []
    for state in COLUMNS:
        of_state = rows.filter(state=state)
        found, more = capped_count(of_state, 1000)
        first = list(of_state.order_by("next_due_at", "id")[:ON_BOARD])
        columns.append(BoardColumn(state, str(state.label), first, found, more))
    return columns


def cases_of_client(user: Any, client: Client) -> list[Case]:
    """The newest cases of one client, the open ones first."""
    rows = cases_of(user).filter(client_id__in=client.record_ids)
    newest = list(rows.order_by("-opened_at", "-id")[:50])
    return sorted(newest, key=lambda case: case.is_done)


def cases_of_conversation(user: Any, conversation: Conversation) -> list[Case]:
    """Cases that the conversation belongs to, and the open ones of its client or contact."""
    rows = cases_of(user)
    linked = Q(pk__in=conversation.case_links.values("case_id"))
    open_ones = Q(pk__in=[])
    if conversation.client_id:
        open_ones = Q(client_id=conversation.client_id, resolved_at__isnull=True)
    elif conversation.contact_id:
        open_ones = Q(contact_id=conversation.contact_id, resolved_at__isnull=True)
    return list(rows.filter(linked | open_ones).order_by("-opened_at", "-id")[:20])


def at_risk(rows: CaseQuerySet) -> CaseQuerySet:
    """With a clock that has used 80 % of its time, and none that ran out yet."""
    now = timezone.now()
    warned = CaseClock.objects.filter(
        case=OuterRef("pk"), ended_at__isnull=True, warn_at__lte=now, due_at__gt=now
    )
    return rows.filter(Exists(warned), next_due_at__gt=now)


def overdue(rows: CaseQuerySet) -> CaseQuerySet:
    return rows.filter(next_due_at__lte=timezone.now())
