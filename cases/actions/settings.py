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


@transaction.atomic
def new_version(
    *, actor: Person, type: CaseType, number: int, name_zh: str, name_en: str,
    fields: Sequence[Mapping[str, Any]], steps: Sequence[Mapping[str, Any]], seconds: Mapping[int, int],
) -> TypeVersion:  # fmt: skip
    """The next version, from the one of this number. seconds: by the id of a ClockTime of that version.

    Times set by the regulator can only get shorter. Raises PermissionDenied, Stale, ValidationError by field.
    """
    if not may_keep(actor):
        raise PermissionDenied
    held = CaseType.objects.select_for_update().get(pk=type.pk)
    if held.number != number:
        raise Stale(_("Somebody made a newer version in the meantime. Look at it again."))
    old = held.versions.get(number=number)
    times = list(old.times.all())
    _check(name_zh, fields, steps, times, seconds)
    made = TypeVersion.objects.create(
        type=held, number=number + 1, name_zh=name_zh.strip(), name_en=name_en.strip(),
        fields=_keyed("f", fields), steps=_keyed("s", steps), made_by=actor.username,
    )  # fmt: skip
    for time in times:
        time.seconds = seconds.get(time.pk, time.seconds)
        time.pk, time.version = None, made
    ClockTime.objects.bulk_create(times)
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
    times: Sequence[ClockTime], seconds: Mapping[int, int],
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
    for time in times:
        told = seconds.get(time.pk, time.seconds)
        if not 0 < told <= LONGEST or (time.statutory and told > time.seconds):
            faults["times"] = _(
                "At least a second, at most 60 days; times of the regulator only get shorter."
            )
    if faults:
        raise ValidationError(faults)
