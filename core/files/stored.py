"""The columns of every table of files."""

from uuid import uuid4

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """A file kept outside the web root, served only after the scan.

    The content on disk is named by the key and encrypted under `secret`, itself sealed (`attachment:<key>`).
    """

    class State(models.TextChoices):
        COMING = "coming", _("Still to be fetched")  # a platform named it; it is fetched later
        WAITING = "waiting", _("Waiting for the scan")
        CLEAN = "clean", _("Clean")
        REFUSED = "refused", _("Refused")
        LOST = "lost", _("Could not be fetched")

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    secret = models.BinaryField(default=b"")
    name = models.CharField(max_length=150)
    content_type = models.CharField(max_length=100)
    size = models.IntegerField()
    sha256 = models.CharField(max_length=64)
    state = models.CharField(max_length=7, choices=State.choices, default=State.WAITING)
    finding = models.CharField(max_length=200, blank=True)
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        abstract = True
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=Q(size__gte=0), name="%(class)s_size")]

    def __str__(self) -> str:
        return self.name

    @property
    def context(self) -> str:
        """What secret and content are bound to."""
        return context_of(self.key)

    def news(self) -> tuple[str, str, dict[str, int]] | None:
        """Whom pages are told when the scan has decided: topic, event and what it names; None for nobody."""
        return None


def context_of(key: object) -> str:
    return f"attachment:{key}"


def tables() -> list[type[StoredFile]]:
    """Every table of files that the apps have."""
    return [model for model in apps.get_models() if issubclass(model, StoredFile)]
