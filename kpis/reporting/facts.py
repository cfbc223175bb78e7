"""Facts of a section in the reader's language, and texts that name them as {name}."""

import re
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from core import formats
from core.templatetags.ui import tier_names

NAMED = re.compile(r"\{([a-z][a-z0-9_]*)\}")
Facts = Mapping[str, Any]


def _signed_percent(value: Any) -> str:
    exact = formats.decimal(value)
    return formats.DASH if exact is None else f"{formats.signed(exact * 100)}%"


def _tier(code: Any) -> str:
    return tier_names().get(code, code) if code else formats.DASH


KINDS: dict[str, Callable[[Any], str]] = {
    "number": formats.number,
    "signed": lambda value: formats.signed(value, 0),
    "percent": formats.percent,
    "signed_percent": _signed_percent,
    "money": formats.money_short,
    "points": lambda value: formats.number(value, 2),
    "signed_points": lambda value: formats.signed(value, 2),
    "ratio": lambda value: formats.number(value, 3),
    "signed_ratio": lambda value: formats.signed(value, 3),
    "tier": _tier,
    "name": lambda value: value or formats.DASH,
}


def shown(facts: Facts) -> dict[str, str]:
    """Every fact as it is read."""
    return {name: KINDS[kind](value) for name, (kind, value) in facts.items()}


def filled(text: str, facts: Facts) -> str:
    """The text with its facts in their places; a place that no fact fills stays as it is."""
    words = shown(facts)
    return NAMED.sub(lambda place: words.get(place[1], place[0]), text)


def unknown(text: str, facts: Iterable[str]) -> list[str]:
    """Names in the text that no fact of the section has."""
    return sorted({place[1] for place in NAMED.finditer(text)} - set(facts))


def has(facts: Facts, *names: str) -> bool:
    """Whether all of these are known."""
    return all(facts.get(name, [None, None])[1] is not None for name in names)
