"""Figures over time and by cell: tiers over two years, cohorts by opening quarter, current by potential."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from django.db.models import Sum

from segmentation.dates import add_months, quarter_end, quarter_start
from segmentation.models import BAND, CellFigure, CohortFigure, TierFigure
from segmentation.queries.overview import SUMS, Segment
from segmentation.queries.units import UnitChoice

MONTHS_SHOWN, QUARTERS_SHOWN = 24, 8
MISSING = -1
BANDS = tuple(range(100 // BAND))


@dataclass(frozen=True)
class TiersOn:
    """A unit's tiers on a date."""

    as_of: date
    tiers: Mapping[str, Segment]

    @property
    def clients(self) -> int:
        return sum(segment.clients for segment in self.tiers.values())


def over_time(days: Iterable[date], unit: UnitChoice) -> list[TiersOn]:
    """The unit's tiers on each of these dates, oldest first; a date without figures has none."""
    wanted = sorted(set(days))
    found: dict[date, dict[str, Segment]] = {day: defaultdict(Segment) for day in wanted}
    rows = unit.narrow(TierFigure.objects.filter(as_of__in=wanted)).order_by().values("as_of", "tier")
    for row in rows.annotate(**{name: Sum(name) for name in SUMS}):
        found[row["as_of"]][row["tier"]].add(row)
    return [TiersOn(day, found[day]) for day in wanted]


def shown_closes(closes: Iterable[date], as_of: date) -> list[date]:
    """The closes of the last two years up to a date, and the date itself when it is a night."""
    first = add_months(as_of, -MONTHS_SHOWN)
    return sorted({as_of, *(close for close in closes if first < close <= as_of)})


@dataclass(frozen=True)
class CellSums:
    """The clients of a cell: contribution over 12 months and assets in CNY."""

    clients: int
    contribution: Decimal
    assets: Decimal


Cells = dict[tuple[int, int], CellSums]


def cells(as_of: date, unit: UnitChoice) -> Cells:
    """The scored clients of a unit on a date by (band of current value, band of potential)."""
    rows = unit.narrow(CellFigure.objects.filter(as_of=as_of)).order_by()
    sums = ("clients", "contribution", "assets")
    kept = rows.values("current_band", "potential_band").annotate(**{name: Sum(name) for name in sums})
    return {
        (row["current_band"], row["potential_band"]): CellSums(*(row[name] for name in sums)) for row in kept
    }


def band_edges(band: int) -> tuple[int, int]:
    """From which score to which; the last band holds 100 too."""
    return band * BAND, (band + 1) * BAND


@dataclass
class Cohort:
    """Clients opened in a quarter, by quarters since: of those effective by then, how many are held."""

    quarter: date
    entered: dict[int, int] = field(default_factory=dict)
    held: dict[int, int] = field(default_factory=dict)

    def retention(self, age: int) -> Decimal | None:
        """The share still held that many quarters after the quarter of opening; None where not known."""
        entered = self.entered.get(age, 0)
        return Decimal(self.held[age]) / entered if entered else None

    @property
    def size(self) -> int:
        """How many had become effective when last seen."""
        return self.entered[max(self.entered)] if self.entered else 0


def cohorts(until: date, unit: UnitChoice) -> list[Cohort]:
    """The cohorts of the last two years, oldest first, at the quarters' ends up to a date."""
    last = until if until == quarter_end(until) else quarter_end(add_months(until, -3))
    first = add_months(quarter_start(last), -3 * QUARTERS_SHOWN)
    rows = unit.narrow(CohortFigure.objects.filter(as_of__lte=last, as_of__gte=first, quarter__gte=first))
    found: dict[date, Cohort] = {}
    kept = rows.order_by().values("quarter", "as_of").annotate(entered=Sum("entered"), held=Sum("held"))
    for row in kept:
        cohort = found.setdefault(row["quarter"], Cohort(row["quarter"]))
        age = _quarters(row["quarter"], row["as_of"])
        cohort.entered[age], cohort.held[age] = row["entered"], row["held"]
    return [found[quarter] for quarter in sorted(found)]


def _quarters(quarter: date, as_of: date) -> int:
    """How many quarters after the quarter of opening a date lies."""
    return (as_of.year - quarter.year) * 4 + (as_of.month - 1) // 3 - (quarter.month - 1) // 3


def quarter_text(quarter: date) -> str:
    """'2026-Q3', as scorecards name it."""
    return f"{quarter.year}-Q{(quarter.month + 2) // 3}"


def quarter_of(text: str) -> date:
    """The first day of the quarter that `quarter_text` names."""
    year, _dash, number = text.partition("-Q")
    return date(int(year), 3 * int(number) - 2, 1)
