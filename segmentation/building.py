"""A rule while somebody builds it: what stands in the form, however unfinished, and what a button does to it.

Fields of the form are named by their place: "n" is the rule, "n-0" its first item, "n-0-1.op" the operator of
the second item of that. What cannot be read yet is kept as it was typed.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from django.http import QueryDict
from django.utils.translation import pgettext

from segmentation.queries.catalogue import CATALOGUE, FIELDS, choice_words, source_words
from segmentation.queries.telling import join_words, operator_words, period_words
from segmentation.rules import Field, Kind
from segmentation.rules.fields import CALENDAR, OF_CODES, RELATIVE, WITH_MONTHS, WITHOUT_VALUE
from segmentation.rules.reading import MOST_DEPTH
from segmentation.rules.tree import ALL, JOINS

ROOT = "n"
FEW = 12  # so many choices stand beside each other; more in a box that scrolls
FIRST = "tier"
DEEPEST = 6  # what lies deeper was made by hand
Option = tuple[str, str, bool]


@dataclass
class Draft:
    """A group (with `join`) or a condition, as typed. error: what reading it found wrong."""

    place: str = ROOT
    join: str = ""
    items: "list[Draft]" = field(default_factory=list)
    key: str = ""
    op: str = ""
    values: list[str] = field(default_factory=list)
    unit: str = "days"
    months: str = "12"
    error: str = ""

    @property
    def is_group(self) -> bool:
        return bool(self.join)

    @property
    def is_root(self) -> bool:
        return self.place == ROOT

    @property
    def may_nest(self) -> bool:
        return self.place.count("-") < MOST_DEPTH - 1

    @property
    def asked(self) -> Field:
        return CATALOGUE.get(self.key) or CATALOGUE[FIRST]

    @property
    def value(self) -> str:
        return self.values[0] if self.values else ""

    @property
    def second(self) -> str:
        return self.values[1] if len(self.values) > 1 else ""

    @property
    def joins(self) -> list[Option]:
        return [(join, words, join == self.join) for join, words in join_words().items()]

    @property
    def fields(self) -> list[tuple[str, list[Option]]]:
        """The catalogue in its groups."""
        return [
            (
                words,
                [(one.key, one.named(), one.key == self.asked.key) for one in FIELDS if one.source == source],
            )
            for source, words in source_words().items()
        ]

    @property
    def operators(self) -> list[Option]:
        words = operator_words()
        return [(op, words[op], op == self.op) for op in self.asked.operators]

    @property
    def widget(self) -> str:
        """How the value is asked for."""
        kind = self.asked.kind
        if self.op in WITHOUT_VALUE:
            return "nothing"
        if self.op in OF_CODES:
            return "typed" if kind == Kind.TEXT else "codes"
        if self.op in RELATIVE:
            return "relative"
        if self.op in CALENDAR:
            return "period"
        shape = "day" if kind in (Kind.DATE, Kind.EVENT) else "number"
        return f"{shape}s" if self.op == "between" else shape

    @property
    def with_months(self) -> bool:
        return self.asked.kind in WITH_MONTHS

    @property
    def codes(self) -> list[Option]:
        return [(code, words, code in self.values) for code, words in choice_words(self.asked).items()]

    @property
    def many(self) -> bool:
        return len(self.codes) > FEW

    @property
    def units(self) -> list[Option]:
        words = {"days": unit_words()[0], "months": unit_words()[1]}
        return [(unit, told, unit == self.unit) for unit, told in words.items()]

    @property
    def periods(self) -> list[Option]:
        return [(code, words, code == self.value) for code, words in period_words().items()]

    def data(self) -> dict[str, Any]:
        """As JSON, for reading."""
        if self.is_group:
            return {self.join: [item.data() for item in self.items]}
        return {
            "field": self.key,
            "op": self.op,
            "value": self._value(),
            "unit": self.unit,
            "months": self.months,
        }

    def _value(self) -> Any:
        if self.widget == "typed":
            return self.value.replace("，", ",").replace("、", ",").split(",")
        return self.values if self.widget in ("codes", "numbers", "days") else self.value

    def walk(self) -> "Iterator[Draft]":
        yield self
        for item in self.items:
            yield from item.walk()

    def placed(self, place: str) -> "Draft":
        """The same at another place, with everything below."""
        items = [item.placed(f"{place}-{number}") for number, item in enumerate(self.items)]
        return replace(self, place=place, items=items)

    def marked(self, errors: dict[str, str]) -> "Draft":
        """With what reading found wrong, by the reader's places."""
        for node in self.walk():
            node.error = errors.get(".".join(node.place.split("-")[1:]), "")
        return self


def unit_words() -> tuple[str, str]:
    return pgettext("unit", "days"), pgettext("unit", "months")


def typed(params: QueryDict) -> Draft:
    """What the form holds."""
    places = {key.rsplit(".", 1)[0] for key in params if key.startswith(ROOT) and key.count("-") <= DEEPEST}
    return _node(params, ROOT, places).placed(ROOT)


def _node(params: QueryDict, place: str, places: set[str]) -> Draft:
    join = params.get(f"{place}.join", "")
    if join or place == ROOT:
        below = [one for one in places if one.rpartition("-")[0] == place]
        below.sort(key=lambda one: int(one.rpartition("-")[2]) if one.rpartition("-")[2].isdecimal() else 0)
        return Draft(place, join if join in JOINS else ALL, [_node(params, one, places) for one in below])
    key = params.get(f"{place}.field", FIRST)
    asked = CATALOGUE.get(key) or CATALOGUE[FIRST]
    op = params.get(f"{place}.op", "")
    was = params.get(f"{place}.was", asked.key)
    return Draft(
        place, key=asked.key, op=op if op in asked.operators else asked.operators[0],
        values=params.getlist(f"{place}.value") if was == asked.key else [],
        unit=params.get(f"{place}.unit", "days"), months=params.get(f"{place}.months", "12"),
    )  # fmt: skip


def done(draft: Draft, deed: str) -> Draft:
    """The draft after a button: "add:n-0", "group:n", "remove:n-1"; others leave it."""
    name, _colon, place = deed.partition(":")
    if name == "remove" and place != ROOT:
        return _without(draft, place).placed(ROOT)
    for node in list(draft.walk()):
        if node.place == place and node.is_group:
            if name == "add":
                node.items.append(condition())
            if name == "group":
                node.items.append(Draft(join="any", items=[condition()]))
    return draft.placed(ROOT)


def _without(draft: Draft, place: str) -> Draft:
    kept = [_without(item, place) for item in draft.items if item.place != place]
    return replace(draft, items=kept)


def condition(key: str = FIRST) -> Draft:
    return Draft(key=key, op=CATALOGUE[key].operators[0])


def empty() -> Draft:
    """What a new segment begins with."""
    return Draft(join=ALL, items=[condition()]).placed(ROOT)


def of_rule(data: dict[str, Any]) -> Draft:
    """A kept rule as a form shows it; what its fields no longer know is shown as it was."""
    return _of(data).placed(ROOT)


def _of(data: dict[str, Any]) -> Draft:
    if "field" not in data:
        join = next(iter(data))
        return Draft(join=join, items=[_of(item) for item in data[join]])
    told = data.get("value")
    values = [str(one) for one in told] if isinstance(told, list) else [] if told is None else [str(told)]
    made = Draft(
        key=data["field"], op=data["op"], values=values, unit=data.get("unit", "days"),
        months=str(data.get("months", 12)),
    )  # fmt: skip
    if made.widget == "typed":
        made.values = [", ".join(values)]
    return made
