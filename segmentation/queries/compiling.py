"""A rule as conditions of one query over clients: bound parameters, never text of a caller.

Every condition is either true or false of a client, whatever is unknown: a comparison with nothing is false.
Negations are moved down to the conditions, so that what is left is joined by "and" and "or" alone.
"""

import operator
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import reduce
from itertools import count
from operator import and_, or_
from typing import Any

from django.db.models import (
    BooleanField,
    Case,
    DecimalField,
    Exists,
    F,
    FilteredRelation,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import (
    Exact,
    GreaterThan,
    GreaterThanOrEqual,
    LessThan,
    LessThanOrEqual,
)

from cases.models import Complaint
from clients.models import Client, ClientTag
from interactions.models import Interaction
from segmentation.dates import months_between
from segmentation.models import LifecycleEvent, MonthPart
from segmentation.queries.catalogue import CATALOGUE
from segmentation.rules import Condition, Field, Group, Kind, Leaf, Rule, leaves, span
from segmentation.rules.periods import Span, born_between, first_month
from segmentation.rules.tree import ANY, NONE
from trading.business_time import SHANGHAI
from trading.models import Holding
from trading.positions import snapshot_day

LOOKUPS: dict[str, Any] = {
    "gte": GreaterThanOrEqual, "gt": GreaterThan, "lte": LessThanOrEqual, "lt": LessThan, "eq": Exact,
}  # fmt: skip
MONEY: Any = DecimalField(max_digits=38, decimal_places=4)
EXACT: Any = DecimalField(max_digits=38, decimal_places=6)
PLAIN: dict[str, Callable[[Any, Any], bool]] = {
    "gte": operator.ge, "gt": operator.gt, "lte": operator.le, "lt": operator.lt, "eq": operator.eq,
}  # fmt: skip
# rows, the path from them to the client, the path to their day
Event = tuple[QuerySet, str, str]
LIFE = {"became_effective": "EFFECTIVE", "was_lost": "LOST", "was_reactivated": "REACTIVATED"}


@dataclass(frozen=True)
class Frame:
    """The day that relative dates count from; at_close: scores are those of that month close.

    ids: the clients asked about are just those between these two ids, so that what other tables tell of them
    is gathered once instead of client by client.
    """

    today: date
    at_close: bool = False
    ids: tuple[int, int] | None = None

    def path(self, field: Field) -> str:
        return field.close if self.at_close and field.close else field.live


def framed(clients: QuerySet[Client], frame: Frame) -> QuerySet[Client]:
    """The clients with what the conditions of this frame look up."""
    if not frame.at_close:
        return clients
    return clients.annotate(close=FilteredRelation("closes", condition=Q(closes__as_of=frame.today)))


def matching(clients: QuerySet[Client], rule: Rule, frame: Frame) -> QuerySet[Client]:
    """Those of the clients that meet the rule."""
    return framed(clients, frame).filter(whole(rule, frame))


def whole(rule: Group, frame: Frame, *, against: bool = False) -> Q:
    """The rule (or, against it, its opposite) as a condition; what is asked of the client's own row first."""
    inside = against != (rule.join == NONE)
    parts = [
        whole(item, frame, against=inside) if isinstance(item, Group) else _signed(item, frame, inside)
        for item in sorted(rule.items, key=_effort)
    ]
    either = _is_either(rule, against)
    empty = Q(pk__in=[]) if either else ~Q(pk__in=[])
    return reduce(or_ if either else and_, parts) if parts else empty


def _is_either(rule: Group, against: bool) -> bool:
    return (rule.join == ANY) != against if rule.join != NONE else against


def _effort(item: Condition | Group) -> int:
    """0 for columns, 1 for other tables, 2 for sums over months: an "or" is tried from left to right."""
    if isinstance(item, Group):
        return max((_effort(below) for below in item.items), default=0)
    return _EFFORTS.get(CATALOGUE[item.field].kind, 0)


def _signed(condition: Condition, frame: Frame, against: bool) -> Q:
    held = holds(condition, frame)
    return opposite(held) if against else held


def opposite(held: Q) -> Q:
    """True of whom the condition is not true of, with nothing in the column too.

    Not by Django's "~" alone: beside another condition on the same joined row it forgets those without a row.
    """
    if all(isinstance(part, Exists) for part in held.children):
        return ~held
    told = Case(When(held, then=Value(False)), default=Value(True), output_field=BooleanField())
    return Q(told)


def bits(rule: Rule, frame: Frame) -> Any:
    """A number whose n-th bit tells whether the n-th condition counts for the client (Leaf)."""
    terms: list[Any] = [_bit(leaf, frame) for leaf in leaves(rule)]
    return reduce(lambda left, right: left + right, terms)


def _bit(leaf: Leaf, frame: Frame) -> Case:
    weight, nothing = Value(1 << leaf.number), Value(0)
    held = When(holds(leaf.condition, frame), then=nothing if leaf.against else weight)
    return Case(held, default=weight if leaf.against else nothing, output_field=IntegerField())


def of_bits(rule: Group) -> str:
    """Whether the rule holds, as SQL over a column `told` with its bits: numbers and operators alone."""
    return _of_bits(rule, count(), against=False)


def _of_bits(rule: Group, numbers: Iterator[int], *, against: bool) -> str:
    inside = against != (rule.join == NONE)
    parts = [
        _of_bits(item, numbers, against=inside)
        if isinstance(item, Group)
        else f"(told & {1 << next(numbers)}) <> 0"
        for item in rule.items
    ]
    either = _is_either(rule, against)
    return "(" + (" OR " if either else " AND ").join(parts or [str(not either)]) + ")"


def holds(condition: Condition, frame: Frame) -> Q:
    """Whether the condition holds of a client."""
    field = CATALOGUE[condition.field]
    return _MAKERS.get(field.kind, _compared)(field, condition, frame)


def _compared(field: Field, condition: Condition, frame: Frame) -> Q:
    """Numbers and yes or no, by their column."""
    path, op, value = frame.path(field), condition.op, condition.value
    if op in ("yes", "no"):
        return Q(**{path: op == "yes"})
    if op in ("filled", "empty"):
        return Q(**{f"{path}__isnull": op == "empty"})
    if op == "between":
        return Q(**{f"{path}__gte": _exact(value[0]), f"{path}__lte": _exact(value[1])})
    return Q(**{path if op == "eq" else f"{path}__{op}": _exact(value)})


def _exact(value: Any) -> Value:
    """A number as it was told: a column of whole numbers must not round it."""
    return Value(value, output_field=EXACT)


def _coded(field: Field, condition: Condition, frame: Frame) -> Q:
    path = frame.path(field)
    if condition.op in ("filled", "empty"):
        filled = Q(**{f"{path}__gt": ""})
        return filled if condition.op == "filled" else opposite(filled)
    among = Q(**{f"{path}__in": condition.value})
    return among if condition.op == "in" else opposite(among)


def _dated(field: Field, condition: Condition, frame: Frame) -> Q:
    path, op = frame.path(field), condition.op
    if op in ("filled", "empty"):
        return Q(**{f"{path}__isnull": op == "empty"})
    inside = _within(path, span(op, condition.value, condition.unit, frame.today))
    return opposite(inside) if op == "not_in_last" else inside


def _within(path: str, ends: Span | tuple[int, int]) -> Q:
    """Both ends inside; an end that is None is open."""
    first, last = ends
    bounds = {f"{path}__gte": first, f"{path}__lte": last}
    told = {lookup: end for lookup, end in bounds.items() if end is not None}
    return Q(**told) if told else Q(**{f"{path}__isnull": False})


def _aged(field: Field, condition: Condition, frame: Frame) -> Q:
    op, value, path = condition.op, condition.value, frame.path(field)
    if op in ("filled", "empty"):
        return Q(**{f"{path}__isnull": op == "empty"})
    ends = {"gte": (value, None), "gt": (value, None), "lte": (None, value), "lt": (None, value)}
    low, high = ends.get(op) or (value if op == "between" else (value, value))
    low, high = low + 1 if op == "gt" else low, high - 1 if op == "lt" else high
    if high is not None and high < 0:
        return Q(pk__in=[])
    return _within(path, born_between(low, high, frame.today))


def _happened(field: Field, condition: Condition, frame: Frame) -> Q:
    """Whether there is a row of the event within the days."""
    op = condition.op
    rows, client, path = _EVENTS[field.key]()
    rows = rows.filter(**{f"{path}__lte": frame.today})
    if op not in ("ever", "never"):
        rows = rows.filter(_on(path, span(op, condition.value, condition.unit, frame.today)))
    found = _among(rows, client, frame)
    return ~found if op in ("never", "not_in_last") else found


def _on(path: str, days: Span) -> Q:
    """The day within days; of what is indexed by its moment that too, so that older rows stay unread."""
    found = _within(path, days)
    clock, first = _CLOCKS.get(path), days[0]
    if clock and first:
        found &= Q(**{f"{clock}__gte": datetime.combine(first, time(), SHANGHAI)})
    return found


def _among(rows: QuerySet, client: str, frame: Frame) -> Q:
    """Whether one of the rows is the client's."""
    if frame.ids is None:
        return Q(Exists(rows.filter(**{client: OuterRef("pk")})))
    return Q(pk__in=rows.filter(_within(client, frame.ids)).order_by().values(client))


def _contacts() -> Event:
    """What everybody who may see the client may read of it."""
    rows = Interaction.objects.filter(confidentiality=Interaction.Confidentiality.NORMAL)
    return rows, "client_id", "started_on"


def _complaints() -> Event:
    return Complaint.objects.all(), "case__client_id", "received_on"


def _life(event: str) -> Callable[[], Event]:
    return lambda: (LifecycleEvent.objects.filter(event=event), "client_id", "on_date")


_CLOCKS = {"started_on": "started_at"}
_EVENTS: dict[str, Callable[[], Event]] = {
    "contact": _contacts,
    "complaint": _complaints,
    **{key: _life(event) for key, event in LIFE.items()},
}


def _summed(field: Field, condition: Condition, frame: Frame) -> Q:
    """A sum over the last months, 0 where there are none."""
    rows = _months(condition, frame).annotate(found=Sum(field.key))
    if frame.ids:
        return _looked_up(condition, lambda op, value: _of_sums(rows, op, value))
    total = Coalesce(Subquery(rows.values("found")), Value(0), output_field=MONEY)
    return _looked_up(condition, lambda op, value: Q(LOOKUPS[op](total, Value(value, output_field=EXACT))))


def _of_sums(rows: QuerySet, op: str, value: Any) -> Q:
    """Asked of the clients with such months; where nothing would do as well, of those who do not meet it."""
    met = Q(LOOKUPS[op](F("found"), Value(value, output_field=EXACT)))
    if PLAIN[op](0, value):
        return ~Q(pk__in=rows.filter(~met).values("client"))
    return Q(pk__in=rows.filter(met).values("client"))


def _averaged(field: Field, condition: Condition, frame: Frame) -> Q:
    """The days' assets over the days that counted; unknown without such days."""
    rows = _months(condition, frame).annotate(found=Sum("assets_sum"), counted=Sum("trading_days"))
    known = rows.filter(counted__gt=0)

    def there(found: QuerySet) -> Q:
        return Q(pk__in=found.values("client")) if frame.ids else Q(Exists(found))

    def asked(op: str, value: Any) -> Q:
        line = F("counted") * Value(value, output_field=EXACT)
        return there(known.filter(LOOKUPS[op](F("found"), line)))

    if condition.op in ("filled", "empty"):
        return there(known) if condition.op == "filled" else ~there(known)
    return _looked_up(condition, asked)


def _looked_up(condition: Condition, asked: Callable[[str, Any], Q]) -> Q:
    if condition.op == "between":
        return asked("gte", condition.value[0]) & asked("lte", condition.value[1])
    return asked(condition.op, condition.value)


def _months(condition: Condition, frame: Frame) -> QuerySet:
    """The client's months that count, as one group; or those of all clients asked about, one group each."""
    first = first_month(condition.months or 1, frame.today)
    rows = MonthPart.objects.filter(month__in=months_between(first, frame.today))
    own = rows.filter(_within("client_id", frame.ids)) if frame.ids else rows.filter(client=OuterRef("pk"))
    return own.order_by().values("client")


def _many(field: Field, condition: Condition, frame: Frame) -> Q:
    """Several codes at once: one of them, every one of them, or none."""
    having = _SETS[field.key]
    if condition.op == "every":
        return reduce(and_, [having(field, (code,), frame) for code in condition.value])
    found = having(field, condition.value, frame)
    return opposite(found) if condition.op == "without" else found


def _flagged(field: Field, codes: tuple[str, ...], frame: Frame) -> Q:
    return Q(**{f"{frame.path(field)}__overlap": list(codes)})


def _tagged(_field: Field, codes: tuple[str, ...], frame: Frame) -> Q:
    return _among(ClientTag.objects.filter(tag__name__in=codes), "client_id", frame)


def _holding(_field: Field, codes: tuple[str, ...], frame: Frame) -> Q:
    """By the newest snapshot of holdings."""
    day = snapshot_day()
    if day is None:
        return Q(pk__in=[])
    rows = Holding.objects.filter(day=day, quantity__gt=0, product__family__in=codes)
    return _among(rows, "client_id", frame)


_SETS: dict[str, Callable[[Field, tuple[str, ...], Frame], Q]] = {
    "flags": _flagged,
    "tags": _tagged,
    "families": _holding,
}
_MAKERS: dict[Kind, Callable[[Field, Condition, Frame], Q]] = {
    Kind.CHOICE: _coded,
    Kind.TEXT: _coded,
    Kind.SET: _many,
    Kind.DATE: _dated,
    Kind.AGE: _aged,
    Kind.EVENT: _happened,
    Kind.SUM: _summed,
    Kind.AVERAGE: _averaged,
}
_EFFORTS = {Kind.EVENT: 1, Kind.SET: 1, Kind.SUM: 2, Kind.AVERAGE: 2}
