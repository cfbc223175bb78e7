"""Deeds on targets: told, proposed, approved, rejected; each leaves its audit entry."""

from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from clients.models import FIRST_DAY
from core import audit
from core.errors import Conflict
from kpis.actions.people import who
from kpis.models import SchemeGroup, Scorecard, Target, TargetGroup
from kpis.models.targets import FIRM
from kpis.queries.targets import serving
from kpis.rules import Period, Targets
from kpis.rules.scheme import LOWER_IS_BETTER, RATES


@transaction.atomic
def tell_targets(
    *,
    actor: audit.Actor,
    period_type: str,
    unit_type: str,
    unit_code: str = "",
    from_period: Period | None = None,
    targets: Targets,
) -> Target:
    """Sets a unit's floors and targets from a period on (none: for all periods).

    In force at once while no period they touch has a card; otherwise proposed, until someone else approves.
    The same values again change nothing. Raises ValidationError by field.
    """
    _check(targets, period_type, from_period)
    return _tell(actor, (period_type, unit_type, unit_code), from_period, targets)


@transaction.atomic
def return_to_firm(
    *,
    actor: audit.Actor,
    period_type: str,
    unit_type: str,
    unit_code: str,
    from_period: Period | None = None,
) -> Target:
    """From a period on (none: for all) the firm's targets serve the unit again; its own stay in its history.

    Told and approved as targets are. Raises ValidationError where the firm's serve it already.
    """
    _check(Targets(), period_type, from_period)
    start = from_period.start if from_period else FIRST_DAY
    standing = serving(period_type, unit_type, unit_code, start)
    if unit_type == FIRM or standing is None or standing.unit_type == FIRM:
        raise ValidationError({"unit": _("The firm's targets serve this unit already.")})
    return _tell(actor, (period_type, unit_type, unit_code), from_period, None)


def _tell(
    actor: audit.Actor, owner: tuple[str, str, str], from_period: Period | None, targets: Targets | None
) -> Target:
    """Stores a set, or with None that the firm's serve, unless just that stands."""
    from_start = from_period.start if from_period else FIRST_DAY
    key = dict(zip(("period_type", "unit_type", "unit_code"), owner, strict=True))
    standing = in_force(*owner, from_period, lock=True)
    if standing is not None and _says(standing) == targets:
        return standing
    needed = has_cards(owner[0], from_start)
    proposed = Target.objects.filter(**key, from_start=from_start, state=Target.State.PROPOSED)
    proposed.update(state=Target.State.SUPERSEDED)
    if standing is not None and not needed:
        _supersede(standing)
    target = _store({**key, "from_start": from_start}, targets, who(actor), needs_approval=needed)
    _audit(actor, "targets.proposed" if needed else "targets.set", target)
    return target


def _says(target: Target) -> Targets | None:
    """Its limits; None where it says that the firm's serve."""
    return None if target.follows_firm else target.as_rules()


def in_force(
    period_type: str, unit_type: str, unit_code: str, from_period: Period | None, *, lock: bool = False
) -> Target | None:
    """The approved targets that a unit has of its own from just this period on."""
    targets = Target.objects.select_for_update() if lock else Target.objects.all()
    return targets.filter(
        period_type=period_type,
        unit_type=unit_type,
        unit_code=unit_code,
        from_start=from_period.start if from_period else FIRST_DAY,
        state=Target.State.APPROVED,
    ).first()


def has_cards(period_type: str, from_start: date) -> bool:
    """Whether any period of the type that starts then or later has a card already."""
    return Scorecard.objects.filter(period_type=period_type, start__gte=from_start).exists()


@transaction.atomic
def approve_targets(*, actor: audit.Actor, target: Target) -> Target:
    """Puts proposed targets into force; only someone other than the proposer may (the database holds it too).

    The cards they touch follow with the next nightly run, as revisions where their periods are closed.
    """
    target = _proposed(target)
    if who(actor) == target.proposed_by:
        raise Conflict(_("Targets are approved by someone other than their proposer."), code="four_eyes")
    key = {name: getattr(target, name) for name in ("period_type", "unit_type", "unit_code", "from_start")}
    Target.objects.filter(**key, state=Target.State.APPROVED).update(state=Target.State.SUPERSEDED)
    target.state, target.approved_by, target.approved_at = Target.State.APPROVED, who(actor), timezone.now()
    target.save(update_fields=["state", "approved_by", "approved_at"])
    _audit(actor, "targets.approved", target)
    return target


@transaction.atomic
def reject_targets(*, actor: audit.Actor, target: Target) -> Target:
    """Ends a proposal without putting it into force; the proposer may withdraw it so too."""
    target = _proposed(target)
    target.state = Target.State.REJECTED
    target.save(update_fields=["state"])
    _audit(actor, "targets.rejected", target)
    return target


def _proposed(target: Target) -> Target:
    target = Target.objects.select_for_update().get(pk=target.pk)
    if target.state != Target.State.PROPOSED:
        raise Conflict(_("These targets are not waiting for approval any more."), code="not_proposed")
    return target


def _supersede(target: Target) -> None:
    target.state = Target.State.SUPERSEDED
    target.save(update_fields=["state"])


def _store(key: dict[str, Any], told: Targets | None, proposer: str, *, needs_approval: bool) -> Target:
    targets = told if told is not None else Targets()
    limits = {f"{name}_floor": one.floor for name, one in targets.rates.items()}
    limits |= {f"{name}_target": one.target for name, one in targets.rates.items()}
    state = Target.State.PROPOSED if needs_approval else Target.State.APPROVED
    target = Target.objects.create(
        **key, **limits, follows_firm=told is None, state=state, needs_approval=needs_approval,
        proposed_by=proposer,
    )  # fmt: skip
    TargetGroup.objects.bulk_create(
        TargetGroup(owner=target, name=name, floor=one.floor, target=one.target)
        for name, one in targets.groups.items()
    )
    return target


def _check(targets: Targets, period_type: str, from_period: Period | None) -> None:
    faults: dict[str, str] = {}
    if period_type not in Target.PeriodType.values:
        faults["period_type"] = _("One of month, quarter, year.")
    elif from_period is not None and from_period.type != period_type:
        faults["from_period"] = _("A period of the same type, such as 2026-10, 2026-Q4 or 2026.")
    for name, limits in targets.rates.items():
        if name not in RATES:
            faults[name] = _("No such indicator.")
        elif not limits.is_right_way(lower_is_better=name in LOWER_IS_BETTER):
            faults[name] = direction_fault(name)
    known = set(SchemeGroup.objects.values_list("name", flat=True))
    for name, limits in targets.groups.items():
        if name not in known:
            faults[f"profitability.{name}"] = _("No such group of tiers.")
        elif not limits.is_right_way(lower_is_better=False):
            faults[f"profitability.{name}"] = direction_fault(name)
    if faults:
        raise ValidationError(faults)


def direction_fault(name: str) -> str:
    """What is said of limits that stand the wrong way round."""
    if name in LOWER_IS_BETTER:
        return _("The target must be lower than the floor.")
    return _("The target must be higher than the floor.")


def _audit(actor: audit.Actor, deed: str, target: Target) -> None:
    told = _says(target)
    audit.record(
        actor=actor,
        deed=deed,
        subject_type="targets",
        subject_id=target.pk,
        unit_code=target.unit_code,
        detail={
            "period_type": target.period_type,
            "unit": target.unit,
            "from": target.from_start,
            "limits": told.to_json() if told is not None else FIRM,
        },
    )
