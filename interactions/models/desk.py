"""The desk: who is there, what they can do, and by which rule a contact reaches whom."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from interactions.models.conversations import Conversation
from interactions.models.log import Channel
from staff.models import Person, Unit


class Skill(models.Model):
    """Something that not everybody can serve, such as English, margin trading or complaints."""

    code = models.SlugField(max_length=30, unique=True)
    name_zh = models.CharField(max_length=60)
    name_en = models.CharField(max_length=60)

    class Meta:
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name_en if get_language() == "en" else self.name_zh


class SkillOfPerson(models.Model):
    """That a person can serve what needs this skill; the higher level is asked first."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="skills", db_index=False)
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="people")
    level = models.SmallIntegerField(default=1)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "skill"], name="skill_of_person_once"),
            models.CheckConstraint(condition=Q(level__range=(1, 5)), name="skill_level_1_to_5"),
        ]


class Presence(models.Model):
    """Whether a person takes contacts now, and how many at once (a call counts as the whole desk)."""

    class State(models.TextChoices):
        AVAILABLE = "available", _("Available")
        BUSY = "busy", _("Busy")
        BREAK = "break", _("On a break")
        OFF = "off", _("Away")

    person = models.OneToOneField(Person, on_delete=models.CASCADE, primary_key=True, related_name="presence")
    state = models.CharField(max_length=9, choices=State.choices, default=State.OFF)
    capacity = models.SmallIntegerField(default=3)
    since = models.DateTimeField()
    seen_at = models.DateTimeField()  # the last sign of life of the desk's page
    offered_at = models.DateTimeField(null=True)  # when something was last given; the longest idle is next

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(capacity__range=(0, 20)), name="presence_capacity")]


class RoutingRule(models.Model):
    """One rule of an ordered list; the first whose conditions hold and who finds somebody gives the contact.

    Empty conditions hold for everything. A rule without anybody free lets the next one try; when none finds
    anybody, the contact waits in the queue of its unit. Changing a rule raises its version, which assignments
    tell beside its name.
    """

    class Target(models.TextChoices):
        OWNER = "owner", _("The client's manager")
        LAST_AGENT = "last_agent", _("Whoever served the client last")
        SKILLED = "skilled", _("Somebody with the skill")
        UNIT = "unit", _("Somebody of the unit")
        QUEUE = "queue", _("The unit's queue")

    position = models.IntegerField(unique=True)
    name = models.CharField(max_length=80)
    active = models.BooleanField(default=True)
    channels = ArrayField(models.CharField(max_length=10, choices=Channel.choices), default=list, blank=True)
    tiers = ArrayField(models.CharField(max_length=3), default=list, blank=True)
    lines = ArrayField(models.CharField(max_length=30), default=list, blank=True)  # their codes
    known = models.BooleanField(null=True)  # whether the client is known; null for either
    waited_seconds = models.IntegerField(default=0)  # holds only for what has waited so long
    target = models.CharField(max_length=10, choices=Target.choices)
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    priority = models.SmallIntegerField(default=0)  # given to what it catches
    version = models.IntegerField(default=1)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(target="skilled") | Q(skill__isnull=False), name="routing_rule_names_skill"
            ),
            models.CheckConstraint(condition=Q(waited_seconds__gte=0), name="routing_rule_waited"),
        ]


class Assignment(models.Model):
    """Who had a conversation from when to when, and why; at most one person at a time."""

    class How(models.TextChoices):
        RULE = "rule", _("By a rule")
        TAKEN = "taken", _("Taken")
        GIVEN = "given", _("Given")
        TRANSFERRED = "transferred", _("Transferred")
        ANSWERED = "answered", _("Answered the call")

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="assignments")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=11, choices=How.choices)
    rule = models.CharField(max_length=120, blank=True)  # position, name and version of the rule that fired
    reason = models.CharField(max_length=300, blank=True)
    given_by = models.CharField(max_length=150)
    from_at = models.DateTimeField()
    to_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"], condition=Q(to_at__isnull=True), name="assignment_one_at_a_time"
            ),
            models.CheckConstraint(
                condition=Q(to_at__isnull=True) | Q(to_at__gte=F("from_at")), name="assignment_span"
            ),
        ]


class CannedReply(models.Model):
    """A reply kept for use, with variables such as {client} and {agent}; of a unit, or one's own."""

    code = models.CharField(max_length=30)  # what is typed after "/"
    title = models.CharField(max_length=80)
    body = models.TextField(max_length=2000)
    channels = ArrayField(models.CharField(max_length=10, choices=Channel.choices), default=list, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    owner = models.ForeignKey(Person, on_delete=models.CASCADE, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "unit", "owner"], condition=Q(retired_at__isnull=True),
                nulls_distinct=False, name="canned_reply_once",
            )
        ]  # fmt: skip
