"""Answers to a type's form, checked."""

from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from cases.models import TypeVersion
from clients.models import Account, Client

LONGEST = 500
MOST = Decimal(10) ** 15


def checked_answers(version: TypeVersion, told: Mapping[str, Any], client: Client | None) -> dict[str, str]:
    """The answers as they are kept, all text; unknown keys are refused. Raises ValidationError by field.

    An account has to be one of the client's.
    """
    known = {one["key"]: one for one in version.fields}
    faults: dict[str, str] = {
        f"field_{key}": _("There is no such field.") for key in told if key not in known
    }
    kept = {}
    for key, one in known.items():
        text = str(told.get(key) or "").strip()
        if not text and one["required"]:
            faults[f"field_{key}"] = _("Please fill this in.")
        elif text:
            kept[key], fault = _checked(one, text, client)
            if fault:
                faults[f"field_{key}"] = fault
    if faults:
        raise ValidationError(faults)
    return kept


def _checked(one: Mapping[str, Any], text: str, client: Client | None) -> tuple[str, str]:
    """The text in its normal form, and what is wrong with it."""
    if one["kind"] == "account":
        return _account(text, client)
    if one["kind"] == "choice":
        return text, "" if text in one["choices"] else _("Choose one of: %(choices)s.") % {
            "choices": ", ".join(one["choices"])
        }
    read: Callable[[str], str] = {"number": _number, "date": _day}.get(one["kind"], str)
    try:
        return read(text), "" if len(text) <= LONGEST else _("At most %(most)s characters.") % {
            "most": LONGEST
        }
    except (ValueError, InvalidOperation):
        return text, _("A date as 2026-11-30.") if one["kind"] == "date" else _("A number.")


def _number(text: str) -> str:
    value = Decimal(text.replace(",", ""))
    if not value.is_finite() or abs(value) > MOST:
        raise ValueError
    return format(value, "f")


def _day(text: str) -> str:
    return date.fromisoformat(text).isoformat()


def _account(text: str, client: Client | None) -> tuple[str, str]:
    own = client is not None and Account.objects.filter(client=client, account_no=text).exists()
    return text, "" if own else _("This is no account of the client.")
