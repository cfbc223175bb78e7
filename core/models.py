"""What every app stands on: audit chain, run ledger, jobs, outbox; saved views, bulk runs, exports."""

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q


class AuditChain(models.Model):
    """The head of one hash chain; a chain per unit keeps writers from waiting for each other."""

    name = models.CharField(max_length=40, primary_key=True)
    length = models.BigIntegerField(default=0)
    head = models.CharField(max_length=64, default="")


class AuditEntry(models.Model):
    """One deed, append-only (a trigger refuses UPDATE and DELETE), chained by hash to the one before."""

    chain = models.ForeignKey(AuditChain, on_delete=models.PROTECT)
    position = models.BigIntegerField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)  # person, api, system
    actor_id = models.BigIntegerField(null=True)
    actor_name = models.CharField(max_length=150)
    deed = models.CharField(max_length=60)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    client_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["chain", "position"], name="audit_position_once")]
        indexes = [
            models.Index(
                fields=["client_id", "-at"], name="audit_client", condition=Q(client_id__isnull=False)
            ),
            models.Index(fields=["-at", "-id"], name="audit_time"),
            models.Index(fields=["subject_type", "subject_id"], name="audit_subject"),
        ]


class Run(models.Model):
    """One nightly run as of a date, its state and what it may read; one unfinished run per date."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"

    as_of = models.DateField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    requested_by = models.CharField(max_length=150)
    requested_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    attempts = models.IntegerField(default=0)
    error = models.TextField(blank=True)
    # frozen at the first start, so that a resumed run does just what the killed one would have done
    plan = models.JSONField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["as_of"], condition=Q(state__in=["waiting", "running"]), name="run_once_at_a_time"
            )
        ]
        indexes = [models.Index(fields=["state", "-id"], name="run_state")]


class RunStep(models.Model):
    """One step of a run; `rows` written and `seconds` spent are summed over its chunks.

    wal_bytes: what the whole server wrote to its write-ahead log while the step was at work; wal_at: the
    log's position up to which that is counted, in bytes from its beginning.
    """

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    position = models.IntegerField()
    name = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=Run.State.choices, default=Run.State.WAITING)
    total = models.IntegerField(default=0)  # chunks
    done = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    wal_bytes = models.BigIntegerField(default=0)
    wal_at = models.BigIntegerField(null=True)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="run_step_once")]
        ordering = ["position"]


class RunChunk(models.Model):
    """A piece of a step that is done in one transaction together with its done-mark.

    done_by: the session that did it, as host:process:thread.
    """

    step = models.ForeignKey(RunStep, on_delete=models.CASCADE, related_name="chunks")
    position = models.IntegerField()
    work = models.JSONField()
    done = models.BooleanField(default=False)
    failures = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    done_by = models.CharField(max_length=80, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["step", "position"], name="run_chunk_once")]
        indexes = [
            models.Index(fields=["step", "position"], name="run_chunk_undone", condition=Q(done=False))
        ]


class Job(models.Model):
    """Background work a person waits for: percent, result, cancel."""

    class State(models.TextChoices):
        WAITING = "waiting"
        RUNNING = "running"
        DONE = "done"
        FAILED = "failed"
        CANCELLED = "cancelled"

    kind = models.CharField(max_length=40)
    title = models.CharField(max_length=200)
    owner_id = models.BigIntegerField(null=True)
    owner_name = models.CharField(max_length=150)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    percent = models.IntegerField(default=0)
    arguments = models.JSONField(default=dict)
    result = models.JSONField(default=dict)
    error = models.TextField(blank=True)
    attempts = models.IntegerField(default=0)
    failures = models.IntegerField(default=0)
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    touched_at = models.DateTimeField(null=True)  # last sign of life of its worker
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(percent__gte=0) & Q(percent__lte=100), name="job_percent_range"
            )
        ]
        indexes = [
            models.Index(fields=["owner_id", "-id"], name="job_owner"),
            models.Index(fields=["state", "id"], name="job_state"),
        ]


class OutboxMessage(models.Model):
    """An event for other systems, written with the deed it tells of, numbered when collected."""

    position = models.BigIntegerField(null=True, unique=True)
    event = models.CharField(max_length=60)
    unit_code = models.CharField(max_length=20, blank=True)
    subject_type = models.CharField(max_length=40)
    subject_id = models.CharField(max_length=80)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["id"], name="outbox_new", condition=Q(position__isnull=True))]


class IdempotencyRecord(models.Model):
    """The first answer to a POST with an Idempotency-Key, kept for 72 hours."""

    caller = models.CharField(max_length=80)
    key = models.CharField(max_length=200)
    fingerprint = models.CharField(max_length=64)  # sha256 of method, path and body
    status = models.IntegerField(null=True)
    body = models.JSONField(null=True)
    headers = models.JSONField(default=dict)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["caller", "key"], name="idempotency_key_once")]
        indexes = [models.Index(F("created_at"), name="idempotency_age")]


class SavedView(models.Model):
    """A list as somebody keeps it: filters, sort, columns, page size and row height as one query string.

    Shared ones are offered to everybody who may open the list; each reader meets only rows in own sight.
    """

    owner_id = models.BigIntegerField()
    owner_name = models.CharField(max_length=150)
    list_name = models.CharField(max_length=40)
    name = models.CharField(max_length=60)
    query = models.TextField(blank=True)
    shared = models.BooleanField(default=False)
    position = models.IntegerField(default=0)
    removed_at = models.DateTimeField(null=True)  # kept for a while, so that removing can be undone
    created_at = models.DateTimeField(auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["owner_id", "list_name", "name"], condition=Q(removed_at=None), name="saved_view_once"
            )
        ]
        indexes = [
            models.Index(fields=["owner_id", "position"], name="saved_view_owner"),
            models.Index(fields=["list_name"], name="saved_view_shared", condition=Q(shared=True)),
        ]


class BulkRun(models.Model):
    """A deed over many rows of a list that somebody chose; its chunks hold the frozen choice.

    A draft is only chosen; applying and undoing are done by `job`, whose state says how that goes.
    """

    class Phase(models.TextChoices):
        DRAFT = "draft"
        APPLYING = "applying"
        UNDOING = "undoing"

    list_name = models.CharField(max_length=40)
    deed = models.CharField(max_length=40)
    query = models.TextField(blank=True)  # the list's filters, where everything that matches was chosen
    everything = models.BooleanField(default=False)
    owner_id = models.BigIntegerField()
    owner_name = models.CharField(max_length=150)
    language = models.CharField(max_length=10)
    data = models.JSONField(default=dict)  # what the deed's form said
    summary = models.CharField(max_length=200, blank=True)  # the deed in the owner's words
    total = models.IntegerField(default=0)
    phase = models.CharField(max_length=10, choices=Phase.choices, default=Phase.DRAFT)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    started_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)  # all chunks applied, or all taken back

    class Meta:
        indexes = [
            models.Index(fields=["owner_id", "-id"], name="bulk_run_owner"),
            models.Index(fields=["created_at"], name="bulk_run_drafts", condition=Q(phase="draft")),
        ]


class BulkChunk(models.Model):
    """At most 1 000 frozen rows, done in one transaction together with the done-mark.

    undo: a list of [ids, what the deed needs to take them back]; failures: reason by id.
    """

    run = models.ForeignKey(BulkRun, on_delete=models.CASCADE, related_name="chunks")
    position = models.IntegerField()
    ids = ArrayField(models.BigIntegerField())
    done = models.BooleanField(default=False, db_default=False)
    undone = models.BooleanField(default=False, db_default=False)
    tries = models.IntegerField(default=0, db_default=0)
    undo = models.JSONField(default=list, db_default=[])
    failures = models.JSONField(default=dict, db_default={})
    undo_failures = models.JSONField(default=dict, db_default={})

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "position"], name="bulk_chunk_once"),
            models.CheckConstraint(condition=Q(ids__len__lte=1000), name="bulk_chunk_size"),
        ]


class Export(models.Model):
    """A list as a file: asked for with a purpose, approved by somebody else above 1 000 rows, kept 7 days."""

    class Format(models.TextChoices):
        CSV = "csv"
        XLSX = "xlsx"

    class State(models.TextChoices):
        ASKED = "asked"  # waits for approval
        REFUSED = "refused"
        MAKING = "making"  # its job says how far
        READY = "ready"
        EXPIRED = "expired"

    list_name = models.CharField(max_length=40)
    query = models.TextField(blank=True)
    columns = models.JSONField(default=list)  # keys, as shown
    described = models.JSONField(default=dict)  # filters and columns in the owner's words
    format = models.CharField(max_length=4, choices=Format.choices)
    purpose = models.CharField(max_length=300)
    language = models.CharField(max_length=10)
    owner_kind = models.CharField(max_length=10, default="person")  # or api
    owner_id = models.BigIntegerField()
    owner_name = models.CharField(max_length=150)
    counted = models.IntegerField()  # rows when it was asked for
    needs_approval = models.BooleanField(default=False)
    state = models.CharField(max_length=10, choices=State.choices)
    decided_by_id = models.BigIntegerField(null=True)  # a person
    decided_by_name = models.CharField(max_length=150, blank=True)
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=300, blank=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    rows = models.IntegerField(null=True)
    size = models.BigIntegerField(null=True)  # bytes
    created_at = models.DateTimeField(auto_now_add=True)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(decided_by_id=None) | Q(owner_kind="api") | ~Q(decided_by_id=F("owner_id")),
                name="export_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(owner_kind__in=["person", "api"]), name="export_owner_is_known_kind"
            ),
            models.CheckConstraint(
                condition=Q(needs_approval=False)
                | Q(state__in=["asked", "expired"])
                | Q(decided_by_id__isnull=False),
                name="export_approved_before_made",
            ),
            models.CheckConstraint(condition=~Q(purpose=""), name="export_has_purpose"),
        ]
        indexes = [
            models.Index(fields=["owner_id", "owner_kind", "-id"], name="export_owner"),
            models.Index(fields=["id"], name="export_asked", condition=Q(state="asked")),
            models.Index(fields=["expires_at"], name="export_expiry", condition=Q(state="ready")),
        ]


class ExportedRows(models.Model):
    """Whom a file told of: up to 1 000 numbers of its list's subjects; they stay when the file goes."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="told_of")
    ids = ArrayField(models.BigIntegerField())

    class Meta:
        indexes = [GinIndex(fields=["ids"], name="exported_rows_ids")]


class ExportPiece(models.Model):
    """A sealed piece of an export's file; in the database, which web and worker share."""

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="pieces")
    position = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["export", "position"], name="export_piece_once")]
