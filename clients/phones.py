"""Mobile numbers as people type them: what cannot be one, and what may be one of a prefix not known yet."""

import re

import phonenumbers
from django.utils.translation import gettext as _
from phonenumbers import PhoneNumberType

HOME = "CN"
MAINLAND = re.compile(r"1[3-9][0-9]{9}")
MOBILE = (PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE)


def mobile_fault(typed: str) -> str:
    """Why this cannot be a mobile, in words; empty when it can. Mainland numbers need no country code."""
    number = _parsed(typed)
    if number is None or not phonenumbers.is_possible_number(number):
        return _(
            "This is no mobile number: mainland numbers have 11 digits, others begin with + and country."
        )
    if number.country_code == 86 and not MAINLAND.fullmatch(str(number.national_number)):
        return _("A mobile has 11 digits and begins with 13 to 19.")
    return ""


def mobile_doubt(typed: str) -> str:
    """A warning for a number of the right form whose prefix no operator is known to have."""
    number = _parsed(typed)
    if number is None or phonenumbers.number_type(number) in MOBILE:
        return ""
    return _("No operator is known to have this mobile's prefix.")


def _parsed(typed: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(typed.strip(), HOME)
    except phonenumbers.NumberParseException:
        return None
