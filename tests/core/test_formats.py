"""Numbers, dates and personal data as they are shown."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation

from core import formats


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        (1234567.5, 0, "1,234,568"),
        (Decimal("0.125"), 2, "0.13"),
        (Decimal("-0.125"), 2, "−0.13"),
        (-0.001, 2, "0.00"),
        (None, 0, "–"),
        ("", 0, "–"),
        ("x", 0, "–"),
        (float("nan"), 0, "–"),
    ],
)
def test_number(value: Any, places: int, shown: str) -> None:
    assert formats.number(value, places) == shown


@pytest.mark.parametrize(
    ("value", "chinese", "english"),
    [
        (12_880_000, "1,288.0 万", "12.88 M"),
        (68_400, "6.84 万", "68.40 K"),
        (999, "999", "999"),
        (-250_000_000, "−2.50 亿", "−250.0 M"),
        (3_100_000_000, "31.00 亿", "3.10 B"),
        (None, "–", "–"),
    ],
)
def test_money_short(value: Any, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert formats.money_short(value) == chinese
    with translation.override("en"):
        assert formats.money_short(value) == english


def test_percent_and_signed() -> None:
    assert formats.percent(Decimal("0.0625")) == "6.3%"
    assert formats.percent(None) == "–"
    assert [formats.signed(value) for value in (1.25, -3.1, 0, 0.04, None)] == [
        "+1.3",
        "−3.1",
        "0.0",
        "0.0",
        "–",
    ]


def test_days_are_those_of_shanghai() -> None:
    moment = datetime(2026, 11, 22, 16, 30, tzinfo=UTC)
    assert formats.day(moment) == "2026-11-23"
    assert formats.moment(moment) == "2026-11-23 00:30"
    assert formats.day(date(2026, 1, 2)) == "2026-01-02"
    assert formats.month(date(2026, 1, 2)) == "2026-01"
    assert formats.day(None) == formats.moment(None) == formats.month(None) == "–"


@pytest.mark.parametrize(
    ("text", "kind", "shown"),
    [
        ("张建国", "name", "张**"),
        ("张", "name", "张*"),
        ("13812346621", "mobile", "138****6621"),
        ("110105194912310021", "id", "110***********0021"),
        ("1234567", "mobile", "*******"),
        ("li@example.com", "email", "l***@example.com"),
        ("nonsense", "email", "n*******"),
        ("", "mobile", "–"),
        (None, "name", "–"),
        ("", "email", "–"),
    ],
)
def test_masked(text: str | None, kind: str, shown: str) -> None:
    assert formats.masked(text, kind) == shown


def test_yes_no() -> None:
    with translation.override("en"):
        assert [formats.yes_no(value) for value in (True, False, None)] == ["Yes", "No", "–"]
