"""Two compared cards as a page shows them: words, rows and the chart of the causes."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.utils.translation import gettext as _

from core import formats
from core.charts import Chart, waterfall
from core.charts.bars import Step
from kpis.exports.tables import count_words, indicator_words
from kpis.models import Scorecard
from kpis.queries.compared import Comparison
from kpis.rules.card import events_and_base
from kpis.rules.changes import CAUSES, Change, Split, Told, shown, told
from kpis.rules.scheme import INDICATORS, LOWER_IS_BETTER, RATES

POINT_PLACES = 2
OF_RATES = ("volume", "rate", "adjustment", "small_base")
OF_GROUPS = ("mix", "rate", "adjustment", "small_base")
BETTER_COUNTS = {**dict.fromkeys(("N", "R", "U", "E"), 1), **dict.fromkeys(("L", "L_in", "D", "flash"), -1)}


def cause_words() -> dict[str, str]:
    """What each cause is called."""
    return {
        "volume": _("Number of clients"),
        "mix": _("Mix of tiers"),
        "rate": _("What became of them"),
        "adjustment": _("Adjustments"),
        "small_base": _("Small base"),
        "target": _("Targets"),
        "scheme": _("Scheme"),
        "history": _("Short history"),
    }


def titles(found: Comparison) -> tuple[str, str]:
    """What tells the two cards apart: periods and revisions of one unit, else the units' names."""
    ends = (found.before, found.after)
    if not found.is_one_unit:
        return ends[0].unit_title, ends[1].unit_title
    words = [_("revision %(number)s") % {"number": card.revision} for card in ends]
    return f"{ends[0].period} · {words[0]}", f"{ends[1].period} · {words[1]}"


@dataclass(frozen=True)
class PointsRow:
    """An indicator's points of the total, by cause; the last row has the sums."""

    words: str
    before: Decimal | None
    after: Decimal | None
    parts: list[Decimal]
    difference: Decimal


def points_table(change: Change) -> tuple[list[str], list[PointsRow]]:
    """(words of the causes that had a part, rows): cells add up both ways to the shown change of the total.

    No rows where either card has no total.
    """
    whole = told(change.total, POINT_PLACES)
    if whole.difference is None:
        return [], []
    cells = shown(
        {(name, cause): change.points[name].parts[cause] for name in INDICATORS for cause in CAUSES},
        whole.difference,
    )
    causes = [cause for cause in CAUSES if any(change.points[name].parts[cause] for name in INDICATORS)]
    words = indicator_words()
    rows = [_points_row(words[name], change.points[name], [cells[name, one] for one in causes])
            for name in INDICATORS]  # fmt: skip
    sums = [sum((cells[name, one] for name in INDICATORS), Decimal(0)) for one in causes]
    last = PointsRow(_("Total score"), whole.before, whole.after, sums, whole.difference)
    return [cause_words()[one] for one in causes], [*rows, last]


def _points_row(words: str, split: Split, parts: list[Decimal]) -> PointsRow:
    ends = told(split, POINT_PLACES)
    return PointsRow(words, ends.before, ends.after, parts, sum(parts, Decimal(0)))


def way(found: Comparison, change: Change) -> Chart | None:
    """From one total to the other, a step for each cause; none where either card has no total."""
    whole = told(change.total, POINT_PLACES)
    if whole.difference is None:
        return None
    first, last = titles(found)
    steps = [Step(first, whole.before or 0, total=True)]
    steps += [Step(cause_words()[cause], part) for cause, part in whole.parts.items() if part]
    steps.append(Step(last, whole.after or 0, total=True))
    return waterfall(_("From one total to the other"), steps, write=_points)


def _points(value: Any) -> str:
    return formats.number(value, POINT_PLACES)


@dataclass(frozen=True)
class PartRow:
    """A rate or a group's profitability with the parts of its causes, in percent or CNY."""

    words: str
    of: tuple[str, str]  # events and base, as "60 / 1,000"; empty for groups
    told: Told
    parts: list[Decimal | None]
    better: str


