"""Campaigns: calls or messages to many clients with one aim, and what came of it beside a control group."""

from datetime import datetime

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from clients.models import Client, ClientRowsQuerySet, Consent
from core.models import Job
from interactions.models import Category, Delivery, Line
from outreach.models.kept_by import KeptByUnitQuerySet
from staff.models import Person, Unit
from trading.models import Product


class CampaignQuerySet(KeptByUnitQuerySet):
    right = "campaigns.view"


class Campaign(models.Model):
    """unit: whose it is, None for the firm. category: of the log entries its calls become.

    line: by which its messages go out; None when people call. script: what callers say, or the message with
    its variables; subject: of an email.
    control_share: percent of the audience, in each tier, that nobody calls; drawn by `seed`. pressure_days:
    who was contacted within so many days is left out. target: what counts as success within window_days
    after the first day of a client's window (docs/decisions/0061); target_amount in CNY for flows and assets.
    frozen_at: when the audience was sorted out for good. job: the last that went through the audience.
    version counts the deeds.
    """

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("campaign", "Draft")
        PROPOSED = "proposed", pgettext_lazy("campaign", "Waits for approval")
        APPROVED = "approved", pgettext_lazy("campaign", "Approved")
        RUNNING = "running", pgettext_lazy("campaign", "Running")
        PAUSED = "paused", pgettext_lazy("campaign", "Paused")
        ENDED = "ended", pgettext_lazy("campaign", "Ended")
        EVALUATED = "evaluated", pgettext_lazy("campaign", "Evaluated")

    class Target(models.TextChoices):
        TRADED = "traded", _("Traded")
        INFLOW = "inflow", _("Net inflow of at least an amount")
        BOUGHT = "bought", _("Holds the product")
        ASSETS = "assets", _("Average assets higher by at least an amount")

    class Assign(models.TextChoices):
        MANAGER = "manager", _("The client's manager")
        QUEUE = "queue", _("Whoever calls next")
        PEOPLE = "people", _("Named people by share")

    name = models.CharField(max_length=80)
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, related_name="+")
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name="+", db_index=False)
    purpose = models.CharField(max_length=10, choices=Consent.Purpose.choices)
    line = models.ForeignKey(Line, on_delete=models.PROTECT, null=True, related_name="+", db_index=False)
    subject = models.CharField(max_length=200, blank=True)
    script = models.TextField(max_length=4000)
    product = models.ForeignKey(Product, on_delete=models.PROTECT, null=True, related_name="+")
    assign = models.CharField(max_length=7, choices=Assign.choices, default=Assign.MANAGER)
    starts_on = models.DateField()
    ends_on = models.DateField()
    control_share = models.SmallIntegerField(default=10)
    pressure_days = models.SmallIntegerField(default=7)
    seed = models.IntegerField()
    target = models.CharField(max_length=6, choices=Target.choices, default=Target.TRADED)
    target_amount = models.DecimalField(max_digits=20, decimal_places=4, null=True)
    window_days = models.SmallIntegerField(default=30)
    state = models.CharField(max_length=9, choices=State.choices, default=State.DRAFT)
    created_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")
    created_by_name = models.CharField(max_length=60)
    created_at = models.DateTimeField(auto_now_add=True)
    proposed_by = models.CharField(max_length=60, blank=True)
    approved_by = models.CharField(max_length=60, blank=True)
    frozen_at = models.DateTimeField(null=True)
    evaluated_to = models.DateField(null=True)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    version = models.IntegerField(default=1)

    objects = CampaignQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="campaign_days"),
            models.CheckConstraint(
                condition=Q(control_share__gte=0, control_share__lte=50), name="campaign_control_share"
            ),
            models.CheckConstraint(condition=Q(window_days__gte=1), name="campaign_window"),
            models.CheckConstraint(
                condition=~Q(target__in=["inflow", "assets"]) | Q(target_amount__isnull=False),
                name="campaign_target_amount",
            ),
            models.CheckConstraint(
                condition=~Q(target="bought") | Q(product__isnull=False), name="campaign_bought_product"
            ),
            models.CheckConstraint(
                condition=Q(approved_by="") | ~Q(approved_by=F("proposed_by")), name="campaign_second_person"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed", "approved"]) | Q(frozen_at__isnull=False),
                name="campaign_frozen_once_started",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def sends(self) -> bool:
        """Whether messages go out; otherwise people call."""
        return self.line_id is not None

    @property
    def is_working(self) -> bool:
        """Whether a job goes through the audience, or will."""
        return self.job is not None and self.job.state in (Job.State.WAITING, Job.State.RUNNING)


class CampaignPerson(models.Model):
    """Somebody who calls for a campaign: `share` parts of its clients beside the others' parts."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="people", db_index=False)
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    share = models.SmallIntegerField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "person"], name="campaign_person_once"),
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=100), name="campaign_person_share"),
        ]


class CampaignMemberQuerySet(ClientRowsQuerySet):
    def to_call_by(self, person: Person, now: datetime) -> "CampaignMemberQuerySet":
        """Treated members whom this person may call now and nobody else has on the screen."""
        mine = Q(claimed_by=person, claimed_until__gt=now)
        free = Q(claimed_until__isnull=True) | Q(claimed_until__lte=now) | mine
        waiting = self.filter(
            free, Q(assignee__isnull=True) | Q(assignee=person), place="treated", done=False
        )
        return waiting.filter(Q(call_again_at__isnull=True) | Q(call_again_at__lte=now))


class CampaignMember(models.Model):
    """A client of a campaign's audience.

    place: chosen until the audience is sorted out; then called (treated), held out (control) or left out, by
    the first `reason` that holds. excluded: taken out by hand. done: nobody calls again, or the message
    (delivery) is ordered. claimed_by: has it on the screen until claimed_until. window_from: after this day
    the target is looked for; converted: whether it was met.
    """

    class Place(models.TextChoices):
        CHOSEN = "chosen", pgettext_lazy("campaign", "Chosen")
        TREATED = "treated", pgettext_lazy("campaign", "To be contacted")
        CONTROL = "control", pgettext_lazy("campaign", "Control group")
        LEFT_OUT = "left_out", pgettext_lazy("campaign", "Left out")

    class Reason(models.TextChoices):
        """In the order in which they are asked."""

        CLOSED = "closed", _("No client any more, or none yet")
        EXCLUDED = "excluded", _("Taken out by hand")
        LISTED = "listed", _("On the exclusion list")
        STOPPED = "stopped", _("Do not contact")
        NO_CONSENT = "no_consent", _("No consent for channel and purpose")
        UNREACHABLE = "unreachable", _("No address for the channel")
        UNSUITABLE = "unsuitable", _("The product does not suit, or the assessment has ended")
        COMPLAINT = "complaint", _("Open complaint")
        PRESSURE = "pressure", _("Contacted a short time ago")

    class Outcome(models.TextChoices):
        INTERESTED = "interested", _("Interested")
        NOT_INTERESTED = "not_interested", _("Not interested")
        CALL_AGAIN = "call_again", _("Call again")
        NOT_REACHED = "not_reached", pgettext_lazy("campaign", "Not reached")
        DO_NOT_CONTACT = "do_not_contact", _("Wants no such calls")
        WRONG_NUMBER = "wrong_number", _("Wrong number")

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="members", db_index=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="+")
    place = models.CharField(max_length=8, choices=Place.choices, default=Place.CHOSEN)
    reason = models.CharField(max_length=11, choices=Reason.choices, blank=True)
    tier = models.CharField(max_length=3, blank=True)
    excluded = models.BooleanField(default=False)
    assignee = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    outcome = models.CharField(max_length=14, choices=Outcome.choices, blank=True)
    attempts = models.SmallIntegerField(default=0)
    reached = models.BooleanField(default=False)
    first_contact_on = models.DateField(null=True)
    call_again_at = models.DateTimeField(null=True)
    done = models.BooleanField(default=False)
    claimed_by = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    claimed_until = models.DateTimeField(null=True)
    delivery = models.OneToOneField(Delivery, on_delete=models.PROTECT, null=True, related_name="+")
    window_from = models.DateField(null=True)
    converted = models.BooleanField(null=True)

    objects = CampaignMemberQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["campaign", "client"], name="campaign_member_once"),
            models.CheckConstraint(
                condition=Q(place="left_out") & ~Q(reason="") | ~Q(place="left_out") & Q(reason=""),
                name="campaign_left_out_for_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(place="treated") | Q(attempts=0, outcome=""), name="campaign_only_treated_called"
            ),
        ]
        indexes = [
            models.Index(
                fields=["campaign", "call_again_at", "id"], name="campaign_to_call",
                condition=Q(place="treated", done=False),
            ),
            models.Index(fields=["campaign", "place", "reason", "id"], name="campaign_places"),
        ]  # fmt: skip
