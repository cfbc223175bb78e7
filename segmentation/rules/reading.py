"""Reads a rule from JSON with clear errors, and writes it back in the one form in which it is kept.

{"all": [{"field": "score", "op": "gte", "value": "70"}, {"any": [{"field": "last_trade_on", "op": "older",
"value": 90, "unit": "days"}, {"field": "contribution", "op": "gte", "value": "1000", "months": 6}]}]}
"""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _

from segmentation.rules.fields import (
    CALENDAR,
    MOST_MONTHS,
    OF_CODES,
    RELATIVE,
    WITH_MONTHS,
    WITHOUT_VALUE,
    Field,
    Kind,
)
from segmentation.rules.periods import DAYS, PERIODS, UNITS
from segmentation.rules.tree import ALL, JOINS, Condition, Group, Rule

MOST_CONDITIONS = 30
MOST_DEPTH = 4
MOST_CODES = 500
MOST_BACK = {"days": 3660, "months": 120}
WHOLE = frozenset({Kind.AGE})
LARGEST = Decimal(10) ** 15


class RuleError(ValueError):
    """What is wrong, by place: "" is the rule, "0" its first item, "1.2" the third item of its second."""

    def __init__(self, errors: dict[str, str]) -> None:
        super().__init__("; ".join(f"{place or '/'}: {words}" for place, words in errors.items()))
        self.errors = errors


def read(data: Any, catalogue: Mapping[str, Field]) -> Rule:
    """The rule; raises RuleError that names every place where something is wrong."""
    reader = _Reader(catalogue)
    rule = reader.group(data, "", 1)
    if not reader.errors and not reader.conditions:
        reader.errors[""] = _("Add at least one condition.")
    if reader.conditions > MOST_CONDITIONS:
        reader.errors[""] = _("At most %(most)s conditions.") % {"most": MOST_CONDITIONS}
    if reader.errors:
        raise RuleError(reader.errors)
    return rule


class _Wrong(ValueError):
    pass


class _Reader:
    def __init__(self, catalogue: Mapping[str, Field]) -> None:
        self.catalogue = catalogue
        self.errors: dict[str, str] = {}
        self.conditions = 0

    def group(self, data: Any, place: str, depth: int) -> Group:
        join = next((name for name in JOINS if isinstance(data, dict) and name in data), "")
        items = data[join] if join else None
        if not isinstance(items, list) or len(data) != 1:
            return self._fault(place, _("A group is one of all, any or none with a list of items."))
        if depth > MOST_DEPTH:
            return self._fault(place, _("At most %(most)s groups inside each other.") % {"most": MOST_DEPTH})
        if not items and depth > 1:
            return self._fault(place, _("Add a condition to the group, or remove it."))
        below = f"{place}." if place else ""
        return Group(join, tuple(self._item(one, f"{below}{at}", depth) for at, one in enumerate(items)))

    def _item(self, data: Any, place: str, depth: int) -> Condition | Group:
        if not isinstance(data, dict) or "field" not in data:
            return self.group(data, place, depth + 1)
        self.conditions += 1
        try:
            return condition(data, self.catalogue)
        except _Wrong as wrong:
            return self._fault(place, str(wrong))

    def _fault(self, place: str, words: str) -> Group:
        self.errors[place] = words
        return Group(ALL)


def condition(data: Mapping[str, Any], catalogue: Mapping[str, Field]) -> Condition:
    """One condition; raises ValueError with what is wrong with it."""
    field = catalogue.get(data["field"]) if isinstance(data["field"], str) else None
    if field is None:
        raise _Wrong(_("Choose what is asked."))
    op = data.get("op")
    if op not in field.operators:
        raise _Wrong(_("Choose how it is compared."))
    months = _months(data.get("months")) if field.kind in WITH_MONTHS else None
    unit = _unit(data.get("unit", DAYS)) if op in RELATIVE else ""
    return Condition(field.key, op, _value(field, op, data.get("value"), unit), unit, months)


