"""Editing in place without losing what anybody typed: the version stands in the form and in the UPDATE.

A row whose version moved on meanwhile is still written when the fields being edited stand as the person saw
them (feeds bring every row anew). Else the person is shown both values and chooses.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Model
from django.utils import timezone
from django.utils.translation import gettext as _

from core.errors import Stale

TRIES = 3


@dataclass(frozen=True)
class Side:
    """A field that two people changed: what one typed, what stands now, who put it there and when."""

    field: str
    label: str
    typed: str
    now: str
    who: str = ""
    at: datetime | None = None


class EditConflict(Stale):
    """Somebody else changed the same fields; `current` is the row as it stands."""

    def __init__(self, current: Model, fields: list[str]) -> None:
        super().__init__(_("Somebody else changed this in the meantime."))
        self.current = current
        self.fields = fields


def mark(value: Any) -> str:
    """A short sign of a value, so that a form can say what it started from without repeating it."""
    return hashlib.sha256(repr(value).encode()).hexdigest()[:16]


def write(
    row: Model,
    values: Mapping[str, Any],
    *,
    version: int,
    seen: Mapping[str, str] | None = None,
    marks: Callable[[Any], Mapping[str, str]] | None = None,
) -> Model:
    """UPDATE … WHERE version, and the row as it then stands.

    seen: field -> sign of the value that the person started from, compared with marks(current row) when the
    version moved on. Raises EditConflict when one of those differs, or at once without `seen`.
    """
    table = type(row)._base_manager
    for _attempt in range(TRIES):
        newer = {**values, "version": F("version") + 1, "updated_at": timezone.now()}
        if table.filter(pk=row.pk, version=version).update(**newer):
            return table.get(pk=row.pk)
        current = table.get(pk=row.pk)
        now = marks(current) if marks else {}
        changed = [name for name, sign in (seen or {}).items() if now.get(name) != sign]
        if changed or not seen:
            raise EditConflict(current, changed)
        version = current.version  # type: ignore[attr-defined]
    raise EditConflict(current, list(seen or ()))
