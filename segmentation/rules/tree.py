"""A rule as typed values, and its conditions in order with the sign under which each counts."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

ALL, ANY, NONE = "all", "any", "none"
JOINS = (ALL, ANY, NONE)


@dataclass(frozen=True)
class Condition:
    """`value` is typed by the field and the operator: Decimal, date, int, a tuple of those or of codes, None.

    unit: days or months, beside relative dates. months: over how many months a sum or an average runs.
    """

    field: str
    op: str
    value: Any = None
    unit: str = ""
    months: int | None = None


@dataclass(frozen=True)
class Group:
    """all: every item holds; any: at least one does; none: not one does. Empty ones hold but for any."""

    join: str
    items: "tuple[Condition | Group, ...]" = ()


Rule = Group


@dataclass(frozen=True)
class Leaf:
    """A condition where it stands: `number` in reading order, `against` when it counts by not holding.

    With negations moved down to the conditions a rule is made of "and" and "or" alone. So whoever comes to
    meet it does so because a condition came to count, never because one ceased to.
    """

    number: int
    condition: Condition
    against: bool


def leaves(rule: Rule) -> list[Leaf]:
    """The conditions of the rule in reading order."""
    found = enumerate(_walk(rule, against=False))
    return [Leaf(number, condition, against) for number, (condition, against) in found]


def _walk(group: Group, *, against: bool) -> Iterator[tuple[Condition, bool]]:
    inside = against != (group.join == NONE)
    for item in group.items:
        if isinstance(item, Group):
            yield from _walk(item, against=inside)
        else:
            yield item, inside
