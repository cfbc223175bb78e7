"""Deeds on the targets of service levels: set one from a day on, take back one to come."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict
from interactions.models import Channel, LevelTarget
from interactions.queries.targets import may_set
from staff.models import Unit

Figure = LevelTarget.Figure
LONGEST = Decimal(10 * 86400)  # seconds


@transaction.atomic
def set_target(
    *, actor: audit.Actor, figure: str, target: Decimal, limit: Decimal, from_date: date, channel: str = "",
    unit: Unit | None = None,
) -> LevelTarget:  # fmt: skip
    """Holds from that day on, today or later; what was set for the same day is replaced.

    Without a channel it holds for all of them, without a unit for the firm. Raises ValidationError by field,
    and PermissionDenied for those who do not speak for the unit.
    """
    if not may_set(actor, unit.pk if unit else None):
        raise PermissionDenied
    _check(figure, channel, target, limit, from_date)
    place: dict[str, Any] = {"figure": figure, "channel": channel, "unit": unit, "from_date": from_date}
    told = {"target": target, "limit": limit}
    made, _new = LevelTarget.objects.update_or_create(**place, defaults=told)
    _note(actor, "level_target.set", made)
    return made


@transaction.atomic
def withdraw_target(*, actor: audit.Actor, target: LevelTarget) -> None:
    """Takes back one that does not hold yet. Raises Conflict, and PermissionDenied as above."""
    if not may_set(actor, target.unit_id):
        raise PermissionDenied
    held = LevelTarget.objects.select_for_update(of=("self",)).filter(pk=target.pk).first()
    if held is None or held.from_date <= timezone.localdate():
        raise Conflict(_("Only what does not hold yet can be taken back."))
    _note(actor, "level_target.withdrawn", held)
    held.delete()


def _check(figure: str, channel: str, target: Decimal, limit: Decimal, from_date: date) -> None:
    faults: dict[str, str] = {}
    if figure not in Figure.values:
        faults["figure"] = _("Choose one of: %(choices)s.") % {"choices": ", ".join(Figure.values)}
    if channel not in ("", *Channel.values):
        faults["channel"] = _("Choose one of: %(choices)s.") % {"choices": ", ".join(Channel.values)}
    least, most = _bounds(figure)
    if not least <= target <= most:
        faults["target"] = _("A figure from %(least)s to %(most)s.") % {"least": least, "most": most}
    if not least <= limit <= most:
        faults["limit"] = _("A figure from %(least)s to %(most)s.") % {"least": least, "most": most}
    elif (limit < target) if figure in LevelTarget.LESS_IS_BETTER else (limit > target):
        faults["limit"] = _("The limit lies beyond the target, or is the same.")
    if from_date < timezone.localdate():
        faults["from_date"] = _("Today or later: figures of earlier days stay as they are.")
    if faults:
        raise ValidationError(faults)


def _bounds(figure: str) -> tuple[Decimal, Decimal]:
    """Shares of 1, seconds, or points."""
    if figure in LevelTarget.IN_SECONDS:
        return Decimal(1), LONGEST
    return (Decimal(-100), Decimal(100)) if figure == Figure.NPS else (Decimal(0), Decimal(1))


def _note(actor: audit.Actor, deed: str, target: LevelTarget) -> None:
    names = ("figure", "channel", "target", "limit", "from_date")
    audit.record(
        actor=actor, deed=deed, subject_type="level_target", subject_id=target.pk,
        unit_code=target.unit.code if target.unit else "",
        detail={name: str(getattr(target, name)) for name in names},
    )  # fmt: skip