def _value(field: Field, op: str, told: Any, unit: str) -> Any:
    if op in WITHOUT_VALUE:
        return None
    if op in OF_CODES:
        return _codes(field, told)
    if op in RELATIVE:
        return _whole(told, MOST_BACK[unit])
    if op in CALENDAR:
        return _period(told)
    one = _day if field.kind in (Kind.DATE, Kind.EVENT) else _years if field.kind in WHOLE else _number
    return _between(told, one) if op == "between" else one(told)


def _between(told: Any, one: Callable[[Any], Any]) -> tuple[Any, Any]:
    if not isinstance(told, list | tuple) or len(told) != 2:
        raise _Wrong(_("Give both ends."))
    first, last = one(told[0]), one(told[1])
    if first > last:
        raise _Wrong(_("The first value is larger than the second."))
    return first, last


def _codes(field: Field, told: Any) -> tuple[str, ...]:
    if not isinstance(told, list | tuple) or not all(isinstance(one, str) for one in told):
        raise _Wrong(_("Give a list of codes."))
    codes = tuple(dict.fromkeys(one.strip() for one in told if one.strip()))
    if not codes:
        raise _Wrong(_("Choose at least one."))
    if len(codes) > MOST_CODES or any(len(code) > 60 for code in codes):
        raise _Wrong(_("At most %(most)s codes.") % {"most": MOST_CODES})
    known = {code for code, _words in field.choices()} if field.choices else set(codes)
    if unknown := [code for code in codes if code not in known]:
        raise _Wrong(_("Not known: %(codes)s") % {"codes": ", ".join(unknown[:5])})
    return codes


def _number(told: Any) -> Decimal:
    if isinstance(told, bool) or not isinstance(told, str | int | float | Decimal) or told == "":
        raise _Wrong(_("Enter a number."))
    try:
        number = Decimal(str(told).replace(",", "").strip())
    except InvalidOperation:
        raise _Wrong(_("Enter a number.")) from None
    if not number.is_finite() or abs(number) > LARGEST or -int(number.as_tuple().exponent) > 6:
        raise _Wrong(_("A number of at most 15 digits and 6 decimals."))
    return number


def _years(told: Any) -> int:
    return _whole(told, 150, least=0)


def _whole(told: Any, most: int, least: int = 1) -> int:
    text = str(told).strip() if isinstance(told, str | int) and not isinstance(told, bool) else ""
    if not (text.isascii() and text.isdecimal() and len(text) < 7 and least <= int(text) <= most):
        raise _Wrong(_("A whole number from %(least)s to %(most)s.") % {"least": least, "most": most})
    return int(text)


def _months(told: Any) -> int:
    return _whole(told, MOST_MONTHS)


def _unit(told: Any) -> str:
    if told not in UNITS:
        raise _Wrong(_("Days or months."))
    return str(told)


def _period(told: Any) -> str:
    if told not in PERIODS:
        raise _Wrong(_("Month, quarter or year."))
    return str(told)


def _day(told: Any) -> date:
    try:
        day = date.fromisoformat(told)
    except (TypeError, ValueError):
        raise _Wrong(_("Enter a date.")) from None
    if not 1900 <= day.year <= 2200:
        raise _Wrong(_("Enter a date."))
    return day


def plain(rule: Condition | Group) -> dict[str, Any]:
    """The rule as JSON, in the form in which it is kept."""
    if isinstance(rule, Group):
        return {rule.join: [plain(item) for item in rule.items]}
    told = {
        "field": rule.field,
        "op": rule.op,
        "value": _told(rule.value),
        "unit": rule.unit,
        "months": rule.months,
    }
    return {name: value for name, value in told.items() if value not in (None, "")}


def _told(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_told(one) for one in value]
    if isinstance(value, Decimal):
        return f"{value:f}"
    return value.isoformat() if isinstance(value, date) else value
