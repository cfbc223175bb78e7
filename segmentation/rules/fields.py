"""What a field of a rule is: its kind, and with it the operators that it knows."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any


class Source(StrEnum):
    """Where a field comes from; fields are offered in groups of these."""

    RECORD = "record"
    SCORE = "score"
    BEHAVIOUR = "behaviour"


class Kind(StrEnum):
    """CHOICE: one code of several. SET: several codes at once. TEXT: one text out of many, typed.

    EVENT: something that happened on any number of days. SUM, AVERAGE: over the last so many months.
    AGE: full years since a date of birth.
    """

    CHOICE = "choice"
    SET = "set"
    TEXT = "text"
    NUMBER = "number"
    MONEY = "money"
    RATIO = "ratio"
    DATE = "date"
    YES_NO = "yes_no"
    EVENT = "event"
    SUM = "sum"
    AVERAGE = "average"
    AGE = "age"


COMPARED = ("gte", "gt", "lte", "lt", "eq", "between")
DATED = ("in_last", "not_in_last", "this", "last", "since", "until", "between")
KNOWN = ("filled", "empty")
OPERATORS: dict[Kind, tuple[str, ...]] = {
    Kind.CHOICE: ("in", "not_in"),
    Kind.SET: ("any", "every", "without"),
    Kind.TEXT: ("in", "not_in", *KNOWN),
    Kind.NUMBER: (*COMPARED, *KNOWN),
    Kind.MONEY: (*COMPARED, *KNOWN),
    Kind.RATIO: (*COMPARED, *KNOWN),
    Kind.DATE: (*DATED[:2], "older", "in_next", *DATED[2:], *KNOWN),
    Kind.YES_NO: ("yes", "no"),
    Kind.EVENT: (*DATED, "ever", "never"),
    Kind.SUM: COMPARED,
    Kind.AVERAGE: (*COMPARED, *KNOWN),
    Kind.AGE: (*COMPARED, *KNOWN),
}  # fmt: skip
WITHOUT_VALUE = frozenset({"filled", "empty", "yes", "no", "ever", "never"})
OF_CODES = frozenset({"in", "not_in", "any", "every", "without"})
RELATIVE = frozenset({"in_last", "not_in_last", "older", "in_next"})
CALENDAR = frozenset({"this", "last"})
WITH_MONTHS = frozenset({Kind.SUM, Kind.AVERAGE})
MOST_MONTHS = 36
Choices = Sequence[tuple[str, Any]]


@dataclass(frozen=True)
class Field:
    """key names it in rules for good. words: its name. choices: what a choice or set may hold, read anew.

    live: lookup path from the client to where it stands today; close: the same in the row of a month close
    (empty where a close keeps none of its own). Events, sums and sets of other tables have neither.
    """

    key: str
    source: Source
    kind: Kind
    words: Any
    live: str = ""
    close: str = ""
    choices: Callable[[], Choices] | None = None

    def named(self, months: int | str = "n") -> str:
        """Its name; over so many months where it runs over some."""
        words = str(self.words)
        return words % {"months": months} if self.kind in WITH_MONTHS else words

    @property
    def operators(self) -> tuple[str, ...]:
        return OPERATORS[self.kind]
