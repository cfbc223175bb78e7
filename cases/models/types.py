"""What kinds of cases there are: what is asked, what is to be done, and how long it may take, in versions."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from interactions.models import Channel, ServiceThreshold, TierBand


class ClockKind(models.TextChoices):
    FIRST_RESPONSE = "first_response", _("First response")
    ACKNOWLEDGE = "acknowledge", _("Acknowledgement")
    CONTACT = "contact", _("Contact")
    RESOLUTION = "resolution", _("Resolution")
    HARD_STOP = "hard_stop", _("Last day by law")


class CaseType(models.Model):
    """A type under a code that never changes; what it asks and demands stands in its newest version.

    number: that of the version in force. Cases keep the version they were opened under.
    """

    code = models.SlugField(max_length=40, unique=True)
    is_complaint = models.BooleanField(default=False)
    position = models.SmallIntegerField(default=100)
    number = models.IntegerField(default=1)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.code


class TypeVersion(models.Model):
    """What a type says; never changed once made.

    fields: the form, [{"key", "zh", "en", "kind", "required", "choices"}], kind one of text, number, date,
    choice, account. steps: the checklist in order, [{"key", "zh", "en", "who", "required"}], who owner or
    lead.
    """

    type = models.ForeignKey(CaseType, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.IntegerField()
    name_zh = models.CharField(max_length=40)
    name_en = models.CharField(max_length=60, blank=True)
    fields = models.JSONField(default=list, blank=True)
    steps = models.JSONField(default=list, blank=True)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["type", "-number"]
        constraints = [models.UniqueConstraint(fields=["type", "number"], name="case_type_version_once")]

    def __str__(self) -> str:
        return spoken(self.name_zh, self.name_en)


class ClockTime(models.Model):
    """How long a clock of this version runs: the row that says most about channel and band holds.

    channel and band may be empty for all. seconds of business time of `hours`; a working day is 28 800 s of
    working hours. statutory: set by the regulator, so it never pauses.
    """

    version = models.ForeignKey(TypeVersion, on_delete=models.CASCADE, related_name="times", db_index=False)
    kind = models.CharField(max_length=14, choices=ClockKind.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    band = models.CharField(max_length=5, choices=TierBand.choices, blank=True)
    seconds = models.IntegerField()
    hours = models.CharField(max_length=7, choices=ServiceThreshold.Hours.choices)
    statutory = models.BooleanField(default=False)

    class Meta:
        ordering = ["version", "kind", "channel", "band"]
        constraints = [
            models.UniqueConstraint(fields=["version", "kind", "channel", "band"], name="clock_time_once"),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="clock_time_positive"),
        ]


def spoken(chinese: str, english: str) -> str:
    """In the reader's language; Chinese where there is no English."""
    return english if english and get_language() == "en" else chinese


IN_FORCE = Q(number=F("type__number"))
