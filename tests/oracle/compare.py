"""Comparing what a run made with what the oracle expects: rows by key, differences in plain words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation


def differences(
    expected: Iterable[Mapping],
    found: Iterable[Mapping],
    key: Sequence[str],
    names: Sequence[str] = (),
    most: int = 40,
) -> list[str]:
    """What differs between two sets of rows, at most so many lines; empty when they agree.

    `key` names the fields that identify a row, `names` those compared (default: all of the expected
    row).  Nested dictionaries are compared field by field; "1.50", Decimal("1.5") and a date and its
    ISO text are the same.
    """
    wanted, there = _by_key(expected, key), _by_key(found, key)
    lines = [f"missing: {_words(key, row)}" for row in sorted(wanted.keys() - there.keys(), key=str)]
    lines += [f"too much: {_words(key, row)}" for row in sorted(there.keys() - wanted.keys(), key=str)]
    for row in sorted(wanted.keys() & there.keys(), key=str):
        told, compared = flat(there[row]), flat(wanted[row])
        for name, value in compared.items():
            if names and name.split(".")[0] not in names:
                continue
            if told.get(name) != value:
                lines.append(f"{_words(key, row)}: {name} is {told.get(name)}, expected {value}")
    return lines if len(lines) <= most else [*lines[:most], f"and {len(lines) - most} more"]


def flat(row: Mapping) -> dict[str, object]:
    """A row with nested dictionaries and lists of named things opened up, values in one form."""
    opened: dict[str, object] = {}
    for name, value in row.items():
        if isinstance(value, Mapping):
            opened.update({f"{name}.{inner}": plain for inner, plain in flat(value).items()})
        elif isinstance(value, list) and value and isinstance(value[0], Mapping):
            for entry in value:
                label = entry.get("tier") or entry.get("group") or entry.get("name")
                opened.update({f"{name}.{label}.{inner}": plain for inner, plain in flat(entry).items()})
        else:
            opened[name] = plain_value(value)
    return opened


def plain_value(value: object) -> object:
    """Numbers and their texts as Decimals without trailing zeros, dates as ISO texts, the rest as it is."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, list | tuple):
        return [plain_value(entry) for entry in value]
    if isinstance(value, str) and not _looks_like_a_number(value):
        return value
    try:
        return Decimal(str(value)).normalize() + 0
    except InvalidOperation:
        return value


def _looks_like_a_number(content: str) -> bool:
    digits = content.removeprefix("-").replace(".", "", 1)
    return digits.isascii() and digits.isdigit()


def _by_key(rows: Iterable[Mapping], key: Sequence[str]) -> dict[tuple, Mapping]:
    by_key: dict[tuple, Mapping] = {}
    for row in rows:
        opened = flat(row)
        place = tuple(opened.get(name) for name in key)
        if place in by_key:
            raise ValueError(f"two rows for {_words(key, place)}")
        by_key[place] = row
    return by_key


def _words(key: Sequence[str], place: tuple) -> str:
    return ", ".join(f"{name} {value}" for name, value in zip(key, place, strict=True))
