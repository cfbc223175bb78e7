"""Taking in what is known of call recordings: checked row by row, written once a call."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _

from clients.importing.reading import read_table
from core import audit, sql
from core.crypto import seal
from core.errors import Conflict
from interactions.levels import SHANGHAI
from interactions.models import Line, Recording
from staff.models import Person

COLUMNS = ("call_id", "agent", "started_at", "ended_at", "number", "reference", "sha256")
NEEDED = frozenset({"call_id", "started_at", "ended_at", "reference", "sha256"})
SHA256 = re.compile(r"[0-9a-f]{64}")
NUMBER = re.compile(r"\+?[0-9 -]{3,24}")
CHUNK = 1000


@dataclass(frozen=True)
class Fault:
    """A row that can't be taken: its place in the file, its call and why."""

    row: int
    call_id: str
    reason: str


@dataclass
class Report:
    """What an import did, or would do."""

    created: int = 0
    known: int = 0
    faults: list[Fault] = field(default_factory=list)


def import_recordings(*, actor: audit.Actor, line: Line, content: bytes, dry_run: bool = False) -> Report:
    """Reads a CSV or XLSX with COLUMNS (times of Shanghai unless they carry an offset).

    A call known already is left as it is. Rows that don't fit are told and don't hinder the others. Raises
    clients.importing.reading.NotReadable for a file that is no table, Conflict when a column is missing.
    """
    table = read_table(content)
    columns = [name.strip().lower() for name in next(table)["columns"]]
    if missing := sorted(NEEDED - set(columns)):
        raise Conflict(_("The file lacks these columns: %(names)s") % {"names": ", ".join(missing)})
    rows = ((number, dict(zip(columns, cells, strict=False))) for number, cells in table)
    return _take(actor, line, rows, dry_run)


@transaction.atomic
def _take(
    actor: audit.Actor, line: Line, rows: Iterable[tuple[int, Mapping[str, str]]], dry_run: bool
) -> Report:
    report, fresh = Report(), list[Recording]()
    known = set(Recording.objects.filter(line=line).values_list("call_id", flat=True))
    agents = dict(Person.objects.values_list("employee_no", "pk"))
    for number, row in rows:
        try:
            values = _values(row, agents)
        except ValueError as fault:
            report.faults.append(Fault(number, row.get("call_id", "")[:200], str(fault)))
            continue
        if values["call_id"] in known:
            report.known += 1
            continue
        known.add(values["call_id"])
        fresh.append(_recording(actor, line, values))
    report.created = len(fresh)
    if not dry_run:
        _write(actor, line, fresh, report)
    return report


def _write(actor: audit.Actor, line: Line, fresh: list[Recording], report: Report) -> None:
    Recording.objects.bulk_create(fresh, batch_size=CHUNK, ignore_conflicts=True)
    match_waiting()
    counts = {"created": report.created, "known": report.known, "failed": len(report.faults)}
    audit.record(
        actor=actor, deed="recordings.imported", subject_type="line", subject_id=line.code,
        unit_code=line.unit.code, detail=counts,
    )  # fmt: skip


def listened(*, actor: Person, recording: Recording) -> None:
    """Keeps on record that somebody went to hear it."""
    talk = recording.conversation
    client = talk.client_id if talk else None
    audit.record(
        actor=actor, deed="recording.opened", subject_type="recording", subject_id=recording.pk,
        unit_code=recording.line.unit.code, client_id=client,
    )  # fmt: skip


def match_waiting() -> int:
    """Joins recordings to conversations that have appeared since; returns how many."""
    return sql.run("interactions", "recording_match")


def _recording(actor: audit.Actor, line: Line, values: dict[str, Any]) -> Recording:
    number = values.pop("number")
    made = Recording(line=line, imported_by=actor.actor_name, **values)
    made.number = seal(number, made.context) if number else None
    return made


def _values(row: Mapping[str, str], agents: Mapping[str, int]) -> dict[str, Any]:
    """The columns of a row; raises ValueError with the reason in the reader's language."""
    call, employee = row.get("call_id", ""), row.get("agent", "")
    started, ended = _moment(row, "started_at"), _moment(row, "ended_at")
    number, reference, digest = row.get("number", ""), row.get("reference", ""), row.get("sha256", "").lower()
    if not 0 < len(call) <= 200:
        raise ValueError(_("call_id is missing or longer than 200 characters."))
    if employee and employee not in agents:
        raise ValueError(_("There is nobody with this employee number."))
    if ended < started:
        raise ValueError(_("The end lies before the start."))
    if number and not NUMBER.fullmatch(number):
        raise ValueError(_("This is no telephone number."))
    if not 0 < len(reference) <= 200:
        raise ValueError(_("reference is missing or longer than 200 characters."))
    if not SHA256.fullmatch(digest):
        raise ValueError(_("sha256 must have 64 hexadecimal digits."))
    return {
        "call_id": call, "agent_id": agents.get(employee), "started_at": started, "ended_at": ended,
        "number": number, "reference": reference, "sha256": digest,
    }  # fmt: skip


def _moment(row: Mapping[str, str], name: str) -> datetime:
    try:
        found = parse_datetime(row.get(name, ""))
    except ValueError:
        found = None
    if found is None:
        raise ValueError(_("%(name)s is no date with time.") % {"name": name})
    return make_aware(found, SHANGHAI) if is_naive(found) else found
