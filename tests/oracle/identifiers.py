"""Checksums of resident IDs (GB 11643) and unified social credit codes (GB 32100), from the standards."""

from __future__ import annotations

from datetime import date

RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def normal(number: str) -> str:
    """The form in which two identifiers are compared: trimmed and in upper case (F21)."""
    return number.strip().upper()


def resident_check(first_17: str) -> str:
    """The check character of the first 17 digits of a resident ID."""
    return RESIDENT_CHECKS[sum(int(d) * w for d, w in zip(first_17, RESIDENT_WEIGHTS, strict=True)) % 11]


def credit_check(first_17: str) -> str:
    """The check character of the first 17 characters of a unified social credit code."""
    total = sum(CREDIT_ALPHABET.index(c) * (3**place % 31) for place, c in enumerate(first_17))
    return CREDIT_ALPHABET[-total % 31]


def is_resident_id(number: str) -> bool:
    """Whether this is a resident ID: 18 characters, a possible birth date, the right check character."""
    text = normal(number)
    if len(text) != 18 or not (text[:17].isascii() and text[:17].isdigit()):
        return False
    try:
        date(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    except ValueError:
        return False
    return resident_check(text[:17]) == text[17]


def is_credit_code(number: str) -> bool:
    """Whether this is a unified social credit code: 18 characters of its alphabet, right check character."""
    text = normal(number)
    if len(text) != 18 or any(c not in CREDIT_ALPHABET for c in text):
        return False
    return credit_check(text[:17]) == text[17]


def identifier_holds(id_type: str, number: str) -> bool:
    """Whether the number may stand for its type; only resident IDs and credit codes have a checksum."""
    if id_type == "resident_id":
        return is_resident_id(number)
    if id_type == "uscc":
        return is_credit_code(number)
    return True
