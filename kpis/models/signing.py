"""Who answered for a card, and the frozen card that rewards stand on."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from clients.models import FIRST_DAY
from kpis.models.cards import Scorecard
from staff.models import Person

REASON = 500  # characters at most


class Terms(models.Model):
    """How long things may take, in trading days, for periods that end on effective_on or later.

    settle_days after a period's end its cards are ready, if its feeds are complete. From then on the unit has
    confirm_days to confirm, headquarters sign_days to sign, the unit appeal_days to lodge appeals, each
    to be answered within answer_days. Where signing is not required, such as before the firm began with it,
    nothing is ever overdue.
    """

    effective_on = models.DateField(_("In force from"), unique=True, default=FIRST_DAY)
    settle_days = models.PositiveSmallIntegerField(_("Days until cards are ready"), default=5)
    confirm_days = models.PositiveSmallIntegerField(_("Days to confirm"), default=5)
    sign_days = models.PositiveSmallIntegerField(_("Days to sign"), default=10)
    appeal_days = models.PositiveSmallIntegerField(_("Days to appeal"), default=10)
    answer_days = models.PositiveSmallIntegerField(_("Days to answer an appeal"), default=10)
    is_required = models.BooleanField(_("Cards have to be signed"), default=True)
    set_by = models.ForeignKey(Person, on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(sign_days__gte=F("confirm_days")), name="terms_sign_later"),
            models.CheckConstraint(
                condition=Q(settle_days__lte=60)
                & Q(sign_days__lte=60)
                & Q(appeal_days__lte=60)
                & Q(answer_days__lte=60),
                name="terms_within_a_quarter",
            ),
        ]


class Confirmation(models.Model):
    """Somebody answers for a revision of a card; it waits for another person to sign.

    reason: why somebody else answers in the unit's place, or, where an earlier revision is frozen already,
    why this one should take its place. Empty where the unit answers for its first one.
    """

    card = models.OneToOneField(Scorecard, on_delete=models.CASCADE, related_name="confirmation")
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()
    reason = models.CharField(max_length=REASON, blank=True)


class SignOff(models.Model):
    """A frozen revision: a card that was confirmed by one person and signed by another; never changed.

    definition: what the numbers mean, in words as they were told on that day (kpis.queries.signed_words). The
    first frozen revision of a unit and period has no `replaces`; each adopted later one replaces the one
    before for a reason. Rewards refer to the newest (kpis.queries.frozen).
    """

    card = models.OneToOneField(Scorecard, on_delete=models.PROTECT, related_name="sign_off")
    definition = models.JSONField()
    confirmed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    confirmed_at = models.DateTimeField()
    signed_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    signed_at = models.DateTimeField()
    replaces = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="replaced_by")
    reason = models.CharField(max_length=REASON, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(confirmed_by=F("signed_by")), name="sign_off_four_eyes"),
            models.CheckConstraint(
                condition=Q(replaces__isnull=True) | ~Q(reason=""), name="sign_off_adopted_for_a_reason"
            ),
        ]


class Stage(models.TextChoices):
    """How far the current revision of a card is on its way to be frozen (kpis.queries.stages)."""

    EXEMPT = "exempt", _("Need not be signed")
    SETTLING = "settling", _("Not ready yet")
    WAITING = "waiting", _("To be confirmed")
    CONFIRMED = "confirmed", _("To be signed")
    SIGNED = "signed", _("Signed")
    REVISED = "revised", _("Revised after signing")
    ADOPTING = "adopting", _("To be adopted")
    WITHHELD = "withheld", _("Withheld")
