"""Reads of saved segments that pages and API share."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, IntegerField, Max, Min, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce
from django.utils import timezone

from clients.models import Client
from clients.queries.record import listed as listed_clients
from core.models import Job
from segmentation.models import (
    Segment,
    SegmentBlock,
    SegmentCause,
    SegmentMember,
    SegmentRule,
    SegmentTrend,
)
from segmentation.queries.catalogue import CATALOGUE
from segmentation.queries.compiling import Frame, matching
from segmentation.queries.rows import kept_dates
from segmentation.queries.telling import Teller
from segmentation.rules import Kind, Rule, RuleError, leaves, read

RECENT = timedelta(days=30)
MOST_POINTS = 24  # two years of closes
DRAWING = "segmentation.tasks.draw_past_closes"
COUNTED_TO = 10_000
ZERO = Decimal(0)


def rule_of(segment: Segment | SegmentRule) -> Rule:
    """The kept rule. Raises RuleError when it names what is known no more, such as a branch that is gone."""
    return read(segment.rule, CATALOGUE)


def visible(user: Any) -> QuerySet[Segment]:
    """The standing segments in sight."""
    return Segment.objects.visible_to(user).standing().select_related("unit")


def listed(user: Any) -> QuerySet[Segment]:
    """Segments in sight with how many members, in the reader's scope, the last night found."""
    rows = in_scope(SegmentTrend.objects.filter(segment=OuterRef("pk"), as_of=OuterRef("newest")), user)
    summed = rows.order_by().values("segment").annotate(found=Sum("members")).values("found")
    return (
        visible(user)
        .annotate(newest=F("nights__0"))
        .annotate(size=Coalesce(Subquery(summed, output_field=IntegerField()), 0))
    )


def in_scope(rows: QuerySet[SegmentTrend], user: Any) -> QuerySet[SegmentTrend]:
    """Rows of sums that are made of clients in sight alone."""
    scope = user.scope
    if not scope.clients:
        return rows.none()
    if scope.firm:
        return rows
    return rows.filter(Q(branch_id__in=scope.branch_ids) | Q(manager_no__in=scope.manager_nos - {""}))


def may_change(user: Any, segment: Segment) -> bool:
    """The owner may; of a shared one also whoever may share it so."""
    if not user.may("segments.make"):
        return False
    if user.actor_kind == "person" and segment.owner_id == user.pk:
        return True
    return segment.sharing != Segment.Sharing.PERSON and may_share(user, segment.sharing, segment.unit_id)


def may_share(user: Any, sharing: str, unit_id: int | None) -> bool:
    """With the firm only who holds the right for all of it; with a unit who holds it there."""
    if sharing == Segment.Sharing.PERSON:
        return True
    if not user.may("segments.share"):
        return False
    scope = user.scope_for("segments.share")
    return scope.firm if sharing == Segment.Sharing.FIRM else unit_id is not None and scope.has_unit(unit_id)


def of_rule(user: Any, rule: Rule, today: date | None = None) -> QuerySet[Client]:
    """The clients in sight that meet the rule now."""
    return matching(listed_clients(user), rule, Frame(today or timezone.localdate()))


def narrowed(clients: QuerySet[Client], segment: Segment) -> QuerySet[Client]:
    """Those of the clients that meet the segment's rule now; none while the rule cannot be read.

    Sums over months change with a night only and are dear to ask client by client: a rule with such is read
    as the last night found it, or, where no night has worked it out, for all clients at once.
    """
    try:
        rule = rule_of(segment)
    except RuleError:
        return clients.none()
    if not asks_months(rule):
        return matching(clients, rule, Frame(timezone.localdate()))
    if is_worked_out(segment):
        members = SegmentMember.objects.filter(segment=segment, left_on__isnull=True)
        return clients.filter(pk__in=members.values("client_id"))
    return matching(clients, rule, Frame(timezone.localdate(), ids=all_ids()))


def asks_months(rule: Rule) -> bool:
    """Whether a condition adds up months."""
    return any(CATALOGUE[leaf.condition.field].kind in (Kind.SUM, Kind.AVERAGE) for leaf in leaves(rule))


def is_worked_out(segment: Segment) -> bool:
    """Whether the last night found its members, by the rule as it is now."""
    blocks = SegmentBlock.objects.filter(segment=segment).order_by("block")
    return bool(segment.is_kept and segment.nights) and (
        blocks.values_list("rule_version", flat=True).first() == segment.rule_version
    )


