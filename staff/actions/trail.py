"""The audit entry of a deed on a person."""

from typing import Any

from core import audit
from core.audit import Actor
from staff.models import Person


def record(
    actor: Actor, deed: str, person: Person, detail: dict[str, Any] | None = None, unit_code: str = ""
) -> None:
    audit.record(
        actor=actor,
        deed=deed,
        subject_type="person",
        subject_id=person.pk,
        unit_code=unit_code,
        detail=detail,
    )
