"""Check characters of resident IDs (GB 11643) and unified social credit codes (GB 32100)."""

import re
from datetime import date

from clients.identifiers import normal_id
from clients.models import Client

RESIDENT = re.compile(r"[0-9]{17}[0-9X]")
RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"
CREDIT_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
CREDIT_VALUES = {letter: value for value, letter in enumerate(CREDIT_ALPHABET)}
CREDIT_WEIGHTS = tuple(3**place % 31 for place in range(17))


def is_resident_id(number: str) -> bool:
    """18 characters, a birth date that exists, and the right check character (x counts as X)."""
    text = normal_id(number)
    if not RESIDENT.fullmatch(text) or not _is_date(text[6:14]):
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text, RESIDENT_WEIGHTS, strict=False))
    return RESIDENT_CHECKS[total % 11] == text[17]


def is_credit_code(number: str) -> bool:
    """18 letters of the code's alphabet (no I, O, S, V, Z) and the right check character."""
    values = [CREDIT_VALUES.get(letter, -1) for letter in normal_id(number)]
    if len(values) != 18 or -1 in values:
        return False
    total = sum(value * weight for value, weight in zip(values, CREDIT_WEIGHTS, strict=False))
    return -total % 31 == values[17]


def holds(id_type: str, number: str) -> bool:
    """Whether the number can be one of this type; only resident IDs and credit codes have a checksum."""
    if id_type == Client.IdType.RESIDENT_ID:
        return is_resident_id(number)
    return id_type != Client.IdType.USCC or is_credit_code(number)


def _is_date(digits: str) -> bool:
    try:
        date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        return False
    return True
