"""Reads of prospects: rows, counts by stage, rates of conversion, doubtful matches."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils import timezone

from clients.models import Client, Prospect, ProspectMatch, Relation
from clients.queries.ownership import open_branches
from staff.models import Unit

RIGHT = "clients.prospects"
MOVES = [stage for stage in Prospect.Stage if stage != Prospect.Stage.CONVERTED]


def listed(user: Any) -> QuerySet[Prospect]:
    """The prospects somebody may see, with what a list shows of them."""
    rows = Prospect.objects.visible_to(user)
    return rows.select_related("client__branch", "converted_to").defer(
        *(f"client__{name}" for name in ("id_number", "mobile", "email", "address"))
    )


@dataclass(frozen=True)
class StageCount:
    stage: str
    words: Any
    count: int


def stage_counts(user: Any) -> list[StageCount]:
    """How many prospects in sight stand on each stage, in the order of the stages."""
    found = Prospect.objects.visible_to(user).values_list("stage").annotate(Count("pk")).order_by()
    counts = dict(found)
    return [StageCount(stage.value, stage.label, counts.get(stage.value, 0)) for stage in Prospect.Stage]


@dataclass(frozen=True)
class Rate:
    """Of all prospects of a source or owner, those that became clients; share is null without any."""

    name: Any
    entered: int
    converted: int

    @property
    def share(self) -> Decimal | None:
        return Decimal(self.converted) / self.entered if self.entered else None


def rates_by_source(user: Any) -> list[Rate]:
    words = dict(Prospect.Source.choices)
    return [Rate(words[key], *counts) for key, *counts in _rates(user, "source")]


def rates_by_owner(user: Any, most: int = 10) -> list[Rate]:
    """By the manager who has the prospect; those with the most prospects first."""
    return [Rate(key or "–", *counts) for key, *counts in _rates(user, "client__manager_no")][:most]


def _rates(user: Any, by: str) -> QuerySet:
    converted = Count("pk", filter=Q(stage=Prospect.Stage.CONVERTED))
    counted = (
        Prospect.objects.visible_to(user).values_list(by).annotate(entered=Count("pk"), gained=converted)
    )
    return counted.order_by("-entered", by)


def open_matches(user: Any) -> QuerySet[ProspectMatch]:
    """Accounts that may be a prospect's, waiting for somebody's word; oldest first."""
    rows = ProspectMatch.objects.visible_to(user).filter(state=ProspectMatch.State.OPEN)
    return rows.select_related("prospect__client__branch", "client__branch").order_by("pk")


def due_today(prospects: QuerySet[Prospect], today: date | None = None) -> QuerySet[Prospect]:
    """Open prospects whose next step is due or overdue."""
    closed = (Prospect.Stage.CONVERTED, Prospect.Stage.LOST)
    return prospects.filter(next_step_on__lte=today or timezone.localdate()).exclude(stage__in=closed)


def prospect_of(client: Client) -> Prospect | None:
    """The prospect that this record is, or that became this client."""
    found = Prospect.objects.filter(Q(client=client) | Q(converted_to=client))
    return found.select_related("client__branch", "converted_to", "merge").order_by(F("pk").desc()).first()


def referrer_of(client: Client) -> Client | None:
    """The client who recommended this one."""
    kept = Relation.objects.filter(client=client, kind=Relation.Kind.REFERRED_BY, to_date=None)
    relation = kept.select_related("other").order_by("-pk").first()
    return relation.other if relation else None


def enterable_branches(person: Any) -> QuerySet[Unit]:
    """Open branches in reach; a manager's are those of the manager's own roles."""
    scope = person.scope_for(RIGHT)
    found = open_branches()
    if scope.firm:
        return found
    own = [member.unit_id for member in person.access.memberships] if scope.manager_nos else []
    return found.filter(pk__in=[*scope.branch_ids, *own])
