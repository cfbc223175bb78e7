"""The comparison tells rows that differ from rows that are only written differently."""

from datetime import date
from decimal import Decimal

import pytest

from .compare import differences


def test_same_values_in_other_forms() -> None:
    expected = [{"no": "C1", "day": date(2026, 1, 2), "money": Decimal("1.5"), "inner": {"x": None}}]
    found = [{"no": "C1", "day": "2026-01-02", "money": "1.5000", "inner": {"x": None}, "more": 1}]
    assert differences(expected, found, ["no"]) == []


def test_differences_are_named() -> None:
    expected = [{"no": "C1", "money": 1, "tiers": [{"tier": "V5", "ap": 2}]}, {"no": "C2", "money": 1}]
    found = [{"no": "C1", "money": 1, "tiers": [{"tier": "V5", "ap": "2.01"}]}, {"no": "C3", "money": 1}]
    assert differences(expected, found, ["no"]) == [
        "missing: no C2",
        "too much: no C3",
        "no C1: tiers.V5.ap is 2.01, expected 2",
    ]
    assert differences(expected[:1], found[:1], ["no"], ["money"]) == []


def test_two_rows_of_one_key() -> None:
    with pytest.raises(ValueError, match="two rows"):
        differences([], [{"no": 1}, {"no": 1}], ["no"])
