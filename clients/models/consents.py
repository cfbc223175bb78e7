"""What clients allow: consents by channel and purpose, and the switch that stops every contact."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from clients.models.client import Client, ClientRowsQuerySet


class Consent(models.Model):
    """What a client said of one channel and one purpose. Rows are only added; the newest one counts."""

    class Channel(models.TextChoices):
        PHONE = "phone", _("Phone")
        SMS = "sms", _("SMS")
        WECOM = "wecom", _("WeCom")
        WECHAT = "wechat", _("WeChat official account")
        EMAIL = "email", _("Email")
        APP = "app", _("App message")

    class Purpose(models.TextChoices):
        SERVICE = "service", _("Service")
        MARKETING = "marketing", _("Marketing")
        RESEARCH = "research", _("Research reports")
        SURVEY = "survey", _("Surveys")

    class State(models.TextChoices):
        GIVEN = "given", _("Given")
        WITHDRAWN = "withdrawn", _("Withdrawn")

    class Source(models.TextChoices):
        WRITTEN = "written", _("In writing")
        RECORDED = "recorded", _("Recorded call")
        COUNTER = "counter", _("At the counter")
        ONLINE = "online", _("App or website")
        MESSAGE = "message", _("Message from the client")

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="consents", db_index=False)
    channel = models.CharField(max_length=6, choices=Channel.choices)
    purpose = models.CharField(max_length=10, choices=Purpose.choices)
    state = models.CharField(max_length=10, choices=State.choices)
    source = models.CharField(max_length=10, choices=Source.choices)
    evidence = models.CharField(max_length=500, blank=True)  # where it can be found: form number, recording
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "channel", "purpose", "-id"], name="consent_newest")]


class ContactStop(models.Model):
    """Do not contact: `stopped` from this row on, or not any more. Rows are only added; the newest counts."""

    client = models.ForeignKey(Client, on_delete=models.CASCADE, related_name="contact_stops", db_index=False)
    stopped = models.BooleanField()
    reason = models.CharField(max_length=300)
    recorded_by = models.CharField(max_length=150)
    recorded_at = models.DateTimeField(auto_now_add=True)

    objects = ClientRowsQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["client", "-id"], name="contact_stop_newest")]
