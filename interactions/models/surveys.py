"""Asking clients how they liked it: by which rules, and every question with what came back."""

from typing import Any, cast
from uuid import uuid4

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from clients.models import Client, ClientRowsQuerySet
from interactions.models.channels import Line
from interactions.models.conversations import Conversation
from interactions.models.deliveries import Delivery
from interactions.models.log import Category


class SurveyKind(models.TextChoices):
    CONVERSATION = "conversation", _("After a conversation")
    CASE = "case", _("After a case")


class SurveyRule(models.Model):
    """Who is asked: which share (per cent) of what came by a line on a topic, and how often at most.

    Of the rules that fit, the one with the nearest category counts, then the one that names the line; when
    that one is switched off nobody is asked. Without a line or category it holds for all. quiet_days: a
    client is not asked again so long. valid_days: how long the link holds. recommend: whether the question
    of the net promoter score is put too.
    """

    kind = models.CharField(max_length=12, choices=SurveyKind.choices)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    share = models.SmallIntegerField(default=100)
    quiet_days = models.SmallIntegerField(default=30)
    valid_days = models.SmallIntegerField(default=7)
    recommend = models.BooleanField(default=True)
    active = models.BooleanField(default=True)
    version = models.IntegerField(default=1)

    class Meta:
        ordering = ["kind", "category__code", "line__code"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "line", "category"], name="survey_rule_once", nulls_distinct=False
            ),
            models.CheckConstraint(condition=Q(share__range=(1, 100)), name="survey_rule_share"),
            models.CheckConstraint(condition=Q(quiet_days__range=(0, 365)), name="survey_rule_quiet"),
            models.CheckConstraint(condition=Q(valid_days__range=(1, 60)), name="survey_rule_valid"),
            models.CheckConstraint(
                condition=Q(kind="conversation") | Q(category__isnull=True), name="survey_rule_category"
            ),
        ]


class SurveyQuerySet(ClientRowsQuerySet):
    def visible_to(self, user: Any) -> "SurveyQuerySet":
        """Those after conversations, of the clients somebody may see.

        What is about a case is shown by the case's page only: not everybody who may see a client may see the
        client's complaints.
        """
        rows = cast("SurveyQuerySet", super().visible_to(user))
        return rows.filter(kind=SurveyKind.CONVERSATION)


class Survey(models.Model):
    """One question to one client, by a link that holds once and for a while.

    ask_key: whoever asks twice under one key asks once. about: what a higher app calls what it is about, such
    as `case:12`. token_index: SHA-256 of what stands in the link; the link itself is kept nowhere but in the
    sealed message. The comment is sealed (`survey:<key>:comment`). Whether the message went out at all, and
    why not, stands in its delivery.
    """

    key = models.UUIDField(default=uuid4, unique=True, editable=False)
    ask_key = models.CharField(max_length=100, unique=True)
    kind = models.CharField(max_length=12, choices=SurveyKind.choices)
    about = models.CharField(max_length=60)
    rule = models.ForeignKey(SurveyRule, on_delete=models.PROTECT, related_name="+", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="surveys", db_index=False)
    conversation = models.OneToOneField(
        Conversation, on_delete=models.PROTECT, null=True, related_name="survey"
    )
    line = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+", db_index=False)
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, related_name="survey")
    token_index = models.BinaryField(unique=True)
    asked_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)
    satisfaction = models.SmallIntegerField(null=True)  # 1 to 5
    recommend = models.SmallIntegerField(null=True)  # 0 to 10, for the net promoter score
    comment = models.BinaryField(null=True)

    objects = SurveyQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at__isnull=True, satisfaction__isnull=True, recommend__isnull=True)
                | Q(answered_at__isnull=False, satisfaction__isnull=False),
                name="survey_answered_with_a_mark",
            ),
            models.CheckConstraint(condition=Q(satisfaction__range=(1, 5)), name="survey_satisfaction"),
            models.CheckConstraint(condition=Q(recommend__range=(0, 10)), name="survey_recommend"),
            models.CheckConstraint(
                condition=Q(expires_at__gt=models.F("asked_at")), name="survey_holds_for_a_while"
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-asked_at"], name="survey_client"),
            models.Index(fields=["-asked_at", "-id"], name="survey_time"),
            models.Index(fields=["about"], name="survey_about"),
        ]

    @property
    def context(self) -> str:
        """What the sealed comment is bound to."""
        return f"survey:{self.key}:comment"

    @property
    def is_open(self) -> bool:
        """Whether it may still be answered."""
        return self.answered_at is None and self.expires_at > timezone.now()
