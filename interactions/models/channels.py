"""Lines to the outside: how each is reached and proved, and every event that came in by one."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from staff.models import Person, Unit


class Line(models.Model):
    """One connection to the outside, such as the hotline's switchboard or a WeCom account.

    code: its name in addresses (`/api/v1/channels/<code>/events`). secrets: sealed JSON of what the adapter
    needs to prove and to send (`line:<code>:secrets`); settings: what may be read by anybody who may see it.
    unit: where its contacts belong until they are known. A retired line takes no events.
    """

    class Adapter(models.TextChoices):
        HOTLINE = "hotline", _("Hotline")
        OUTBOUND = "outbound", _("Outbound calls")
        WECOM = "wecom", _("WeCom")
        WECHAT = "wechat", _("WeChat official account")
        CHAT = "chat", _("App or web chat")
        SMS = "sms", _("SMS")
        WEIBO = "weibo", _("Weibo")
        VISIT = "visit", _("Branch visit")
        EMAIL = "email", _("Email")

    code = models.SlugField(max_length=30, unique=True)
    adapter = models.CharField(max_length=10, choices=Adapter.choices)
    name = models.CharField(max_length=60)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+")
    settings = models.JSONField(default=dict)
    secrets = models.BinaryField(null=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name

    @property
    def context(self) -> str:
        """What the sealed secrets are bound to."""
        return f"line:{self.code}:secrets"


class LineToken(models.Model):
    """The access token a platform gave for a line, until it is over; sealed (`line_token:<line id>`)."""

    line = models.OneToOneField(Line, on_delete=models.CASCADE, related_name="+", primary_key=True)
    token = models.BinaryField()
    expires_at = models.DateTimeField()

    @property
    def context(self) -> str:
        """What the sealed token is bound to."""
        return f"line_token:{self.line_id}"


def raw_context(line_code: str, event_id: str) -> str:
    """What the sealed bytes of an event are bound to."""
    return f"channel_event:{line_code}:{event_id}:raw"


class ChannelEvent(models.Model):
    """An event as it came in; told again it changes nothing. The raw bytes are sealed and kept.

    Bound to `channel_event:<line code>:<event_id>:raw`. state: waiting until its effect is in, then applied;
    parked after three failures, for a person to look at.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        APPLIED = "applied", _("Applied")
        PARKED = "parked", _("Parked")

    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="events", db_index=False)
    event_id = models.CharField(max_length=120)
    kind = models.CharField(
        max_length=20
    )  # ring, answer, hold, resume, transfer, hangup, message, receipt ...
    occurred_at = models.DateTimeField()
    received_at = models.DateTimeField(auto_now_add=True)
    direction = models.CharField(max_length=3, default="in")
    agent = models.ForeignKey(  # whoever answered, or took it over
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    told = models.JSONField(default=dict)  # numbers that figures need: satisfaction, recommend
    raw = models.BinaryField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.SmallIntegerField(default=0)
    fault = models.CharField(max_length=300, blank=True)
    conversation = models.ForeignKey(
        "Conversation", on_delete=models.PROTECT, null=True, related_name="events"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["line", "event_id"], name="channel_event_once")]
        indexes = [
            models.Index(
                fields=["received_at"], name="channel_event_waiting", condition=models.Q(state="waiting")
            ),
            models.Index(
                fields=["-received_at"], name="channel_event_parked", condition=models.Q(state="parked")
            ),
            models.Index(
                fields=["line", "-received_at"], name="channel_event_of_line"
            ),  # the newest, today's
        ]
