"""What the addresses of the value model have in common."""

from datetime import date
from typing import Any

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

from segmentation.definition import NEW

SCORES = {"required_scopes": {"GET": "scores:read"}, "required_rights": {"GET": "segmentation.view"}}
TIERS = ("V5", "V4", "V3", "V2", "V1", NEW)
DAY = {"type": "string", "format": "date"}


def day_of(request: Request, name: str, *, required: bool = False) -> date | None:
    """A date from the query string; a problem of that field when it is none."""
    text = request.query_params.get(name, "")
    if not text and not required:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValidationError({name: [ErrorDetail("A date as YYYY-MM-DD.", "invalid")]}) from None


def caller(request: Request) -> Any:
    """A person or an API client; strangers do not get here."""
    return request.user
