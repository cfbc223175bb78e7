"""The deed on terms: how long a sign-off may take, from a day on."""

from dataclasses import asdict, dataclass
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from kpis.models import Terms
from staff.models import Person

RIGHT = "kpis.schemes"


@dataclass(frozen=True, kw_only=True)
class Days:
    """Trading days, and whether signing is required at all; see kpis.models.Terms."""

    settle_days: int
    confirm_days: int
    sign_days: int
    appeal_days: int
    answer_days: int
    is_required: bool = True


@transaction.atomic
def set_terms(*, actor: Person, effective_on: date, days: Days) -> Terms:
    """For periods that end on this day or later; told for the same day again they replace what stood there.

    Raises PermissionDenied, and ValidationError by field: days that are over keep their terms.
    """
    if not (actor.may(RIGHT) and actor.scope_for(RIGHT).firm):
        raise PermissionDenied
    faults = {}
    if effective_on < timezone.localdate():
        faults["effective_on"] = _("Today or a later day.")
    if days.sign_days < days.confirm_days:
        faults["sign_days"] = _("Not before the last day to confirm.")
    if faults:
        raise ValidationError(faults)
    values = {**asdict(days), "set_by": actor}
    made, _created = Terms.objects.update_or_create(effective_on=effective_on, defaults=values)
    audit.record(
        actor=actor, deed="scorecard_terms.set", subject_type="scorecard terms", subject_id=made.pk,
        detail={"effective_on": effective_on, **asdict(days)},
    )  # fmt: skip
    return made
