"""Targets of many units as a table of texts: its columns, what a cell says, what is wrong with one.

A unit is a row. Rates are read as 2.5% or 0.025, groups in CNY. An empty cell keeps what serves; "-" in both
cells of a pair leaves the indicator without floor and target.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from django.utils import translation
from django.utils.translation import gettext as _

from kpis.actions.targets import direction_fault
from kpis.exports.tables import indicator_words
from kpis.rules import Limits, Targets
from kpis.rules.scheme import LOWER_IS_BETTER, MONEY_PLACES, RATE_PLACES, RATES

NONE = "-"
FLOOR, TARGET = "floor", "target"
MOST = Decimal(10) ** 12
LANGUAGES = ("zh-hans", "en")


@dataclass(frozen=True)
class TargetColumn:
    """One end of a rate or of a group of tiers."""

    name: str
    end: str

    @property
    def is_rate(self) -> bool:
        return self.name in RATES

    @property
    def key(self) -> str:
        """As forms and files name it: new_floor, group_H_target."""
        return f"{self.name}_{self.end}" if self.is_rate else f"group_{self.name}_{self.end}"

    @property
    def words(self) -> str:
        ends = {FLOOR: _("floor"), TARGET: _("target")}
        known = indicator_words()
        name = known[self.name] if self.is_rate else _("Group %(name)s") % {"name": self.name}
        return f"{name}, {ends[self.end]}"


@dataclass(frozen=True)
class Fault:
    """What is wrong with a cell and what to do about it; row as the page or file numbers it."""

    row: int
    unit: str
    column: str
    words: str


def columns(groups: Iterable[str]) -> list[TargetColumn]:
    return [TargetColumn(name, end) for name in (*RATES, *groups) for end in (FLOOR, TARGET)]


def headings(found: list[TargetColumn]) -> dict[str, str]:
    """Every way a file may head a column -> its key: the key itself, or its words in any language."""
    known = {column.key: column.key for column in found}
    for language in LANGUAGES:
        with translation.override(language):
            known |= {column.words: column.key for column in found}
            known |= {_("Unit"): "unit", _("Name"): "name"}
    return known | {"unit": "unit", "name": "name"}


def limits_of(targets: Targets, name: str) -> Limits | None:
    return targets.rates.get(name) if name in RATES else targets.groups.get(name)


def cell_text(targets: Targets, column: TargetColumn) -> str:
    """What the table shows: 2.5%, 1800; nothing where there is no limit."""
    limits = limits_of(targets, column.name)
    if limits is None:
        return ""
    value: Decimal = getattr(limits, column.end)
    return f"{_plain(value * 100)}%" if column.is_rate else _plain(value)


def read_row(
    row: int, unit: str, cells: Mapping[str, str], found: list[TargetColumn], serving: Targets
) -> tuple[Targets, list[Fault]]:
    """What a row says over what serves, with its faults; cells by the columns' keys."""
    rates, groups, faults = dict(serving.rates), dict(serving.groups), list[Fault]()
    for floor, target in zip(found[::2], found[1::2], strict=True):
        kept: dict[str, Limits] = rates if floor.is_rate else groups
        texts = [cells.get(column.key, "").strip() for column in (floor, target)]
        if not any(texts):
            continue
        if texts == [NONE, NONE]:
            kept.pop(floor.name, None)
            continue
        told, wrong = _read_pair(texts, (floor, target), kept.get(floor.name))
        faults += [Fault(row, unit, column.words, words) for column, words in wrong]
        if told is not None:
            kept[floor.name] = told
    return Targets(rates, groups), faults


def _read_pair(
    texts: list[str], pair: tuple[TargetColumn, TargetColumn], serving: Limits | None
) -> tuple[Limits | None, list[tuple[TargetColumn, str]]]:
    ends, wrong = list[Decimal](), list[tuple[TargetColumn, str]]()
    for text, column in zip(texts, pair, strict=True):
        value, words = _read_cell(text, column, serving)
        if value is None:
            wrong.append((column, words))
        else:
            ends.append(value)
    if wrong:
        return None, wrong
    limits = Limits(*ends)
    if limits.is_right_way(lower_is_better=pair[0].name in LOWER_IS_BETTER):
        return limits, []
    return None, [(pair[1], direction_fault(pair[0].name))]


def _read_cell(text: str, column: TargetColumn, serving: Limits | None) -> tuple[Decimal | None, str]:
    """The value, or None with what to do."""
    if text == NONE:
        return None, _("Put - into both cells of the pair, or into neither.")
    if not text:
        if serving is None:
            return None, _("Fill in both floor and target, or neither.")
        return getattr(serving, column.end), ""
    value = _number(text, is_rate=column.is_rate)
    if value is None:
        return None, _("Write a rate such as 2.5% or 0.025.") if column.is_rate else _(
            "Write an amount in CNY."
        )
    places = RATE_PLACES if column.is_rate else MONEY_PLACES
    if value != round(value, places):
        return None, _("At most %(places)s decimal places.") % {"places": places}
    return value, ""


def _number(text: str, *, is_rate: bool) -> Decimal | None:
    bare = text.replace(",", "").replace("，", "").replace("％", "%").replace(" ", "")
    percent = bare.endswith("%")
    if percent and not is_rate:
        return None
    try:
        value = Decimal(bare.removesuffix("%"))
    except InvalidOperation:
        return None
    if not value.is_finite() or abs(value) >= MOST:
        return None
    value = value / 100 if percent else value
    return None if is_rate and not 0 <= value <= 1 else value


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"
