"""Deeds on the thresholds of service levels: set one from a day on, take back one to come."""

from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict
from interactions.models import Channel, ServiceThreshold, TierBand
from interactions.queries.thresholds import may_set
from staff.models import Person

LONGEST = 10 * 86400  # seconds


@transaction.atomic
def set_threshold(
    *, actor: Person, channel: str, tier_band: str, seconds: int, hours: str, from_date: date
) -> ServiceThreshold:
    """Holds from that day on, today or later: figures of earlier days keep what held then.

    What was set for the same day is replaced. Raises ValidationError by field, and PermissionDenied for those
    who do not speak for the whole firm.
    """
    if not may_set(actor):
        raise PermissionDenied
    _check(channel, tier_band, seconds, hours, from_date)
    told = {"seconds": seconds, "hours": hours}
    made, _new = ServiceThreshold.objects.update_or_create(
        channel=channel, tier_band=tier_band, from_date=from_date, defaults=told
    )
    _note(actor, "threshold.set", made)
    return made


@transaction.atomic
def withdraw_threshold(*, actor: Person, threshold: ServiceThreshold) -> None:
    """Takes back one that does not hold yet. Raises Conflict, and PermissionDenied as above."""
    if not may_set(actor):
        raise PermissionDenied
    held = ServiceThreshold.objects.select_for_update().filter(pk=threshold.pk).first()
    if held is None or held.from_date <= timezone.localdate():
        raise Conflict(_("Only what does not hold yet can be taken back."))
    _note(actor, "threshold.withdrawn", held)
    held.delete()


def _check(channel: str, tier_band: str, seconds: int, hours: str, from_date: date) -> None:
    faults: dict[str, str] = {}
    choices = {
        "channel": (channel, Channel.values),
        "tier_band": (tier_band, TierBand.values),
        "hours": (hours, ServiceThreshold.Hours.values),
    }
    for field, (chosen, known) in choices.items():
        if chosen not in known:
            faults[field] = _("Choose one of: %(choices)s.") % {"choices": ", ".join(known)}
    if not 0 < seconds <= LONGEST:
        faults["seconds"] = _("A whole number from 1 to %(most)s.") % {"most": LONGEST}
    if from_date < timezone.localdate():
        faults["from_date"] = _("Today or later: figures of earlier days stay as they are.")
    if faults:
        raise ValidationError(faults)


def _note(actor: Person, deed: str, threshold: ServiceThreshold) -> None:
    names = ("channel", "tier_band", "seconds", "hours", "from_date")
    audit.record(
        actor=actor, deed=deed, subject_type="service_threshold", subject_id=threshold.pk,
        detail={name: getattr(threshold, name) for name in names},
    )  # fmt: skip
