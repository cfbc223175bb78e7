"""Feed packages and the rows of them that could not be taken in."""

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class FeedQuerySet(models.QuerySet):
    """Feeds are the whole firm's: rows for callers whose right reaches all of it, none for others."""

    def visible_to(self, user: Any) -> "FeedQuerySet":
        return self if user.scope_for("feeds.view").firm else self.none()


class FeedPackage(models.Model):
    """One delivery of a trade day. `files` holds per file: rows, loaded, quarantined, dropped, header.

    At most one package per trade date is LOADED: the version in force. A correction makes it REPLACED.
    `problems` says why a package was refused (codes and values, see trading.reasons).
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        LOADED = "loaded", _("Loaded")
        REPLACED = "replaced", _("Replaced by a correction")
        ALREADY_LOADED = "already_loaded", _("Already loaded")
        SUPERSEDED = "superseded", _("Superseded")
        REFUSED = "refused", _("Refused")

    name = models.CharField(max_length=200)
    trade_date = models.DateField(null=True)  # null: the manifest was unreadable, or is not read yet
    version = models.IntegerField(null=True)
    state = models.CharField(max_length=15, choices=State.choices)
    digest = models.CharField(max_length=64, blank=True)
    files = models.JSONField(default=dict)
    problems = models.JSONField(default=list)
    rows = models.BigIntegerField(default=0)
    loaded = models.BigIntegerField(default=0)
    quarantined = models.BigIntegerField(default=0)
    sent_by = models.CharField(max_length=150)
    received_at = models.DateTimeField(auto_now_add=True)
    finished_at = models.DateTimeField(null=True)
    upload = models.CharField(max_length=300, blank=True)  # where the zip lies until it is loaded

    objects = FeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["trade_date"], condition=Q(state="loaded"), name="feed_package_in_force_once"
            ),
            models.UniqueConstraint(
                fields=["trade_date", "version"],
                condition=Q(state__in=["loaded", "replaced"]),
                name="feed_package_version_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "-id"], name="feed_package_state")]

    def __str__(self) -> str:
        return self.name

    @property
    def reason(self) -> str:
        """Why it was refused, in the reader's language; empty when it was not."""
        from trading.reasons import told

        return " ".join(told(problem["code"], problem.get("values", {})) for problem in self.problems)


def seal_context(package_id: int, file: str, line: int) -> str:
    """What a quarantined row's texts are bound to: another row's place does not open them."""
    return f"quarantine:{package_id}:{file}:{line}"


class QuarantinedRow(models.Model):
    """A row that was not taken in, where it stood, and why.

    WAITING for a parent that no feed has told of yet (`parent` = "account:A0001"; it is taken in by itself
    when one does), or HELD for a fault. `raw` and `corrected` are the record's own text, sealed under
    `quarantine:<package id>:<file>:<line>`, for any column may hold personal data.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting for its parent")
        HELD = "held", _("Held")
        RELEASED = "released", _("Released")
        CORRECTED = "corrected", _("Corrected")

    package = models.ForeignKey(FeedPackage, on_delete=models.PROTECT, related_name="quarantine")
    file = models.CharField(max_length=20)
    line = models.BigIntegerField()
    key = models.CharField(max_length=100, blank=True)
    column = models.CharField(max_length=60, blank=True)
    code = models.CharField(max_length=30)
    values = models.JSONField(default=dict)
    parent = models.CharField(max_length=60, blank=True)
    raw = models.BinaryField()
    corrected = models.BinaryField(null=True)
    state = models.CharField(max_length=10, choices=State.choices)
    settled_at = models.DateTimeField(null=True)
    settled_by = models.CharField(max_length=150, blank=True)

    objects = FeedQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["package", "file", "line"], name="quarantined_row_once")
        ]
        indexes = [
            models.Index(fields=["parent"], condition=Q(state="waiting"), name="quarantined_row_parent"),
            models.Index(fields=["state", "id"], name="quarantined_row_state"),
        ]

    @property
    def reason(self) -> str:
        """Why it is held, in the reader's language."""
        from trading.reasons import told

        return told(self.code, {"column": self.column, **self.values})

    @property
    def context(self) -> str:
        """What the sealed texts are bound to."""
        return seal_context(self.package_id, self.file, self.line)

    @property
    def is_open(self) -> bool:
        return self.state in {self.State.WAITING, self.State.HELD}
