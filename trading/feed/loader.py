"""The one door for feed packages: everything of a package is taken in within one transaction, or nothing."""

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from clients.models import Prospect
from core import audit, history
from core.wake import wake
from trading.feed.columns import EVENT_FILES, FILES
from trading.feed.delivery import Delivery
from trading.feed.faults import Refused
from trading.feed.manifest import Manifest, read_manifest
from trading.feed.quarantine import quarantine
from trading.feed.release import ACCEPT, release_waiting
from trading.feed.source import Source, opened
from trading.feed.staging import Staged, drop_repeats, empty_stages, stage_file
from trading.models import FeedPackage, QuarantinedRow, StaleMark

State = FeedPackage.State
FEED_LOCK = 20_260_200  # pg advisory lock: packages and releases go one after the other
NO_ROOM = {"53100", "53200", "58030"}  # disk full, out of memory, input/output error


@dataclass(frozen=True)
class LoadResult:
    """What became of a package. `state`: loaded, already_loaded, superseded or refused; `reason` in plain
    words.

    files: per file rows, loaded, quarantined, dropped. released: rows of this and earlier packages that came
    out of quarantine because this one brought their parents.
    """

    name: str
    state: str
    reason: str = ""
    trade_date: date | None = None
    version: int | None = None
    package_id: int | None = None
    files: dict[str, dict[str, Any]] = field(default_factory=dict)
    loaded: int = 0
    quarantined: int = 0
    released: int = 0


@dataclass
class Attempt:
    """One try to load a package; `row` is the delivery's row where there is one already (an upload)."""

    name: str
    actor: audit.Actor
    row: FeedPackage | None
    manifest: Manifest | None = None

    def settled(self) -> LoadResult | None:
        """What became of an upload that another worker dealt with meanwhile."""
        if self.row is None:
            return None
        row = FeedPackage.objects.get(pk=self.row.pk)
        if row.state == State.WAITING:
            return None
        counts = (row.files, row.loaded, row.quarantined)
        return LoadResult(row.name, row.state, row.reason, row.trade_date, row.version, row.pk, *counts)

    def note(self, state: str, **values: Any) -> FeedPackage:
        """Writes the delivery's row."""
        row = self.row or FeedPackage(name=self.name[:200], sent_by=self.actor.actor_name)
        if self.manifest is not None:
            row.trade_date, row.version = self.manifest.trade_date, self.manifest.version
        row.state, row.finished_at = state, timezone.now()
        for name, value in values.items():
            setattr(row, name, value)
        row.save()
        return row


def load_package(
    path: Path | str,
    *,
    actor: audit.Actor,
    row: FeedPackage | None = None,
    name: str = "",
    anonymous: bool = False,
) -> LoadResult:
    """Loads a folder or zip. Same package again: already_loaded, nothing changes; a lower version:
    superseded.

    row: the delivery's row of an upload; name: what its sender called it; anonymous: it came without a name.
    A refusal is noted and told in the result, never raised.
    """
    path = Path(path)
    attempt = Attempt(name or path.resolve().name, actor, row)
    try:
        with opened(path, attempt.name, anonymous=anonymous) as source:
            attempt.manifest = read_manifest(source)
            return _load(source, attempt, attempt.manifest)
    except Refused as refusal:
        return _refuse(attempt, attempt.manifest.as_delivered(refusal) if attempt.manifest else refusal)
    except OSError as error:
        return _refuse(
            attempt, Refused("unreadable", file=attempt.name, error=error.strerror or type(error).__name__)
        )
    except DatabaseError as error:
        if getattr(error.__cause__, "sqlstate", None) not in NO_ROOM:
            raise
        return _refuse(attempt, Refused("no_room"))


