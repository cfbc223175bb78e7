"""How numbers, dates and personal data are shown. None is always a dash; rounding is half up."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from functools import cache
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

DASH = "–"
MINUS = "−"
ShortUnits = tuple[tuple[int, str], ...]
CHINESE_UNITS: ShortUnits = ((10**8, "亿"), (10**4, "万"))
ENGLISH_UNITS: ShortUnits = ((10**9, "B"), (10**6, "M"), (10**3, "K"))


def decimal(value: Any) -> Decimal | None:
    """The value as an exact number, or None for empty and unreadable ones."""
    if value is None or value == "":
        return None
    try:
        return value if isinstance(value, Decimal) else Decimal(str(value))
    except InvalidOperation:
        return None


@cache
def _last_place(places: int) -> Decimal:
    return Decimal(1).scaleb(-places)


def number(value: Any, places: int = 0) -> str:
    """1234567.5 -> '1,234,568'; a true minus sign."""
    exact = decimal(value)
    if exact is None or not exact.is_finite():
        return DASH
    rounded = exact.quantize(_last_place(places), ROUND_HALF_UP)
    return f"{abs(rounded):,}" if rounded >= 0 else f"{MINUS}{abs(rounded):,}"


def money(value: Any) -> str:
    """Yuan with two places."""
    return number(value, 2)


def money_short(value: Any) -> str:
    """Yuan in the unit the language counts in: 万 and 亿 in Chinese, K, M and B in English."""
    return in_units(value, short_units())


def in_units(value: Any, units: ShortUnits) -> str:
    """In the largest of these units that the value fills."""
    exact = decimal(value)
    if exact is None:
        return DASH
    for size, unit in units:
        if abs(exact) >= size:
            return f"{number(exact / size, 2 if abs(exact) < 100 * size else 1)} {unit}"
    return number(exact, 0)


def short_units() -> ShortUnits:
    return CHINESE_UNITS if (get_language() or "").startswith("zh") else ENGLISH_UNITS


def percent(value: Any, places: int = 1) -> str:
    """A ratio as a percentage: 0.0625 -> '6.3%'."""
    exact = decimal(value)
    return DASH if exact is None else f"{number(exact * 100, places)}%"


def signed(value: Any, places: int = 1) -> str:
    """With its sign: '+1.2', '−3.1', '0.0'."""
    exact = decimal(value)
    text = number(exact, places)
    return f"+{text}" if exact is not None and exact > 0 and text.strip("0.,") else text


def day(value: date | datetime | None) -> str:
    """2026-11-23, in Shanghai where it is a moment."""
    if not value:
        return DASH
    return (timezone.localtime(value) if isinstance(value, datetime) else value).strftime("%Y-%m-%d")


def moment(value: datetime | None) -> str:
    return timezone.localtime(value).strftime("%Y-%m-%d %H:%M") if value else DASH


def month(value: date | None) -> str:
    return value.strftime("%Y-%m") if value else DASH


def mask_name(text: str) -> str:
    """张建国 -> 张**, Wang Li -> W******."""
    return text[:1] + "*" * max(len(text) - 1, 1) if text else DASH


def mask_middle(text: str, head: int, tail: int) -> str:
    """Keeps `head` and `tail` characters; a text too short for that is hidden whole."""
    if not text:
        return DASH
    hidden = len(text) - head - tail
    if hidden < 1:
        return "*" * len(text)
    return text[:head] + "*" * hidden + text[len(text) - tail :]


def mask_email(text: str) -> str:
    name, at, host = text.rpartition("@")
    first = name[:1] if len(name) > 1 else ""
    return f"{first}***{at}{host}" if at else mask_middle(text, 1, 0)


def mask_number(text: str) -> str:
    """First 3 and last 4 of mobiles and IDs; 2 and 2 of shorter numbers, nothing of those under 8 signs."""
    if len(text) >= 11:
        return mask_middle(text, 3, 4)
    return mask_middle(text, 2, 2) if len(text) >= 8 else mask_middle(text, len(text), 0)


def masked(text: str | None, kind: str) -> str:
    """Personal data as everyone may see it: name, mobile (138****1234), id (first 3, last 4), email."""
    plain = text or ""
    if kind == "name":
        return mask_name(plain)
    if kind == "email":
        return mask_email(plain) if plain else DASH
    return mask_number(plain)


def yes_no(value: bool | None) -> str:
    return DASH if value is None else (_("Yes") if value else _("No"))
