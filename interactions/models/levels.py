"""How well contacts are served: counts and sums by half hour (docs/service-levels.md)."""

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models import FIRST_DAY
from interactions.models.log import Channel
from staff.models import Person, Unit


class TierBand(models.TextChoices):
    HIGH = "V5-V4", "V5-V4"
    MIDDLE = "V3", "V3"
    BASE = "V2-V1", "V2-V1"
    OTHER = "other", _("No tier")  # new clients and those whom nobody knows yet


class ServiceThreshold(models.Model):
    """How many seconds a client of the band may wait on a channel until the answer, from a day on.

    The latest row that is not after the day a conversation was queued holds (FIRST_DAY: from the beginning).
    hours: which time counts. Trading hours are 09:30-11:30 and 13:00-15:00 of trading days, working hours
    09:00-17:00 of trading days; one working day is 28 800 s of them.
    """

    class Hours(models.TextChoices):
        ALWAYS = "always", _("Round the clock")
        TRADING = "trading", _("Trading hours")
        WORKING = "working", _("Working hours")

    channel = models.CharField(max_length=10, choices=Channel.choices)
    tier_band = models.CharField(max_length=5, choices=TierBand.choices)
    seconds = models.IntegerField()
    hours = models.CharField(max_length=7, choices=Hours.choices, default=Hours.ALWAYS)
    from_date = models.DateField(default=FIRST_DAY)

    class Meta:
        ordering = ["channel", "tier_band", "from_date"]
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "tier_band", "from_date"], name="service_threshold_once"
            ),
            models.CheckConstraint(condition=Q(seconds__gt=0), name="service_threshold_positive"),
        ]


class LevelTarget(models.Model):
    """What a figure of the service levels should reach, from a day on; four states follow from it.

    channel: '' for all of them together; unit: null for the whole firm. target and limit are in the figure's
    own measure (a share of 1, seconds, or points of the net promoter score): at the target it is met, up to
    the limit it is near, beyond that missed. The latest row that is not after the day holds (FIRST_DAY: from
    the beginning).
    """

    class Figure(models.TextChoices):
        SERVICE_LEVEL = "service_level", _("Service level 80/20")
        SERVICE_LEVEL_TARGET = "service_level_target", _("Service level by channel and tier")
        ABANDONMENT = "abandonment", _("Abandonment")
        ASA = "asa_seconds", _("Average speed of answer")
        AHT = "aht_seconds", _("Average handling time")
        FCR = "fcr", _("First contact resolution")
        CSAT = "csat", _("Satisfaction")
        NPS = "nps", _("Net promoter score")

    LESS_IS_BETTER = ("abandonment", "asa_seconds", "aht_seconds")
    IN_SECONDS = ("asa_seconds", "aht_seconds")

    figure = models.CharField(max_length=20, choices=Figure.choices)
    channel = models.CharField(max_length=10, choices=Channel.choices, blank=True)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    target = models.DecimalField(max_digits=12, decimal_places=6)
    limit = models.DecimalField(max_digits=12, decimal_places=6)
    from_date = models.DateField(default=FIRST_DAY)

    class Meta:
        ordering = ["figure", "channel", "unit", "from_date"]
        constraints = [
            models.UniqueConstraint(
                fields=["figure", "channel", "unit", "from_date"], nulls_distinct=False,
                name="level_target_once",
            ),
            models.CheckConstraint(
                condition=Q(figure__in=["abandonment", "asa_seconds", "aht_seconds"], limit__gte=F("target"))
                | ~Q(figure__in=["abandonment", "asa_seconds", "aht_seconds"]) & Q(limit__lte=F("target")),
                name="level_target_before_limit",
            ),
        ]  # fmt: skip

    @property
    def more_is_better(self) -> bool:
        return self.figure not in self.LESS_IS_BETTER


class ServiceLevelQuerySet(models.QuerySet["ServiceLevel"]):
    def visible_to(self, user: Any) -> "ServiceLevelQuerySet":
        """Figures of the units where the reader may see levels; those who work contacts see their own."""
        if not user.may("levels.view"):
            own = user.actor_kind == "person" and user.may("desk.work")
            return self.filter(agent_id=user.actor_id) if own else self.none()
        scope = user.scope_for("levels.view")
        return self if scope.firm else self.filter(unit_id__in=scope.unit_ids)


class ServiceLevel(models.Model):
    """Incoming conversations queued in one half hour, of one channel, unit, agent and tier band.

    Only counts and sums of seconds stand here, so that rows can be added; ratios follow from the sums
    (interactions.queries.levels). agent: who answered, else who had it last, else nobody.
    """

    half_hour = models.DateTimeField()
    channel = models.CharField(max_length=10, choices=Channel.choices)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    agent = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    tier_band = models.CharField(max_length=5, choices=TierBand.choices)
    offered = models.IntegerField()
    answered = models.IntegerField()
    answered_in_20 = models.IntegerField()
    answered_in_target = models.IntegerField()
    abandoned = models.IntegerField()
    abandoned_in_5 = models.IntegerField()  # short: under 5 s
    abandoned_in_20 = models.IntegerField()
    abandoned_in_target = models.IntegerField()
    transferred = models.IntegerField()
    answer_seconds = models.DecimalField(max_digits=20, decimal_places=6)
    abandon_seconds = models.DecimalField(max_digits=20, decimal_places=6)
    handled = models.IntegerField()  # answered and over
    handle_seconds = models.DecimalField(max_digits=20, decimal_places=6)
    hold_seconds = models.BigIntegerField()
    wrap_seconds = models.DecimalField(max_digits=20, decimal_places=6)
    rated = models.IntegerField()
    satisfied = models.IntegerField()  # 4 or 5
    rating_sum = models.IntegerField()
    recommend_given = models.IntegerField()
    promoters = models.IntegerField()
    detractors = models.IntegerField()
    fcr_known = models.IntegerField()
    fcr_resolved = models.IntegerField()
    fcr_open = models.IntegerField()  # seven days not yet over

    objects = ServiceLevelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["half_hour", "channel", "unit", "agent", "tier_band"],
                nulls_distinct=False, name="service_level_once",
            )
        ]  # fmt: skip
        indexes = [models.Index(fields=["agent", "half_hour"], name="service_level_agent")]


class LevelMark(models.Model):
    """A conversation of an earlier day was written or changed; triggers note it here."""

    conversation_id = models.BigIntegerField()
    client_id = models.BigIntegerField(null=True)
    opened_at = models.DateTimeField()
    queued_at = models.DateTimeField(null=True)
