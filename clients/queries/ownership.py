"""Reads of ownership that pages and API share: who had a client when, and who may get it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.utils import timezone

from clients.models import FIRST_DAY, Client, ClientRecord, Handover, ScopedQuerySet
from core.months import month_of
from staff.models import Membership, Person, Unit
from staff.roles import Role

RIGHT = "clients.assign"


def in_reach(user: Any) -> ScopedQuerySet:
    """The clients that somebody may hand over."""
    return Client.objects.in_scope(user.scope_for(RIGHT)).filter(merged_into=None)


def open_branches(on: date | None = None) -> QuerySet[Unit]:
    """The branches that are not closed by a day (today), by code."""
    still_open = Q(closed_on__isnull=True) | Q(closed_on__gt=on or timezone.localdate())
    return Unit.objects.filter(still_open, kind=Unit.Kind.BRANCH).order_by("code")


def target_branches(user: Any, on: date | None = None) -> QuerySet[Unit]:
    """The open branches that somebody may hand clients over to."""
    scope = user.scope_for(RIGHT)
    return open_branches(on) if scope.firm else open_branches(on).filter(pk__in=scope.branch_ids)


def managers_of(branches: QuerySet[Unit], on: date | None = None) -> QuerySet[Person]:
    """The client managers at work in these branches."""
    members = Membership.objects.in_force(on or timezone.localdate())
    at_work = members.filter(role=Role.CLIENT_MANAGER, unit__in=branches)
    people = Person.objects.filter(is_active=True, pk__in=at_work.values("person_id"))
    return people.order_by("employee_no")


def is_known_manager(manager_no: str, branch: Unit, on: date) -> bool:
    """Whether the number is that of a manager of the branch: one who works there, or has clients there."""
    person = Person.objects.filter(employee_no=manager_no).first()
    if person is None:
        return Client.objects.filter(manager_no=manager_no, branch=branch).exists()
    return person.is_active and any(
        member.in_force(on) and branch.pk in (member.unit_id, member.unit.parent_id)
        for member in person.memberships.select_related("unit")
    )


@dataclass(frozen=True)
class Held:
    """What a manager has: clients, the prospects among them, and the clients' assets in CNY."""

    clients: int
    prospects: int
    assets: Any


def held_by(clients: ScopedQuerySet) -> Held:
    told = clients.aggregate(
        clients=Count("pk"),
        prospects=Count("pk", filter=Q(status=Client.Status.PROSPECT)),
        assets=Sum("standing__assets"),
    )
    return Held(told["clients"], told["prospects"], told["assets"] or 0)


def leaving(user: Any, manager_no: str) -> ScopedQuerySet:
    """A leaving manager's clients and prospects that the person may hand over; closed ones stay."""
    return in_reach(user).filter(manager_no=manager_no).exclude(status=Client.Status.CLOSED)


@dataclass(frozen=True)
class Share:
    """What one of several new managers would get; the assets are those of an even share."""

    manager_no: str
    clients: int
    assets: Any


def shares(clients: ScopedQuerySet, managers: Sequence[str]) -> list[Share]:
    """How clients dealt out one by one come to lie."""
    held = held_by(clients)
    least, more = divmod(held.clients, len(managers))
    return [
        Share(number, least + (place < more), held.assets * (least + (place < more)) / (held.clients or 1))
        for place, number in enumerate(managers)
    ]


def home_branch(user: Any, manager_no: str) -> Unit | None:
    """Where most of a manager's clients are."""
    found = leaving(user, manager_no).values("branch").annotate(clients=Count("pk")).order_by("-clients")
    first = found.first()
    return Unit.objects.get(pk=first["branch"]) if first else None


def manager_name(manager_no: str) -> str:
    """The name of the person with this number; empty when nobody here has it."""
    return Person.objects.filter(employee_no=manager_no).values_list("name", flat=True).first() or ""


@dataclass(frozen=True)
class OwnershipLine:
    """Who had the client from a day on, and who says so; the first line has no beginning.

    handover: the hand-over behind it; none when a feed told it.
    """

    since: date | None
    branch: str
    manager_no: str
    status: str
    handover: Handover | None = None
    holds: bool = True  # false once it was taken back
    may_cancel: bool = False


def ownership_history(client: Client, today: date | None = None) -> list[OwnershipLine]:
    """Changes of branch, manager or status as the feeds told them, and hand-overs, newest first."""
    lines = [*_told(client), *_handed(client, today or timezone.localdate())]
    return sorted(lines, key=_place, reverse=True)


def handovers_of(client: Client) -> QuerySet[Handover]:
    """All hand-overs of a client, newest date first."""
    found = Handover.objects.filter(client=client).select_related("branch", "old_branch")
    return found.order_by("-from_date", "-pk")


def _place(line: OwnershipLine) -> tuple[date, bool, int]:
    """Of one date a hand-over stands above the feed."""
    number = line.handover.pk if line.handover else 0
    return line.since or FIRST_DAY, line.handover is not None, number


def _told(client: Client) -> list[OwnershipLine]:
    lines: list[OwnershipLine] = []
    for record in ClientRecord.objects.filter(client=client).select_related("branch").order_by("told_on"):
        line = OwnershipLine(
            since=None if record.valid_from == FIRST_DAY else record.valid_from,
            branch=record.branch.name,
            manager_no=record.manager_no,
            status=record.get_status_display(),
        )
        if not lines or _what(lines[-1]) != _what(line):
            lines.append(line)
    return lines


def _what(line: OwnershipLine) -> tuple[str, str, str]:
    return line.branch, line.manager_no, line.status


def _handed(client: Client, today: date) -> list[OwnershipLine]:
    return [
        OwnershipLine(
            since=handover.from_date,
            branch=handover.branch.name,
            manager_no=handover.manager_no,
            status="",
            handover=handover,
            holds=handover.cancelled_at is None,
            may_cancel=handover.cancelled_at is None and handover.from_date >= month_of(today),
        )
        for handover in handovers_of(client)
    ]
