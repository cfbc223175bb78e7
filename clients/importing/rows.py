"""What a row of an upload asks for: its cells checked and turned into values of fields."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from clients import checksums, phones
from clients.actions.contacts import checked
from clients.models import Client, ContactPoint, Prospect

LONGEST = {
    "client_no": 30, "name": 200, "id_number": 40, "branch": 20, "manager_no": 20, "source_detail": 200,
    "referred_by": 30, "short_name": 60, "occupation": 60, "remark": 500,
}  # fmt: skip
MOST_MONEY = Decimal(10) ** 16
POINTS = {
    "contact_mobile": ContactPoint.Kind.MOBILE,
    "contact_phone": ContactPoint.Kind.PHONE,
    "contact_email": ContactPoint.Kind.EMAIL,
    "contact_address": ContactPoint.Kind.ADDRESS,
}
CHOICES: dict[str, Any] = {"kind": Client.Kind, "id_type": Client.IdType, "source": Prospect.Source}


@dataclass
class Asked:
    """A row's values by field, only those that are filled; why it can't be done, in words, if it can't."""

    number: int
    values: dict[str, Any] = field(default_factory=dict)
    fault: str = ""


def asked(number: int, cells: Sequence[str], mapping: Sequence[str]) -> Asked:
    """Reads a row by the mapping of its columns."""
    row = Asked(number)
    if any(cells[len(mapping) :]):
        row.fault = _("The row has more cells than the header.")
        return row
    given = {name: cell for name, cell in zip(mapping, cells, strict=False) if name and cell}
    try:
        row.values = {name: _value(name, cell) for name, cell in given.items()}
        _check_id(row.values)
    except ValidationError as error:
        row.fault = " ".join(error.messages)
    return row


def _value(name: str, cell: str) -> Any:
    if len(cell) > LONGEST.get(name, 1000):
        raise ValidationError(_("%(value)s… is too long.") % {"value": cell[:20]})
    if name in CHOICES:
        return _choice(name, cell)
    if name in POINTS:
        return checked(POINTS[name], cell)
    if name == "tags":
        return [" ".join(tag.split())[:40] for tag in re.split(r"[,，、;；]", cell) if tag.strip()]
    if name == "declared_outside_assets":
        return _money(cell)
    if name == "mobile" and (fault := phones.mobile_fault(cell)):
        raise ValidationError(fault)
    if name == "email":
        validate_email(cell)
    return cell.upper() if name in ("client_no", "branch", "manager_no", "referred_by") else cell


def _choice(name: str, cell: str) -> str:
    """A choice by its code or by its words in either language."""
    for language in (get_language() or "zh-hans", "zh-hans", "en"):
        with override(language):
            for value, words in CHOICES[name].choices:
                if cell.lower() in (value, str(words).lower()):
                    return str(value)
    raise ValidationError(_("%(value)s is none of the choices.") % {"value": cell[:40]})


def _money(cell: str) -> str:
    """CNY with at most 4 decimals, as text; separators of thousands are allowed."""
    try:
        amount = Decimal(cell.replace(",", "").replace("，", ""))
    except InvalidOperation as error:
        raise ValidationError(_("%(value)s is no amount.") % {"value": cell[:40]}) from error
    if not (amount.is_finite() and 0 <= amount < MOST_MONEY and amount == round(amount, 4)):
        raise ValidationError(_("%(value)s is no amount.") % {"value": cell[:40]})
    return f"{amount:.4f}"


def _check_id(values: dict[str, Any]) -> None:
    number = values.get("id_number")
    if number and not checksums.holds(id_type_of(values), number):
        raise ValidationError(_("The ID number cannot be right: its check digit or date does not fit."))


def id_type_of(values: dict[str, Any]) -> str:
    """The ID's type: as told, else the usual one of the kind."""
    usual = Client.IdType.RESIDENT_ID
    if values.get("kind", Client.Kind.INDIVIDUAL) != Client.Kind.INDIVIDUAL:
        usual = Client.IdType.USCC
    return str(values.get("id_type", usual))
