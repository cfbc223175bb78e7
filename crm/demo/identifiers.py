"""Identifiers with correct check characters: resident IDs (GB 11643), USCC (GB 32100, GB 11714); mobiles."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

Integers = NDArray[np.int64]

RESIDENT_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
RESIDENT_CHECKS = "10X98765432"
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)


def resident_id(area: str, born: str, sequence: int) -> str:
    """The 18 characters of a resident ID; ``born`` is YYYYMMDD, an odd ``sequence`` (0-999) means male."""
    body = f"{area}{born}{sequence:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, RESIDENT_WEIGHTS, strict=True))
    return body + RESIDENT_CHECKS[total % 11]


def organisation_code(number: int) -> str:
    """Eight digits and the check character of GB 11714."""
    body = f"{number:08d}"
    rest = (
        11 - sum(int(digit) * weight for digit, weight in zip(body, ORGANISATION_WEIGHTS, strict=True)) % 11
    )
    return body + "0123456789X0"[rest]


def social_credit_code(area: str, number: int) -> str:
    """A USCC (GB 32100) of an enterprise (91) registered in ``area``; ``number`` has up to eight digits.

    Numbers whose organisation code would end in X are legal, X being in the alphabet.
    """
    body = "91" + area + organisation_code(number)
    total = sum(USCC_ALPHABET.index(letter) * pow(3, place, 31) for place, letter in enumerate(body))
    return body + USCC_ALPHABET[(31 - total % 31) % 31]


def scattered(numbers: Integers, digits: int) -> Integers:
    """Different numbers for different ``numbers``, looking random, with at most ``digits`` digits.

    A multiplier that is prime to ten makes the map one-to-one as long as the inputs are below 10**digits.
    """
    return (numbers * 61_803_399 + 7_654_321) % 10**digits


def distinct_sequences(groups: Integers, wanted: Integers, size: int = 500) -> Integers:
    """``wanted`` (0..size-1) moved on where two members of one group want the same number."""
    numbers = wanted.copy()
    while True:
        keys = groups * size + numbers
        _, first = np.unique(keys, return_index=True)
        if len(first) == len(keys):
            return numbers
        again = np.ones(len(keys), dtype=bool)
        again[first] = False
        numbers[again] = (numbers[again] + 1) % size


def mobile(prefixes: Sequence[str], number: int) -> str:
    """An eleven-digit mobile of mainland China, unique per ``number``."""
    return f"{prefixes[number % len(prefixes)]}{(number * 61_803_399 + 12_345_678) % 10**8:08d}"
