"""Risk warnings given to clients who wanted more risk than their level."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, ClientRowsQuerySet


class RiskWarning(models.Model):
    """A client was told that a product's risk lies above its own level, and how. Rows are only added.

    Product code, name and level and the client's level are as they were when the warning was given.
    """

    class Manner(models.TextChoices):
        WRITTEN = "written", _("In writing")
        VIDEO = "video", _("Audio and video recording")
        RECORDED = "recorded", _("Recorded call")
        ONLINE = "online", _("App or website")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="risk_warnings", db_index=False)
    product_code = models.CharField(max_length=30)
    product_name = models.CharField(max_length=200, blank=True)
    product_level = models.CharField(max_length=2)
    client_level = models.CharField(max_length=10)
    manner = models.CharField(max_length=10, choices=Manner.choices)
    evidence = models.CharField(max_length=300, blank=True)  # where it can be found: form number, recording
    warned_at = models.DateTimeField()
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "-warned_at"], name="risk_warning_client")]
