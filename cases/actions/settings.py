"""Changing a type of cases: always a new version, which holds for cases opened from now on."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from cases.models import CaseType, ClockTime, TypeVersion
from cases.queries.settings import may_keep
from core import audit
from core.errors import Stale
from staff.models import Person

LONGEST = 60 * 86400
FIELD_KINDS = ("text", "number", "date", "choice", "account")
STEP_WHO = ("owner", "lead")
Place = tuple[str, str, str]  # kind of clock, channel, band


@transaction.atomic
def new_version(
    *, actor: Person, type: CaseType, number: int, name_zh: str, name_en: str,
    fields: Sequence[Mapping[str, Any]], steps: Sequence[Mapping[str, Any]],
    times: Sequence[Mapping[str, Any]],
) -> TypeVersion:  # fmt: skip
    """The next version, from the one of this number; fields, steps and times are all that it will have.

    times: kind, channel, band, hours and seconds of each, as in ClockTime. Those of the regulator stay and
    can only get shorter, and what is said beside them for a channel or tier is no longer than they are.
    Raises PermissionDenied, Stale, ValidationError by field.
    """
    if not may_keep(actor):
        raise PermissionDenied
    held = CaseType.objects.select_for_update().get(pk=type.pk)
    if held.number != number:
        raise Stale(_("Somebody made a newer version in the meantime. Look at it again."))
    old = held.versions.get(number=number)
    law = {(one.kind, one.channel, one.band): one for one in old.times.filter(statutory=True)}
    _check(name_zh, fields, steps, times, law)
    made = TypeVersion.objects.create(
        type=held, number=number + 1, name_zh=name_zh.strip(), name_en=name_en.strip(),
        fields=_keyed("f", fields), steps=_keyed("s", steps), made_by=actor.username,
    )  # fmt: skip
    by_law = {one.kind for one in law.values()}
    ClockTime.objects.bulk_create(
        ClockTime(version=made, statutory=one["kind"] in by_law, **one) for one in times
    )
    held.number = made.number
    held.save(update_fields=["number"])
    audit.record(
        actor=actor, deed="case_type.changed", subject_type="case_type", subject_id=held.code,
        detail={"number": made.number},
    )  # fmt: skip
    return made


def _keyed(letter: str, lines: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Lines keep the key they had; new ones get the next that is free."""
    used = {line["key"] for line in lines if line.get("key")}
    free = (key for number in range(1, 1000) if (key := f"{letter}{number}") not in used)
    return [{**line, "key": line.get("key") or next(free)} for line in lines]


def _check(
    name: str, fields: Sequence[Mapping[str, Any]], steps: Sequence[Mapping[str, Any]],
    times: Sequence[Mapping[str, Any]], law: Mapping[Place, ClockTime],
) -> None:  # fmt: skip
    faults = {}
    if not 0 < len(name.strip()) <= 40:
        faults["name_zh"] = _("1 to %(most)s characters.") % {"most": 40}
    if any(
        one["kind"] not in FIELD_KINDS or (one["kind"] == "choice" and not one["choices"]) for one in fields
    ):
        faults["fields"] = _("A choice needs something to choose from.")
    if any(one["who"] not in STEP_WHO for one in steps):
        faults["steps"] = _("There is no such step.")
    if fault := _fault_of_times(times, law):
        faults["times"] = fault
    if faults:
        raise ValidationError(faults)


def _fault_of_times(times: Sequence[Mapping[str, Any]], law: Mapping[Place, ClockTime]) -> str:
    """What is wrong with these times, '' when nothing is."""
    told = {(one["kind"], one["channel"], one["band"]): one for one in times}
    if len(told) < len(times):
        return _("A clock stands there twice for the same channel and tier.")
    if not all(0 < one["seconds"] <= LONGEST for one in times):
        return _("At least a second, at most 60 days.")
    if any(place not in told for place in law):
        return _("Times of the regulator cannot be removed.")
    if any(_longer(one, limit) for one in times for limit in law.values()):
        return _("Times of the regulator only get shorter, for every channel and tier.")
    return ""


def _longer(one: Mapping[str, Any], limit: ClockTime) -> bool:
    """Whether this time lets a clock of the regulator run longer than it may, or in other hours."""
    same = one["kind"] == limit.kind
    return same and (one["hours"] != limit.hours or one["seconds"] > limit.seconds)