def rate_rows(found: Comparison) -> list[PartRow]:
    """The three rates, in percent: parts in percentage points."""
    change, words = found.change, indicator_words()
    if change is None:
        return []
    return [
        _part_row(
            words[name], told(_times(change.used[name], 100), POINT_PLACES), OF_RATES,
            (_of(found.before, name), _of(found.after, name)),
            "lower" if name in LOWER_IS_BETTER else "higher",
        )
        for name in RATES
    ]  # fmt: skip


def _of(card: Scorecard, name: str) -> str:
    events, base = events_and_base(name, card.counts)
    return f"{formats.number(events)} / {formats.number(base)}"


def _times(split: Split, by: int) -> Split:
    def times(value: Fraction | None) -> Fraction | None:
        return None if value is None else value * by

    parts = {cause: part * by for cause, part in split.parts.items()}
    return Split(times(split.before), times(split.after), parts)


def group_rows(found: Comparison) -> list[PartRow]:
    """Contribution per client of the groups of tiers."""
    if found.change is None:
        return []
    return [
        _part_row(name, told(split, POINT_PLACES), OF_GROUPS, ("", ""), "higher")
        for name, split in found.change.groups.items()
    ]


def _part_row(words: str, ends: Told, causes: tuple[str, ...], of: tuple[str, str], better: str) -> PartRow:
    return PartRow(words, of, ends, [ends.parts.get(cause) for cause in causes], better)


@dataclass(frozen=True)
class Pair:
    """A number of two cards; better: -1 the first, 1 the second, 0 neither."""

    name: str
    words: str
    before: Any
    after: Any
    better: int = 0

    @property
    def difference(self) -> Any:
        return None if self.before is None or self.after is None else self.after - self.before

    @property
    def points(self) -> Any:
        """Of a rate, in percentage points."""
        return None if self.difference is None else self.difference * 100

    @property
    def ends(self) -> list[tuple[Any, int]]:
        return [(self.before, -1), (self.after, 1)]


def count_pairs(found: Comparison) -> list[Pair]:
    words = count_words()
    return [
        Pair(number, words[number], before, after, _better(before, after, BETTER_COUNTS.get(number, 0)))
        for number, before, after in found.counts
    ]


def score_pairs(found: Comparison) -> list[Pair]:
    """The four scores, the total last."""
    words = indicator_words()
    pairs = [_line_pair(found, name, words[name], "score", 1) for name in INDICATORS]
    ends = (found.before.total, found.after.total)
    return [*pairs, Pair("total", _("Total score"), *ends, _better(*ends, 1))]


def rate_pairs(found: Comparison) -> list[Pair]:
    """The rates used, as fractions."""
    words = indicator_words()
    signs = {name: -1 if name in LOWER_IS_BETTER else 1 for name in RATES}
    return [_line_pair(found, name, words[name], "used", sign) for name, sign in signs.items()]


def _line_pair(found: Comparison, name: str, words: str, value: str, sign: int) -> Pair:
    lines = [card.lines_by_name().get(name) for card in (found.before, found.after)]
    before, after = (getattr(line, value) if line else None for line in lines)
    return Pair(name, words, before, after, _better(before, after, sign))


def tier_pairs(found: Comparison, kind: str) -> list[Pair]:
    """Contribution per client by tier or by group (kind "tiers", "groups"), in CNY."""
    before, after = (_by_name(card, kind) for card in (found.before, found.after))
    names = dict.fromkeys([*before, *after])
    return [
        Pair(name, name, before.get(name), after.get(name), _better(before.get(name), after.get(name), 1))
        for name in names
    ]


def _by_name(card: Scorecard, kind: str) -> Mapping[str, Decimal | None]:
    found = card.profitability[kind]
    return {one[kind.removesuffix("s")]: None if one["ap"] is None else Decimal(one["ap"]) for one in found}


def _better(before: Any, after: Any, sign: int) -> int:
    if before is None or after is None or before == after:
        return 0
    return sign if after > before else -sign
