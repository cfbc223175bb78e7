"""Other weights, caps or targets tried over stored inputs: all units of a type at once, nothing is kept.

The arithmetic is that of every card (kpis.rules.work_out) over the counts and profits that the card was
worked out from; no client is read. What changes who is counted cannot be tried so (told_scheme.COUNTING).
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from kpis.models import SchemeDraft, SchemeVersion, Scorecard
from kpis.queries.reproduce import inputs_of
from kpis.queries.schemes import drafts, serving_on, versions
from kpis.rules import Period, Scheme, Targets, Worked, half_up, work_out
from kpis.rules.scheme import INDICATORS
from kpis.rules.told_scheme import COUNTING

PLACES = 12  # as totals are stored, so that equal ones share a place


@dataclass(frozen=True)
class Trial:
    """What is tried. limits: those it names stand in place of every unit's own."""

    scheme: Scheme
    limits: Targets = field(default_factory=Targets)


@dataclass(frozen=True)
class Tried:
    """A unit as its card is, and as it would be; places among all units of the type."""

    card: Scorecard
    scores: Mapping[str, Decimal | None]
    after: Worked
    place: int | None
    place_after: int | None

    @property
    def total_after(self) -> Decimal | None:
        return half_up(self.after.total, PLACES)

    @property
    def change(self) -> Decimal | None:
        after = self.total_after
        return None if after is None or self.card.total is None else after - self.card.total

    @property
    def climbed(self) -> int | None:
        return self.place - self.place_after if self.place and self.place_after else None

    @property
    def by_indicator(self) -> list[tuple[str, Decimal | None, Decimal | None]]:
        """(indicator, score as it is, score tried)."""
        tried = {name: half_up(self.after.score(name), PLACES) for name in INDICATORS}
        return [(name, self.scores.get(name), tried[name]) for name in INDICATORS]


@dataclass(frozen=True)
class Outcome:
    """The trial of a period and type: units in sight, best first; the sums are of these."""

    rows: list[Tried]
    recounts: bool  # the scheme tried also counts otherwise, which this does not show

    @property
    def changes(self) -> list[Decimal]:
        return [row.change for row in self.rows if row.change is not None]

    @property
    def gained(self) -> int:
        return sum(change > 0 for change in self.changes)

    @property
    def lost(self) -> int:
        return sum(change < 0 for change in self.changes)

    @property
    def same(self) -> int:
        return sum(change == 0 for change in self.changes)

    @property
    def mean(self) -> Decimal | None:
        changes = self.changes
        return sum(changes, Decimal(0)) / len(changes) if changes else None

    @property
    def moved(self) -> int:
        """Units that would stand on another place."""
        return sum(bool(row.climbed) for row in self.rows)


def base_scheme(user: Any, base: str, period: Period) -> Scheme | None:
    """What version:2 or draft:5 says, by default what serves the period; None when not in sight."""
    kind, _colon, number = base.partition(":")
    if not base:
        return serving_on(period.start).as_rules()
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    found: SchemeVersion | SchemeDraft | None = None
    if kind == "version":
        found = versions().filter(number=int(number)).first()
    elif kind == "draft":
        found = drafts(user).filter(pk=int(number)).first()
    return found.as_rules() if found else None


def try_out(user: Any, period: Period, unit_type: str, trial: Trial) -> Outcome:
    """All units of the type with a card; the reader sees those in sight, places count the others too."""
    every = Scorecard.objects.filter(period=period.name, unit_type=unit_type, current=True)
    sound = every.exclude(state=Scorecard.State.WITHHELD)
    cards = list(sound.select_related("scheme").prefetch_related("lines"))
    worked = {card.pk: _worked(card, trial) for card in cards}
    before = _places((card.pk, card.total) for card in cards)
    after = _places((card.pk, half_up(worked[card.pk].total, PLACES)) for card in cards)
    seen = set(every.visible_to(user).values_list("pk", flat=True))
    rows = [
        Tried(card, _scores(card), worked[card.pk], before.get(card.pk), after.get(card.pk))
        for card in cards
        if card.pk in seen
    ]
    rows.sort(key=lambda row: (row.place_after or len(cards) + 1, row.card.unit_code))
    recounts = any(_counts_otherwise(card.scheme, trial.scheme) for card in cards)
    return Outcome(rows, recounts)


def _scores(card: Scorecard) -> dict[str, Decimal | None]:
    return {name: line.score for name, line in card.lines_by_name().items()}


def _worked(card: Scorecard, trial: Trial) -> Worked:
    own = Targets.from_json(card.inputs["targets"])
    limits = Targets({**own.rates, **trial.limits.rates}, {**own.groups, **trial.limits.groups})
    return work_out(inputs_of(card), limits, trial.scheme)


def _places(totals: Iterable[tuple[int, Decimal | None]]) -> dict[int, int]:
    """Key -> place by total, equal totals sharing one; those without a total have none."""
    there = sorted(((total, key) for key, total in totals if total is not None), reverse=True)
    places: dict[int, int] = {}
    for at, (total, key) in enumerate(there):
        tied = at and there[at - 1][0] == total
        places[key] = places[there[at - 1][1]] if tied else at + 1
    return places


def _counts_otherwise(own: SchemeVersion, tried: Scheme) -> bool:
    return any(getattr(own, name) != getattr(tried, name) for name in COUNTING)
