"""Personal numbers: how they are normalised, sealed, indexed for equality, and masked for reading."""

import re

from core import crypto, formats

MOBILE = re.compile(r"1[3-9]\d{9}|852[4-9]\d{7}|8536\d{7}|8869\d{8}")
SEALED_FIELDS = ("id_number", "mobile", "email", "address")


def normal_id(number: str) -> str:
    """Trimmed and upper-case (F21): the same ID, the same text."""
    return number.strip().upper()


def normal_mobile(number: str) -> str:
    """Digits without the country code of mainland China."""
    digits = re.sub(r"\D", "", number)
    return digits[2:] if len(digits) == 13 and digits.startswith("86") else digits


def seal_context(client_no: str, field: str) -> str:
    """What a sealed value is bound to: another client's or field's place does not open it."""
    return f"client:{client_no}:{field}"


def seal(client_no: str, field: str, text: str) -> bytes | None:
    return crypto.seal(text, seal_context(client_no, field))


def unseal(client_no: str, field: str, sealed: bytes | memoryview | None) -> str:
    return crypto.unseal(sealed, seal_context(client_no, field))


def id_blind_index(id_type: str, number: str) -> bytes | None:
    """Index of an ID: same type and same normal number, same index."""
    return crypto.blind_index(f"{id_type}:{normal_id(number)}", "id") if number.strip() else None


def mobile_blind_index(number: str) -> bytes | None:
    return crypto.blind_index(normal_mobile(number), "mobile")


def mobile_index(number: str) -> bytes | None:
    """The index kept with a record: null where the number cannot be a mobile's: nobody is reached by it."""
    return mobile_blind_index(number) if is_mobile(number) else None


def is_mobile(number: str) -> bool:
    """Whether a mobile of mainland China, Hong Kong, Macao or Taiwan can have this number."""
    return MOBILE.fullmatch(normal_mobile(number)) is not None


def tail_blind_index(number: str) -> bytes | None:
    """Index of the last four digits of a mobile."""
    return crypto.blind_index(normal_mobile(number)[-4:], "mobile_tail")


def email_blind_index(address: str) -> bytes | None:
    return crypto.blind_index(address.strip().lower(), "email")


def address_blind_index(address: str) -> bytes | None:
    """Tells only whether an address changed; blanks and case do not count."""
    return crypto.blind_index("".join(address.split()).lower(), "address")


def masked(client_no: str, field: str, sealed: bytes | memoryview | None) -> str:
    """The sealed value as everyone with sight of the client may read it: 138****1234, 110***********1234."""
    return masked_text(field, unseal(client_no, field, sealed))


def masked_text(field: str, plain: str) -> str:
    """A personal value of this kind (SEALED_FIELDS, or phone) with its middle hidden."""
    if field == "address":
        return formats.mask_middle(plain, 3, 0) if plain else ""
    return formats.masked(plain, {"email": "email"}.get(field, "number")) if plain else ""
