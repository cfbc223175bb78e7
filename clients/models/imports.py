"""Uploaded tables that enter prospects and renew hand-kept fields; personal data, sealed, for 30 days."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.models import Job
from staff.models import ApiClient, Person


class ClientImportQuerySet(models.QuerySet["ClientImport"]):
    def visible_to(self, user: Any) -> "ClientImportQuerySet":
        """One's own: another's file may hold clients out of one's sight."""
        own = {"person": {"owner_id": user.pk}, "api": {"system_id": user.pk}}.get(user.actor_kind)
        return self.filter(**own) if own else self.none()


class ClientImport(models.Model):
    """One uploaded table on its way: read, its columns mapped, tried without effect, done, perhaps undone.

    owner or system: whose it is, a person's or another system's; nobody's when that system was removed.
    columns: the header. mapping: by place of the column
    the field it fills ('' for none). counts: rows by what became of them, or would in the dry run.
    """

    class State(models.TextChoices):
        READING = "reading", _("Being read")
        REFUSED = "refused", _("Refused")
        MAPPING = "mapping", _("Columns to be named")
        CHECKING = "checking", _("Being tried")
        CHECKED = "checked", _("Tried, not done yet")
        WORKING = "working", _("At work")
        DONE = "done", _("Done")
        UNDOING = "undoing", _("Being taken back")
        UNDONE = "undone", _("Taken back")

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    system = models.ForeignKey(
        ApiClient, on_delete=models.SET_NULL, null=True, related_name="+", db_index=False
    )
    name = models.CharField(max_length=200)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READING)
    refusal = models.CharField(max_length=300, blank=True)
    form = models.CharField(max_length=40, blank=True)  # such as "CSV, GB18030, ;"
    columns = models.JSONField(default=list)
    mapping = models.JSONField(default=list)
    branch = models.CharField(max_length=20, blank=True)  # where new prospects go without a column for it
    rows = models.IntegerField(default=0)
    counts = models.JSONField(default=dict)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    done_at = models.DateTimeField(null=True)
    forgotten_at = models.DateTimeField(null=True)  # its rows are deleted

    objects = ClientImportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(owner__isnull=True) | Q(system__isnull=True), name="import_one_owner"
            )
        ]
        indexes = [
            models.Index(fields=["owner", "-id"], name="import_owner"),
            models.Index(fields=["system", "-id"], name="import_system", condition=Q(system__isnull=False)),
            models.Index(fields=["created_at"], name="import_kept", condition=Q(forgotten_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return self.name


class ImportPiece(models.Model):
    """A sealed piece of an upload; gone once a worker has read it."""

    owner = models.ForeignKey(ClientImport, on_delete=models.CASCADE, related_name="pieces")
    position = models.IntegerField()
    content = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "position"], name="import_piece_once")]

    @staticmethod
    def context_of(owner_id: int, position: int) -> str:
        """What the content is bound to."""
        return f"import:{owner_id}:{position}:upload"


class ImportChunk(models.Model):
    """Some rows of an import, done in one transaction together with their done-mark.

    rows, results: sealed JSON, one entry a row. A result is what was done, why not, and the way back.
    """

    owner = models.ForeignKey(ClientImport, on_delete=models.CASCADE, related_name="chunks")
    position = models.IntegerField()
    rows = models.BinaryField()
    results = models.BinaryField(null=True)
    checked = models.BooleanField(default=False)
    done = models.BooleanField(default=False)
    undone = models.BooleanField(default=False)
    counts = models.JSONField(default=dict)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "position"], name="import_chunk_once")]
        ordering = ["position"]

    def context(self, column: str) -> str:
        """What a sealed column is bound to."""
        return f"import:{self.owner_id}:{self.position}:{column}"


class ImportMapping(models.Model):
    """Which field a person's columns went to last, by their headings."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="+")
    fields = models.JSONField(default=dict)