def all_ids() -> tuple[int, int]:
    """The lowest and the highest id of a client; 0 without any."""
    ends = Client.objects.aggregate(low=Min("pk"), high=Max("pk"))
    return ends["low"] or 0, ends["high"] or 0


@dataclass(frozen=True)
class Point:
    """A segment at a close or on the last night, in the reader's scope; money in CNY."""

    as_of: date
    members: int
    contribution: Decimal
    assets: Decimal


def trend(user: Any, segment: Segment, most: int = MOST_POINTS) -> list[Point]:
    """The last closes and the last night, oldest first; with nobody in it too."""
    nights = segment.nights[:most][::-1]
    rows = in_scope(SegmentTrend.objects.filter(segment=segment, as_of__in=nights), user).order_by()
    sums = (Sum("members"), Sum("contribution"), Sum("assets"))
    found = {day: told for day, *told in rows.values_list("as_of").annotate(*sums)}
    return [Point(day, *found.get(day, (0, ZERO, ZERO))) for day in nights]


def last_night(segment: Segment) -> date | None:
    """The night that last worked the segment out."""
    return segment.nights[0] if segment.nights else None


def past_closes(segment: Segment) -> list[date]:
    """The closes of two years that are not drawn yet, newest first; none until a night was."""
    if not (segment.is_kept and segment.nights):
        return []
    newest = [close for close in reversed(kept_dates().closes) if close < segment.nights[0]][
        : MOST_POINTS - 1
    ]
    return [close for close in newest if close not in segment.nights]


def is_drawing(segment: Segment) -> bool:
    """Whether past closes are being drawn now."""
    return unfinished_drawing(segment).exists()


def unfinished_drawing(segment: Segment) -> QuerySet[Job]:
    states = [Job.State.WAITING, Job.State.RUNNING]
    return Job.objects.filter(kind=DRAWING, arguments__segment=segment.pk, state__in=states)


def moves(user: Any, segment: Segment) -> QuerySet[SegmentMember]:
    """Who is or was in the segment, in the reader's scope."""
    rows = SegmentMember.objects.visible_to(user).filter(segment=segment)
    return rows.select_related("client", "client__branch")


def recent_counts(user: Any, segment: Segment, until: date) -> tuple[int, int]:
    """How many came and left within 30 days, without those of the first night."""
    since = until - RECENT
    rows = SegmentMember.objects.visible_to(user).filter(segment=segment)
    came = Q(entered_on__gt=since) & ~Q(entered_cause=SegmentCause.FIRST)
    found = rows.aggregate(
        came=Count("client_id", filter=came), left=Count("client_id", filter=Q(left_on__gt=since))
    )
    return found["came"], found["left"]


class Reasons:
    """Why members came and left, in words; each version of the rule is read once."""

    def __init__(self, segment: Segment) -> None:
        self._rules = {row.number: row for row in SegmentRule.objects.filter(segment=segment)}
        self._leaves: dict[int, list[tuple[int, str]]] = {}
        self._teller = Teller()

    def entered(self, row: SegmentMember) -> str:
        return self._words(row.entered_cause, row.entered_bits, row.entered_rule)

    def left(self, row: SegmentMember) -> str:
        if row.left_on is None or row.left_cause is None or row.left_rule is None:
            return ""
        return self._words(row.left_cause, row.left_bits or 0, row.left_rule, ceased=True)

    def _words(self, cause: int, bits: int, version: int, *, ceased: bool = False) -> str:
        if cause != SegmentCause.CONDITIONS:
            return str(SegmentCause(cause).label)
        told = [words for number, words in self._told(version) if bits >> number & 1]
        return f"{'✕' if ceased else '✓'} {'; '.join(told)}" if told else str(SegmentCause(cause).label)

    def _told(self, version: int) -> list[tuple[int, str]]:
        if version not in self._leaves:
            self._leaves[version] = [
                (leaf.number, self._teller.condition(leaf.condition, against=leaf.against))
                for leaf in self._of(version)
            ]
        return self._leaves[version]

    def _of(self, version: int) -> Sequence[Any]:
        row = self._rules.get(version)
        try:
            return leaves(rule_of(row)) if row else []
        except RuleError:
            return []


def versions(segment: Segment) -> Iterable[SegmentRule]:
    """The rules it had, newest first."""
    return SegmentRule.objects.filter(segment=segment).order_by("-number")
