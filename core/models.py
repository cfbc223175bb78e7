"""What every app stands on: the audit chain, the run ledger, jobs, the outbox and idempotency records."""

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
    """One step of a run; `rows` written and `seconds` spent are summed over its chunks."""

    run = models.ForeignKey(Run, on_delete=models.CASCADE, related_name="steps")
    position = models.IntegerField()
    name = models.CharField(max_length=30)
    state = models.CharField(max_length=10, choices=Run.State.choices, default=Run.State.WAITING)
    total = models.IntegerField(default=0)  # chunks
    done = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["run", "position"], name="run_step_once")]
        ordering = ["position"]


class RunChunk(models.Model):
    """A piece of a step that is done in one transaction together with its done-mark."""

    step = models.ForeignKey(RunStep, on_delete=models.CASCADE, related_name="chunks")
    position = models.IntegerField()
    work = models.JSONField()
    done = models.BooleanField(default=False)
    failures = models.IntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    seconds = models.FloatField(default=0)

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
