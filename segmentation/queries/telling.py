"""Rules in words of the reader's language."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from core import formats
from segmentation.queries.catalogue import CATALOGUE, choice_words
from segmentation.rules import Condition, Field, Group, Kind
from segmentation.rules.periods import MONTHS

SIGNS = {"gte": "≥", "gt": ">", "lte": "≤", "lt": "<", "eq": "="}
CODES_TOLD = 4


@dataclass(frozen=True)
class Told:
    """A group in words: how its items are joined, and each of them as words or as a group again."""

    join: str
    items: "list[str | Told]" = field(default_factory=list)

    @property
    def lines(self) -> list[tuple[str, "Told | None"]]:
        """Words of a condition, or the group below; for templates."""
        return [(item, None) if isinstance(item, str) else ("", item) for item in self.items]


class Teller:
    """Tells rules; the names of branches, tags and such are read once."""

    def __init__(self) -> None:
        self._names: dict[str, dict[str, str]] = {}

    def rule(self, rule: Group) -> Told:
        told: list[str | Told] = [
            self.rule(item) if isinstance(item, Group) else self.condition(item) for item in rule.items
        ]
        return Told(join_words()[rule.join], told)

    def sentence(self, rule: Group) -> str:
        """The whole rule in one line."""
        return _line(self.rule(rule))

    def condition(self, asked: Condition, *, against: bool = False) -> str:
        """'Score ≥ 70'; against: 'not: Score ≥ 70'."""
        known = CATALOGUE.get(asked.field)
        words = self._condition(known, asked) if known else asked.field
        return _("not: %(condition)s") % {"condition": words} if against else words

    def _condition(self, known: Field, asked: Condition) -> str:
        name = known.named(asked.months or "")
        if known.kind in (Kind.CHOICE, Kind.SET, Kind.TEXT) and asked.value:
            return f"{name}{_code_sign(asked.op)}{self._codes(known, asked.value)}"
        if asked.op in SIGNS:
            return f"{name} {SIGNS[asked.op]} {_value(known, asked.value)}"
        if asked.op == "between":
            first, last = asked.value
            return f"{name} {_value(known, first)} – {_value(known, last)}"
        return _other(name, asked)

    def _codes(self, known: Field, codes: Sequence[str]) -> str:
        if known.key not in self._names:
            self._names[known.key] = choice_words(known)
        names = [self._names[known.key].get(code, code) for code in codes[:CODES_TOLD]]
        more = len(codes) - len(names)
        return " / ".join([*names, *([_("%(count)s more") % {"count": more}] if more > 0 else [])])


def _code_sign(op: str) -> str:
    return {
        "in": _(": "),
        "any": _(": "),
        "not_in": _(": not "),
        "without": _(": none of "),
        "every": _(": all of "),
    }[op]


def _other(name: str, asked: Condition) -> str:
    filled = {"field": name, "value": _length(asked), "period": period_words().get(str(asked.value), "")}
    if isinstance(asked.value, date):
        filled["value"] = formats.day(asked.value)
    return {
        "in_last": _("%(field)s within the last %(value)s"),
        "not_in_last": _("%(field)s not within the last %(value)s"),
        "older": _("%(field)s longer ago than %(value)s"),
        "in_next": _("%(field)s within the next %(value)s"),
        "this": _("%(field)s in the present %(period)s"),
        "last": _("%(field)s in the previous %(period)s"),
        "since": _("%(field)s since %(value)s"),
        "until": _("%(field)s until %(value)s"),
        "filled": _("%(field)s is known"),
        "empty": _("%(field)s is not known"),
        "yes": _("%(field)s: yes"),
        "no": _("%(field)s: no"),
        "ever": _("%(field)s at any time"),
        "never": _("%(field)s: never"),
    }[asked.op] % filled


def _length(asked: Condition) -> str:
    if not asked.unit:
        return ""
    words = _("%(count)s months") if asked.unit == MONTHS else _("%(count)s days")
    return words % {"count": asked.value}


def _value(known: Field, value: Any) -> str:
    if isinstance(value, date):
        return formats.day(value)
    if known.kind == Kind.RATIO:
        return formats.percent(value)
    places = -int(value.normalize().as_tuple().exponent) if isinstance(value, Decimal) else 0
    return formats.number(value, max(places, 0))


def _line(told: Told) -> str:
    parts = [item if isinstance(item, str) else f"({_line(item)})" for item in told.items]
    return f"{told.join}{_(': ')}{_('; ').join(parts)}"


def join_words() -> dict[str, str]:
    return {"all": _("All of these"), "any": _("At least one of these"), "none": _("None of these")}


def period_words() -> dict[str, str]:
    return {
        "month": pgettext("period", "month"),
        "quarter": pgettext("period", "quarter"),
        "year": pgettext("period", "year"),
    }


def operator_words() -> dict[str, str]:
    """As the builder's choice of operators says them."""
    return {
        "in": _("is one of"),
        "not_in": _("is none of"),
        "any": _("has one of"),
        "every": _("has all of"),
        "without": _("has none of"),
        "gte": _("at least (≥)"),
        "gt": _("more than (>)"),
        "lte": _("at most (≤)"),
        "lt": _("less than (<)"),
        "eq": _("exactly (=)"),
        "between": pgettext("operator", "between"),
        "in_last": _("within the last"),
        "not_in_last": _("not within the last"),
        "older": _("longer ago than"),
        "in_next": _("within the next"),
        "this": _("in the present"),
        "last": _("in the previous"),
        "since": pgettext("operator", "since"),
        "until": pgettext("operator", "until"),
        "filled": _("is known"),
        "empty": _("is not known"),
        "yes": pgettext("operator", "yes"),
        "no": pgettext("operator", "no"),
        "ever": _("at any time"),
        "never": pgettext("operator", "never"),
    }
