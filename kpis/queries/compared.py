"""Two cards beside each other: whom a card can be compared with, who differs, and why."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from kpis.models import Passage, Scorecard
from kpis.queries.cards import TREND, all_revisions
from kpis.queries.members import behind
from kpis.queries.reproduce import as_worked
from kpis.rules import COUNTS
from kpis.rules.changes import Change, explain


@dataclass(frozen=True)
class Comparison:
    """Two cards and what parts them; change is None while one of them is withheld (it has no scores)."""

    before: Scorecard
    after: Scorecard
    change: Change | None

    @property
    def counts(self) -> list[tuple[str, int, int]]:
        """(number, clients before, clients after)."""
        return [(number, self.before.counts[number], self.after.counts[number]) for number in COUNTS]

    @property
    def is_one_unit(self) -> bool:
        return self.before.unit_label == self.after.unit_label

    @property
    def other_rules(self) -> list[str]:
        """Which of "scheme" and "model" versions differ: tiers of two models are not the same tiers."""
        pairs = {
            "scheme": (self.before.scheme_id, self.after.scheme_id),
            "model": (self.before.model_version, self.after.model_version),
        }
        return [name for name, (one, other) in pairs.items() if one != other]


def compared(before: Scorecard, after: Scorecard) -> Comparison:
    withheld = Scorecard.State.WITHHELD in (before.state, after.state)
    change = None if withheld else explain(as_worked(before), as_worked(after))
    return Comparison(before, after, change)


def comparable(before: Scorecard, after: Scorecard) -> bool:
    """Cards of the same kind of unit and of periods of the same length."""
    return (before.unit_type, before.period_type) == (after.unit_type, after.period_type)


def of_unit(card: Scorecard, user: Any) -> list[Scorecard]:
    """What the unit's card can be compared with, newest first: other revisions of the period, the current
    cards of the periods around it (at most 13)."""
    own = all_revisions(user).filter(
        unit_type=card.unit_type, unit_code=card.unit_code, period_type=card.period_type
    )
    plain = own.select_related(None).prefetch_related(None)
    shown = plain.only("period", "start", "revision", "current", "state", "unit_type", "unit_code", "as_of")
    revisions = shown.filter(period=card.period).exclude(pk=card.pk).order_by("-revision")
    others = shown.filter(current=True).exclude(period=card.period).order_by("-start")
    return [*revisions[:TREND], *others[:TREND]]


def usual_other(card: Scorecard, choices: Iterable[Scorecard]) -> Scorecard | None:
    """The revision before it, else the period before it, else any earlier one."""
    earlier = [one for one in choices if (one.start, one.revision) < (card.start, card.revision)]
    same = [one for one in earlier if one.period == card.period]
    return next(iter(same or earlier), None)


def only_in(card: Scorecard, other: Scorecard, number: str, user: Any) -> QuerySet[Passage]:
    """Passages of the clients in sight that stand behind a number of one card and not of the other.

    KeyError for an unknown number.
    """
    return behind(card, number, user).exclude(client_id__in=behind(other, number, user).values("client_id"))
