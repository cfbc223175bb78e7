"""Targets of many units in one deed: all or none."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from clients.models import FIRST_DAY
from core import audit
from core.errors import Conflict, Stale
from kpis.actions.people import who
from kpis.actions.targets import approve_targets, reject_targets, tell_targets
from kpis.models import Target
from kpis.queries.targets import serving
from kpis.rules import Period, Targets

MOST = 1000


@dataclass(frozen=True)
class UnitTargets:
    """What one unit gets. seen: the key of the set that served when the person looked (None: not asked)."""

    unit_type: str
    unit_code: str
    targets: Targets
    seen: int | None = None


@transaction.atomic
def tell_many(
    *, actor: audit.Actor, period_type: str, from_period: Period | None, wishes: Sequence[UnitTargets]
) -> list[Target]:
    """Sets or proposes the targets of each unit, as tell_targets does for one.

    Raises ValidationError by unit and field, Stale when another set serves a unit than the person saw.
    """
    if len(wishes) > MOST:
        raise ValidationError({"units": _("At most %(most)s units at once.") % {"most": MOST}})
    start = from_period.start if from_period else FIRST_DAY
    told, faults = list[Target](), dict[str, list[str]]()
    for wish in wishes:
        _check_seen(period_type, start, wish)
        try:
            told.append(_tell(actor, period_type, from_period, wish))
        except ValidationError as error:
            label = f"{wish.unit_type}:{wish.unit_code}".rstrip(":")
            faults |= {f"{label}.{field}": words for field, words in error.message_dict.items()}
    if faults:
        raise ValidationError(faults)
    return told


def _tell(actor: audit.Actor, period_type: str, from_period: Period | None, wish: UnitTargets) -> Target:
    return tell_targets(
        actor=actor, period_type=period_type, unit_type=wish.unit_type, unit_code=wish.unit_code,
        from_period=from_period, targets=wish.targets,
    )  # fmt: skip


def _check_seen(period_type: str, start: date, wish: UnitTargets) -> None:
    if wish.seen is None:
        return
    now = serving(period_type, wish.unit_type, wish.unit_code, start)
    if (now.pk if now else 0) != wish.seen:
        raise Stale(_("Somebody set targets in the meantime. Look at them again."))


@transaction.atomic
def answer_many(*, actor: audit.Actor, targets: Sequence[Target], approve: bool) -> int:
    """The second person's word on several proposals at once; returns how many. Conflict for own ones."""
    if not targets:
        raise Conflict(_("These targets are not waiting for approval any more."), code="not_proposed")
    if approve and any(target.proposed_by == who(actor) for target in targets):
        raise Conflict(_("Targets are approved by someone other than their proposer."), code="four_eyes")
    answer = approve_targets if approve else reject_targets
    for target in targets:
        answer(actor=actor, target=target)
    return len(targets)
