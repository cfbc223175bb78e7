"""What became of a proposal's clients beside the others of their unit, as rows and a picture."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from core import formats
from core.charts import Chart, Series, trend
from kpis.models import ProposalMeasure

Measures = Mapping[str, Sequence[ProposalMeasure]]
Side = ProposalMeasure.Side


@dataclass(frozen=True)
class OutcomeRow:
    """A side at the report's close (then) and at the last measured one (now); value is their growth."""

    side: str
    then: ProposalMeasure
    now: ProposalMeasure

    @property
    def lost_rate(self) -> Decimal | None:
        return Decimal(self.now.lost) / self.now.clients if self.now.clients else None

    @property
    def rose_rate(self) -> Decimal | None:
        return Decimal(self.now.rose) / self.now.clients if self.now.clients else None

    @property
    def fell_rate(self) -> Decimal | None:
        return Decimal(self.now.fell) / self.now.clients if self.now.clients else None

    @property
    def value_growth(self) -> Decimal | None:
        before = self.then.contribution
        return (self.now.contribution - before) / before if before > 0 else None


@dataclass(frozen=True)
class Outcome:
    rows: list[OutcomeRow]
    chart: Chart | None

    @property
    def measured(self) -> bool:
        """Whether any close after the report's own was measured."""
        return any(row.now.as_of > row.then.as_of for row in self.rows)


def outcome(measures: Measures) -> Outcome:
    """The two sides, the proposal's clients first; a side without clients is left out."""
    words = dict(Side.choices)
    rows = [
        OutcomeRow(str(words[side]), found[0], found[-1])
        for side in (Side.COHORT, Side.REST)
        if (found := measures.get(side, []))
    ]
    return Outcome(rows, _chart(measures))


def _chart(measures: Measures) -> Chart | None:
    """The share of clients still held at each close."""
    days = sorted({one.as_of for found in measures.values() for one in found})
    if len(days) < 2:
        return None
    words = dict(Side.choices)
    series = []
    for side in (side for side in (Side.COHORT, Side.REST) if measures.get(side)):
        kept = {one.as_of: one.kept for one in measures.get(side, [])}
        series.append(Series(str(words[side]), [kept.get(day) for day in days]))
    labels = [formats.month(day) for day in days]
    return trend(_("Share of clients still held"), labels, series, write=formats.percent)
