"""Deeds on feeds: taking an upload, releasing and correcting quarantined rows."""

import csv
import io
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit, crypto, history, jobs
from core.errors import Conflict
from trading.feed import LoadResult, feed_lock, load_package
from trading.feed.columns import FILES
from trading.feed.faults import Fault
from trading.feed.quarantine import parsed
from trading.feed.records import Record
from trading.feed.release import note_taken, record_of, release_waiting, take_rows
from trading.feed.shown import delivered
from trading.feed.staging import empty_stages
from trading.models import FeedPackage, QuarantinedRow

# faults of form that a person may wave through, for the document may bear that number all the same
OVERRULABLE = frozenset({"checksum_id"})
LOAD_TASK = "trading.tasks.load_upload"


class StillHeld(Conflict):
    """The row has a fault yet; `fault` says which."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.text, code="row_still_held")
        self.fault = fault


@transaction.atomic
def receive_package(*, name: str, chunks: Iterable[bytes], actor: audit.Actor) -> FeedPackage:
    """Keeps an uploaded zip until a worker loads it; the row shows what became of it.

    The file holds personal data in plain: it lies outside what the web serves, for its owner only, and is
    deleted as soon as the package is loaded or refused.
    """
    path = _stored(chunks)
    package = FeedPackage.objects.create(
        name=name[:200], state=FeedPackage.State.WAITING, sent_by=actor.actor_name, upload=str(path)
    )
    jobs.start(kind=LOAD_TASK, title=package.name, owner=actor, arguments={"package": package.pk})
    audit.record(
        actor=actor,
        deed="feed.received",
        subject_type="feed",
        subject_id=package.pk,
        detail={"name": package.name},
    )
    return package


def load_upload(*, package: FeedPackage, actor: audit.Actor) -> LoadResult:
    """Loads an uploaded package and deletes the file."""
    path = Path(package.upload) if package.upload else Path("/nonexistent")
    result = load_package(path, actor=actor, row=package, name=package.name, anonymous=True)
    path.unlink(missing_ok=True)
    return result


def release_row(*, row: QuarantinedRow, actor: audit.Actor) -> QuarantinedRow:
    """Takes a row in as it was delivered, when what held it back is gone or is a mere check of an ID's form.

    Raises StillHeld with the reason when it can't be, Conflict when it is no longer in quarantine.
    """
    return _offer(row, None, QuarantinedRow.State.RELEASED, actor, {})


def correct_row(*, row: QuarantinedRow, values: Mapping[str, str], actor: audit.Actor) -> QuarantinedRow:
    """Takes a row in with these columns changed; others stay as delivered. Raises as release_row."""
    header = row.package.files[row.file]["header"]
    unknown = sorted(set(values) - set(header))
    if unknown:
        raise Conflict(_("%(file)s has no column %(column)s.") % {"file": row.file, "column": unknown[0]})
    text = _csv_line([{**delivered(row), **values}.get(name, "") for name in header])
    return _offer(row, text, QuarantinedRow.State.CORRECTED, actor, {"columns": sorted(values)})


def _offer(
    row: QuarantinedRow, text: str | None, state: str, actor: audit.Actor, detail: dict[str, Any]
) -> QuarantinedRow:
    with feed_lock():
        row = QuarantinedRow.objects.select_for_update().select_related("package").get(pk=row.pk)
        if not row.is_open:
            raise Conflict(_("This row is no longer in quarantine."), code="row_settled")
        history.because(actor=actor, deed=f"feed.row_{state}", package=row.package_id)
        _take(
            row,
            Record(row.line, text, parsed(text)) if text is not None else record_of(row),
            corrected=text is not None,
        )
        row.state, row.settled_at, row.settled_by = state, timezone.now(), actor.actor_name
        row.corrected = crypto.seal(text, row.context) if text is not None else None
        row.save(update_fields=["state", "settled_at", "settled_by", "corrected"])
        assert row.package.trade_date is not None
        release_waiting(row.package.trade_date)
        audit.record(
            actor=actor, deed=f"feed.row_{state}", subject_type="quarantined_row", subject_id=row.pk,
            detail={"package": row.package_id, "file": row.file, "line": row.line, **detail},
        )  # fmt: skip
    return row


def _take(row: QuarantinedRow, record: Record, *, corrected: bool) -> None:
    """Accepts the one record; raises StillHeld, and so rolls everything back, when it has a fault."""
    package, file = row.package, FILES[row.file]
    assert package.trade_date is not None
    overrule = frozenset() if corrected else OVERRULABLE
    taken = take_rows(package, file, [[record]], package.trade_date, overrule)
    if taken.faults:
        raise StillHeld(taken.faults[row.line])
    empty_stages([taken.staged])
    note_taken(package, file, taken.loaded)


def _csv_line(values: list[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(values)  # older Pythons quote only what ends their lines
    return text.getvalue()


def _stored(chunks: Iterable[bytes]) -> Path:
    """A new file in the uploads' folder; raises Conflict when it grows too large."""
    folder = Path(settings.FILES_ROOT) / "feeds"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path, size = folder / f"{uuid.uuid4().hex}.zip", 0
    try:
        with path.open("xb") as stream:
            path.chmod(0o600)
            for chunk in chunks:
                size += len(chunk)
                if size > settings.FEED_UPLOAD_MAX_BYTES:
                    raise Conflict(_("The file is larger than uploads may be."), code="upload_too_large")
                stream.write(chunk)
    except BaseException:
        path.unlink(missing_ok=True)
        raise
    return path
