"""Deeds on units; each is one transaction and leaves its audit entry."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils import timezone

from core import audit
from core.audit import Actor
from staff.models import Unit, UnitRecord


@transaction.atomic
def create_unit(*, actor: Actor, code: str, name: str, kind: str, parent: Unit, opened_on: date) -> Unit:
    """A unit that no feed tells of (teams), or one told by hand before its feed does."""
    unit = Unit(code=code, name=name, kind=kind, parent=parent, opened_on=opened_on)
    unit.full_clean()
    unit.save(force_insert=True)
    _tell(unit)
    detail = {"name": name, "kind": kind, "parent": parent.code}
    audit.record(
        actor=actor, deed="unit.created", subject_type="unit", subject_id=code, unit_code=code, detail=detail
    )
    return unit


@transaction.atomic
def rename_unit(*, actor: Actor, unit: Unit, name: str) -> Unit:
    """Changes the name; parents, closures and mergers come with the feeds."""
    before, unit.name = unit.name, name
    unit.full_clean()
    unit.save(update_fields=["name"])
    _tell(unit)
    audit.record(
        actor=actor, deed="unit.renamed", subject_type="unit", subject_id=unit.code, unit_code=unit.code,
        detail={"name": [before, name]},
    )  # fmt: skip
    return unit


def _tell(unit: Unit) -> None:
    """Keeps what was said by hand beside what feeds tell, so that a day's figures know the unit."""
    fields = ("name", "kind", "parent_id", "opened_on", "closed_on", "successor_id")
    told: Mapping[str, Any] = {field: getattr(unit, field) for field in fields}
    UnitRecord.objects.update_or_create(unit=unit, told_on=timezone.localdate(), defaults=told)
