"""Exact numbers: fractions inside, half-up rounding at the edges."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction

WIDE = Context(prec=60, rounding=ROUND_HALF_UP)


def rounded(value: Fraction | Decimal | int, digits: int) -> Decimal:
    """The value with so many decimal places, rounded half up (away from zero at the half)."""
    exact = Fraction(value)
    scaled = abs(exact) * 10**digits
    whole = (2 * scaled.numerator + scaled.denominator) // (2 * scaled.denominator)
    return Decimal(whole if exact >= 0 else -whole).scaleb(-digits, WIDE)


def rounded_or_none(value: Fraction | Decimal | int | None, digits: int) -> Decimal | None:
    """As `rounded`; a missing value stays missing."""
    return None if value is None else rounded(value, digits)


def ratio(over: Fraction | Decimal | int, under: Fraction | Decimal | int) -> Fraction | None:
    """The exact quotient, or None when the denominator is 0."""
    return None if under == 0 else Fraction(over) / Fraction(under)
