"""Which products may be offered or sold to a client: rules without a database.

A client of level Cn may buy products up to Rn; the lowest class of all buys R1 only. An assessment holds for
`years`, to its date of the last year inclusive (29 February becomes 28 where there is none).
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from django.utils.translation import gettext as _

LOWEST = "C1_lowest"
CLIENT_LEVELS = {LOWEST: 1, "C1": 1, "C2": 2, "C3": 3, "C4": 4, "C5": 5}
PRODUCT_LEVELS = {"R1": 1, "R2": 2, "R3": 3, "R4": 4, "R5": 5}
REMIND_BEFORE = (7, 30)  # days


class Answer(StrEnum):
    """MATCH: may be offered and sold. WARN: sold only after a recorded warning. PROHIBIT: neither."""

    MATCH = "MATCH"
    WARN = "WARN"
    PROHIBIT = "PROHIBIT"


class Initiator(StrEnum):
    """Who began: the client asked for the product, or the firm offered it."""

    CLIENT = "client"
    FIRM = "firm"


@dataclass(frozen=True)
class Assessment:
    """A client's risk level and the day it was assessed; '' and None where there is none."""

    level: str
    assessed_on: date | None
    years: int

    @property
    def valid_to(self) -> date | None:
        """The last day it holds."""
        return None if self.assessed_on is None else years_later(self.assessed_on, self.years)

    @property
    def is_missing(self) -> bool:
        return self.level not in CLIENT_LEVELS or self.assessed_on is None

    def holds_on(self, day: date) -> bool:
        return not self.is_missing and self.valid_to is not None and day <= self.valid_to

    def reminder(self, day: date) -> int | None:
        """The reminder that is due: 7 or 30 (days before its end), 0 once it has run out, None before."""
        if self.valid_to is None:
            return None
        left = (self.valid_to - day).days
        return 0 if left < 0 else next((days for days in REMIND_BEFORE if left <= days), None)


@dataclass(frozen=True)
class Verdict:
    """The answer, with the reasons in the reader's language."""

    answer: Answer
    reasons: tuple[str, ...]


def years_later(day: date, years: int) -> date:
    """The same date years later; 28 February where 29 does not exist."""
    try:
        return day.replace(year=day.year + years)
    except ValueError:
        return date(day.year + years, 2, 28)


def judge(assessment: Assessment, product_level: str, initiated_by: Initiator, today: date) -> Verdict:
    """Whether a product of this level suits the client today."""
    if refusal := _refusal(assessment, product_level, today):
        return Verdict(Answer.PROHIBIT, (refusal,))
    words = {"client": assessment.level, "product": product_level}
    if CLIENT_LEVELS[assessment.level] >= PRODUCT_LEVELS[product_level]:
        return Verdict(Answer.MATCH, (_("%(client)s may buy products up to %(product)s or above.") % words,))
    above = _("%(product)s lies above the client's level %(client)s.") % words
    if assessment.level == LOWEST:
        return Verdict(Answer.PROHIBIT, (above, _("The lowest class may buy R1 only, even on its own wish.")))
    if initiated_by == Initiator.FIRM:
        return Verdict(Answer.PROHIBIT, (above, _("Nothing above the client's level may be offered.")))
    return Verdict(Answer.WARN, (above, _("The client asked for it: warn of the risk first, and record it.")))


def _refusal(assessment: Assessment, product_level: str, today: date) -> str:
    """What forbids every product, or this one, before the levels are compared; '' when nothing does."""
    words: dict[str, Any] = {"day": assessment.valid_to}
    cases: tuple[tuple[bool, Callable[[], str]], ...] = (
        (assessment.is_missing, lambda: _("The client has no risk assessment.")),
        (not assessment.holds_on(today), lambda: _("The risk assessment ran out on %(day)s.") % words),
        (product_level not in PRODUCT_LEVELS, lambda: _("The product has no risk level yet.")),
    )
    return next((say() for applies, say in cases if applies), "")
