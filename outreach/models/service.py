"""The service plan: what clients of a tier are entitled to, in versions that a second person publishes."""

from datetime import date

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Case, F, Q, Value, When
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from clients.models import ScopedQuerySet
from interactions.models import Channel
from staff.models import Person, Unit

TIERS = ("V5", "V4", "V3", "V2", "V1", "NEW")
LONGEST_RHYTHM = 730  # days


class ServicePlanQuerySet(models.QuerySet["ServicePlan"]):
    def in_force(self, day: date) -> "ServicePlan | None":
        """The published version that holds on a day: the last to take effect."""
        published = self.filter(state=ServicePlan.State.PUBLISHED, effective_on__lte=day)
        return published.order_by("-effective_on", "-number").first()


class PlanKeptQuerySet(ScopedQuerySet):
    """Figures of branches and of managers, where the reader may see their clients."""


class ServicePlan(models.Model):
    """A version of the plan; once published it never changes (a trigger sees to it).

    author: who wrote on it last, and never the one who publishes; version 1 comes with the installation and
    has neither. version counts the deeds on it, so that a page notices when somebody else was faster.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Draft")
        PROPOSED = "proposed", _("Waits for approval")
        PUBLISHED = "published", _("Published")

    number = models.IntegerField(unique=True)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    effective_on = models.DateField(_("In force from"))
    author = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    written_at = models.DateTimeField()
    sent_back_for = models.CharField(max_length=300, blank=True)  # what the second person wants changed
    approved_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    published_at = models.DateTimeField(null=True)
    version = models.IntegerField(default=1)

    objects = ServicePlanQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.UniqueConstraint(
                Case(When(state__in=["draft", "proposed"], then=Value(1))), name="service_plan_one_written"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("author")),
                name="service_plan_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["draft", "proposed"],
                    author__isnull=False,
                    approved_by__isnull=True,
                    published_at__isnull=True,
                )
                | Q(
                    state="published",
                    author__isnull=False,
                    approved_by__isnull=False,
                    published_at__isnull=False,
                )
                | Q(
                    number=1,
                    state="published",
                    author__isnull=True,
                    approved_by__isnull=True,
                    published_at__isnull=False,
                ),
                name="service_plan_published_is_approved",
            ),
        ]

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED


class ServiceTier(models.Model):
    """What the plan says of one tier.

    rhythm_days: calendar days within which somebody speaks with the client again; null: no contact is due.
    channels: the ways of contact that count, the preferred first. first_response: working minutes.
    """

    class Adviser(models.TextChoices):
        MANAGER = "manager", _("Client manager")
        AGENT = "agent", _("Service agent of the branch")
        HQ = "hq", _("Service centre at headquarters")

    plan = models.ForeignKey(ServicePlan, on_delete=models.CASCADE, related_name="tiers")
    tier = models.CharField(max_length=3, choices=[(tier, tier) for tier in TIERS])
    rhythm_days = models.IntegerField(_("Contact every ... days"), null=True, blank=True)
    channels = ArrayField(
        models.CharField(max_length=10, choices=Channel.choices),
        default=list,
        verbose_name=_("Ways of contact"),
    )
    adviser = models.CharField(_("Adviser"), max_length=10, choices=Adviser.choices)
    first_response = models.IntegerField(_("First response within minutes"))
    products_zh = models.CharField(_("Products of interest, Chinese"), max_length=300, blank=True)
    products_en = models.CharField(_("Products of interest, English"), max_length=300, blank=True)
    entitled_zh = models.CharField(_("Entitled to, Chinese"), max_length=500, blank=True)
    entitled_en = models.CharField(_("Entitled to, English"), max_length=500, blank=True)

    class Meta:
        ordering = ["-tier"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "tier"], name="service_tier_once"),
            models.CheckConstraint(
                condition=Q(rhythm_days__isnull=True) | Q(rhythm_days__range=(1, LONGEST_RHYTHM)),
                name="service_tier_rhythm",
            ),
            models.CheckConstraint(condition=Q(first_response__gt=0), name="service_tier_response"),
        ]

    @property
    def ways(self) -> list[str]:
        """The ways of contact in words, the preferred first."""
        return [str(Channel(one).label) for one in self.channels]

    @property
    def products(self) -> str:
        return self.products_en if get_language() == "en" else self.products_zh

    @property
    def entitled(self) -> str:
        return self.entitled_en if get_language() == "en" else self.entitled_zh


class PlanKept(models.Model):
    """How the plan was kept in a month, of one branch, manager of record and tier, as of the last night.

    due: entries of the plan that fell due; kept: those of them whose client was contacted by the day
    (docs/worklists.md). manager_no: '' without a manager. Branch, manager and tier as of the last night while
    the entry waited.
    """

    month = models.DateField()
    branch = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="+", db_index=False)
    manager_no = models.CharField(max_length=20, blank=True)
    tier = models.CharField(max_length=3, blank=True)
    due = models.IntegerField()
    kept = models.IntegerField()

    objects = PlanKeptQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "branch", "manager_no", "tier"], name="plan_kept_once"),
            models.CheckConstraint(
                condition=Q(due__gt=0, kept__gte=0, kept__lte=F("due")), name="plan_kept_of_due"
            ),
        ]