@contextmanager
def feed_lock() -> Iterator[None]:
    """One transaction, alone with the feeds' tables."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('lock_timeout', '0', true), set_config('statement_timeout', '0', true)"
        )
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [FEED_LOCK])
        yield


def _load(source: Source, attempt: Attempt, manifest: Manifest) -> LoadResult:
    with feed_lock():
        if settled := attempt.settled():
            return settled
        held = FeedPackage.objects.filter(trade_date=manifest.trade_date, state=State.LOADED).first()
        if held is not None and held.version is not None and manifest.version <= held.version:
            return _answer_known(source, attempt, manifest, held)
        return _take_in(source, attempt, manifest, held)


def _answer_known(source: Source, attempt: Attempt, manifest: Manifest, held: FeedPackage) -> LoadResult:
    """F12: a lower version is superseded; the same version is the same package, or refused."""
    state = State.SUPERSEDED
    if manifest.version == held.version:
        there = {name: _sha256(source, promise.name) for name, promise in manifest.files.items()}
        if _digest(there) != held.digest:
            raise Refused("other_content", version=manifest.version, date=manifest.trade_date.isoformat())
        state = State.ALREADY_LOADED
    if attempt.row is not None:
        attempt.note(state, upload="")
    return LoadResult(attempt.name, state, "", manifest.trade_date, manifest.version, held.pk)


def _take_in(source: Source, attempt: Attempt, manifest: Manifest, held: FeedPackage | None) -> LoadResult:
    staged, digest = _stage_all(source, manifest)
    if held is not None:
        FeedPackage.objects.filter(pk=held.pk).update(state=State.REPLACED)
        _forget_held_events(manifest.trade_date)
    row = attempt.note(State.LOADED, digest=digest, upload="")
    day = manifest.trade_date
    history.because(actor=attempt.actor, deed="feed.loaded", package=row.pk, day=day)
    delivery = Delivery(row.pk, day, manifest.version, known_by=day, replaces=held is not None)
    _mark_day(delivery, manifest, held)
    for name in FILES:
        if name in staged or (delivery.replaces and name in EVENT_FILES):
            _accept_file(source, delivery, row, staged.get(name) or Staged(FILES[name], []))
    _sum_up(row)
    empty_stages(staged.values())
    if "clients.csv" in staged and Prospect.objects.exists():
        wake("clients.tasks.match_prospects")  # by itself it looks every 20 minutes
    released = release_waiting(day) if any(FILES[name].is_master for name in staged) else 0
    row.refresh_from_db()
    detail = {"trade_date": day, "version": row.version, "loaded": row.loaded, "quarantined": row.quarantined}
    audit.record(
        actor=attempt.actor, deed="feed.loaded", subject_type="feed", subject_id=row.pk, detail=detail
    )
    return LoadResult(
        attempt.name,
        State.LOADED,
        "",
        day,
        row.version,
        row.pk,
        row.files,
        row.loaded,
        row.quarantined,
        released,
    )


def _stage_all(source: Source, manifest: Manifest) -> tuple[dict[str, Staged], str]:
    """Every file in its staging table, tied with the manifest; and the digest of the package's content."""
    staged, digests, problems = {}, {}, []
    for name, promise in manifest.files.items():
        try:
            with transaction.atomic():  # a copy broken off midway would spoil the whole transaction
                staged[name], digests[name] = stage_file(source, FILES[name], promise, manifest.trade_date)
        except Refused as refusal:
            problems += refusal.problems
    if problems:
        raise Refused.for_all(problems)
    return staged, _digest(digests)


def _accept_file(source: Source, delivery: Delivery, row: FeedPackage, staged: Staged) -> None:
    drop_repeats(staged)
    accepted = ACCEPT[staged.file](delivery, staged)
    if staged.rows:
        quarantine(source, delivery, staged, accepted)
    if staged.header:
        row.files[staged.file.name] = {
            "rows": staged.rows,
            "loaded": accepted.loaded,
            "quarantined": len(staged.faults) + accepted.waiting_count,
            "dropped": staged.dropped,
            "header": staged.header,
        }


def _sum_up(row: FeedPackage) -> None:
    row.rows = sum(counts["rows"] for counts in row.files.values())
    row.loaded = sum(counts["loaded"] for counts in row.files.values())
    row.quarantined = sum(counts["quarantined"] for counts in row.files.values())
    row.save()


def _mark_day(delivery: Delivery, manifest: Manifest, held: FeedPackage | None) -> None:
    """A new loaded day concerns everyone (F2), and so does a holdings snapshot that comes or goes (F8)."""
    snapshot = "holdings.csv"
    if held is None or (snapshot in held.files) != (snapshot in manifest.files):
        StaleMark.objects.create(month=delivery.feed_day.replace(day=1), told_on=delivery.feed_day)


def _forget_held_events(day: date) -> None:
    """F12: with a correction the day's quarantined event rows go too."""
    still = [QuarantinedRow.State.WAITING, QuarantinedRow.State.HELD]
    QuarantinedRow.objects.filter(package__trade_date=day, file__in=EVENT_FILES, state__in=still).delete()


def _refuse(attempt: Attempt, refusal: Refused) -> LoadResult:
    """Notes the refusal in a transaction of its own, after the package's was rolled back."""
    with feed_lock():
        if settled := attempt.settled():
            return settled
        row = attempt.note(State.REFUSED, problems=refusal.problems, upload="")
        detail = {"name": attempt.name, "codes": [problem["code"] for problem in refusal.problems]}
        audit.record(
            actor=attempt.actor, deed="feed.refused", subject_type="feed", subject_id=row.pk, detail=detail
        )
    return LoadResult(attempt.name, State.REFUSED, str(refusal), row.trade_date, row.version, row.pk)


def _sha256(source: Source, name: str) -> str:
    digest = hashlib.sha256()
    with source.open(name) as stream:
        while block := stream.read(1024**2):
            digest.update(block)
    return digest.hexdigest()


def _digest(sha256: dict[str, str]) -> str:
    """One checksum for the content of all files."""
    return hashlib.sha256("".join(f"{name} {sha256[name]}\n" for name in sorted(sha256)).encode()).hexdigest()
