"""Scripts: what to say and what to check in a conversation, in versions that two people stand for."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from staff.models import Person

TIERS = ("V5", "V4", "V3", "V2", "V1", "NEW")


class Script(models.Model):
    """A script under a code that never changes; all that it says stands in its versions.

    version counts the deeds done on it, so that a page notices when somebody else was faster.
    """

    code = models.SlugField(max_length=40, unique=True)
    version = models.IntegerField(default=1)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.code

    def get_absolute_url(self) -> str:
        return reverse("scripts:detail", args=[self.code])


class ScriptVersion(models.Model):
    """What a script says, and where it is shown: category, tiers and channels, each empty for all.

    steps: the checklist, [{"key", "zh", "en", "required"}]. English may be empty; then the Chinese is shown.
    Once in force it never changes (a trigger sees to it): the next version is drafted from it. author is who
    wrote on it last, and never the one who approves.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waits for approval")
        IN_FORCE = "in_force", _("In force")
        RETIRED = "retired", _("Retired")

    script = models.ForeignKey(Script, on_delete=models.CASCADE, related_name="versions", db_index=False)
    number = models.IntegerField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.DRAFT)
    title_zh = models.CharField(max_length=80)
    title_en = models.CharField(max_length=80, blank=True)
    category = models.CharField(max_length=40, blank=True)  # code of what a conversation is about
    tiers = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    channels = ArrayField(models.CharField(max_length=10), default=list, blank=True)
    body_zh = models.TextField(max_length=4000)
    body_en = models.TextField(max_length=4000, blank=True)
    steps = models.JSONField(default=list, blank=True)
    author = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sent_back_for = models.CharField(max_length=300, blank=True)  # what the second person wants changed
    approved_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    in_force_from = models.DateTimeField(null=True)
    in_force_to = models.DateTimeField(null=True)

    class Meta:
        ordering = ["script", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["script", "number"], name="script_version_once"),
            models.UniqueConstraint(
                fields=["script"], condition=Q(state="in_force"), name="script_one_in_force"
            ),
            models.UniqueConstraint(
                fields=["script"],
                condition=Q(state__in=["draft", "proposed"]),
                name="script_one_being_written",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")), name="script_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "proposed"], approved_by__isnull=True, in_force_from__isnull=True
                )
                | Q(
                    state__in=["in_force", "retired"], approved_by__isnull=False, in_force_from__isnull=False
                ),
                name="script_in_force_is_approved",
            ),
            models.CheckConstraint(
                condition=Q(state="retired", in_force_to__gte=F("in_force_from"))
                | (~Q(state="retired") & Q(in_force_to__isnull=True)),
                name="script_retired_has_an_end",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """How the log tells which version was used: "call-opening/2"."""
        return f"{self.script.code}/{self.number}"

    @property
    def title(self) -> str:
        return _spoken(self.title_zh, self.title_en)

    @property
    def body(self) -> str:
        return _spoken(self.body_zh, self.body_en)

    @property
    def checklist(self) -> list[dict[str, Any]]:
        """The steps with their words in the reader's language: key, words, required."""
        return [
            {"key": step["key"], "words": _spoken(step["zh"], step["en"]), "required": step["required"]}
            for step in self.steps
        ]

    @property
    def is_being_written(self) -> bool:
        return self.state in (self.State.DRAFT, self.State.PROPOSED)


def _spoken(chinese: str, english: str) -> str:
    return english if english and get_language() == "en" else chinese
