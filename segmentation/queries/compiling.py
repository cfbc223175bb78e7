"""A rule as conditions of one query over clients: bound parameters, never text of a caller.

Every condition is either true or false of a client, whatever is unknown: a comparison with nothing is false.
Negations are moved down to the conditions, so that what is left is joined by "and" and "or" alone.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import reduce
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
from segmentation.models import Contribution, LifecycleEvent
from segmentation.queries.catalogue import CATALOGUE
from segmentation.rules import Condition, Field, Group, Kind, Leaf, Rule, leaves, span
from segmentation.rules.periods import Span, born_between, first_month
from segmentation.rules.tree import ANY, NONE
from trading.models import Holding
from trading.positions import snapshot_day

LOOKUPS: dict[str, Any] = {
    "gte": GreaterThanOrEqual, "gt": GreaterThan, "lte": LessThanOrEqual, "lt": LessThan, "eq": Exact,
}  # fmt: skip
MONEY: Any = DecimalField(max_digits=38, decimal_places=4)
EXACT: Any = DecimalField(max_digits=38, decimal_places=6)
LIFE = {"became_effective": "EFFECTIVE", "was_lost": "LOST", "was_reactivated": "REACTIVATED"}


@dataclass(frozen=True)
class Frame:
    """The day that relative dates count from; at_close: scores are those of that month close."""

    today: date
    at_close: bool = False

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
    """The rule (or, against it, its opposite) as a condition."""
    inside = against != (rule.join == NONE)
    parts = [
        whole(item, frame, against=inside) if isinstance(item, Group) else _signed(item, frame, inside)
        for item in rule.items
    ]
    either = (rule.join == ANY) != against if rule.join != NONE else against
    empty = Q(pk__in=[]) if either else ~Q(pk__in=[])
    return reduce(or_ if either else and_, parts) if parts else empty


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


def _within(path: str, days: Span) -> Q:
    first, last = days
    bounds = {f"{path}__gte": first, f"{path}__lte": last}
    told = {lookup: day for lookup, day in bounds.items() if day is not None}
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
    rows, path = _EVENTS[field.key]()
    rows = rows.filter(**{f"{path}__lte": frame.today})
    if op not in ("ever", "never"):
        rows = rows.filter(_within(path, span(op, condition.value, condition.unit, frame.today)))
    found = Q(Exists(rows))
    return ~found if op in ("never", "not_in_last") else found


def _contacts() -> tuple[QuerySet, str]:
    """What everybody who may see the client may read of it."""
    rows = Interaction.objects.filter(client=OuterRef("pk"))
    return rows.filter(confidentiality=Interaction.Confidentiality.NORMAL), "started_on"


def _complaints() -> tuple[QuerySet, str]:
    return Complaint.objects.filter(case__client=OuterRef("pk")), "received_on"


def _life(event: str) -> Callable[[], tuple[QuerySet, str]]:
    return lambda: (LifecycleEvent.objects.filter(client=OuterRef("pk"), event=event), "on_date")


_EVENTS: dict[str, Callable[[], tuple[QuerySet, str]]] = {
    "contact": _contacts,
    "complaint": _complaints,
    **{key: _life(event) for key, event in LIFE.items()},
}


def _summed(field: Field, condition: Condition, frame: Frame) -> Q:
    """A sum over the last months, 0 where there are none."""
    rows = _months(condition, frame).annotate(found=Sum(field.key)).values("found")
    total = Coalesce(Subquery(rows), Value(0), output_field=MONEY)
    return _looked_up(condition, lambda op, value: Q(LOOKUPS[op](total, Value(value, output_field=EXACT))))


def _averaged(field: Field, condition: Condition, frame: Frame) -> Q:
    """The days' assets over the days that counted; unknown without such days."""
    rows = _months(condition, frame).annotate(found=Sum("assets_sum"), counted=Sum("trading_days"))
    known = rows.filter(counted__gt=0)
    if condition.op in ("filled", "empty"):
        there = Q(Exists(known))
        return there if condition.op == "filled" else ~there

    def asked(op: str, value: Any) -> Q:
        line = F("counted") * Value(value, output_field=EXACT)
        return Q(Exists(known.filter(LOOKUPS[op](F("found"), line))))

    return _looked_up(condition, asked)


def _looked_up(condition: Condition, asked: Callable[[str, Any], Q]) -> Q:
    if condition.op == "between":
        return asked("gte", condition.value[0]) & asked("lte", condition.value[1])
    return asked(condition.op, condition.value)


def _months(condition: Condition, frame: Frame) -> QuerySet:
    """The client's months that count, as one group."""
    first = first_month(condition.months or 1, frame.today)
    rows = Contribution.objects.filter(client=OuterRef("pk"), month__gte=first, month__lte=frame.today)
    return rows.order_by().values("client")


def _many(field: Field, condition: Condition, frame: Frame) -> Q:
    """Several codes at once: one of them, every one of them, or none."""
    having = _SETS[field.key]
    if condition.op == "every":
        return reduce(and_, [having(field, (code,), frame) for code in condition.value])
    found = having(field, condition.value, frame)
    return opposite(found) if condition.op == "without" else found


def _flagged(field: Field, codes: tuple[str, ...], frame: Frame) -> Q:
    return Q(**{f"{frame.path(field)}__overlap": list(codes)})


def _tagged(_field: Field, codes: tuple[str, ...], _frame: Frame) -> Q:
    return Q(Exists(ClientTag.objects.filter(client=OuterRef("pk"), tag__name__in=codes)))


def _holding(_field: Field, codes: tuple[str, ...], _frame: Frame) -> Q:
    """By the newest snapshot of holdings."""
    day = snapshot_day()
    if day is None:
        return Q(pk__in=[])
    rows = Holding.objects.filter(client_id=OuterRef("pk"), day=day, quantity__gt=0)
    return Q(Exists(rows.filter(product__family__in=codes)))


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
