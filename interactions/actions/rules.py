"""Deeds on routing rules: add, change, switch, move. Each change raises the version that assignments tell."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from core import audit
from core.errors import Conflict
from interactions.models import Channel, Line, RoutingRule, Skill
from interactions.queries.routing import TIERS, within_reach
from staff.models import Person, Unit

Target = RoutingRule.Target
STEP = 10  # between positions
LONGEST_NAME, MOST_PRIORITY = 80, 100
LONGEST_WAIT = 7 * 86400  # seconds


@dataclass(frozen=True, kw_only=True)
class Rule:
    """What a rule says. Empty conditions hold for everything; known: None for either.

    lines: their codes. waited_seconds: holds only for what has waited so long. skill is kept only for the
    target "skilled", unit only for "unit" (without one the conversation's own). priority: 0 to 100.
    """

    name: str
    target: str
    channels: Sequence[str] = ()
    tiers: Sequence[str] = ()
    lines: Sequence[str] = ()
    known: bool | None = None
    waited_seconds: int = 0
    skill: Skill | None = None
    unit: Unit | None = None
    priority: int = 0


@transaction.atomic
def add_rule(*, actor: Person, told: Rule) -> RoutingRule:
    """A new rule at the end of the list. Raises ValidationError by field, PermissionDenied out of reach."""
    columns = _checked(told)
    _allowed(actor, told.lines)
    held = _all_locked()
    position = max((rule.position for rule in held), default=0) + STEP
    rule = RoutingRule.objects.create(position=position, **columns)
    _note(actor, "rule.added", rule, **_plain(columns))
    return rule


@transaction.atomic
def change_rule(*, actor: Person, rule: RoutingRule, version: int, told: Rule) -> RoutingRule:
    """Raises Conflict when somebody changed the rule since this version; else as `add_rule`."""
    columns = _checked(told)
    held = _current(actor, rule, version)
    _allowed(actor, told.lines)
    for name, value in columns.items():
        setattr(held, name, value)
    _raised(held)
    _note(actor, "rule.changed", held, **_plain(columns))
    return held


@transaction.atomic
def switch_rule(*, actor: Person, rule: RoutingRule, version: int, active: bool) -> RoutingRule:
    """A rule that is switched off keeps its place and is passed over. Raises as `change_rule`."""
    held = _current(actor, rule, version)
    held.active = active
    _raised(held)
    _note(actor, "rule.switched_on" if active else "rule.switched_off", held)
    return held


@transaction.atomic
def move_rule(*, actor: Person, rule: RoutingRule, version: int, up: bool) -> RoutingRule:
    """Changes places with the rule above or below; at the end of the list nothing happens.

    Both versions rise, as the position is part of what assignments tell. Raises as `change_rule`.
    """
    order = _all_locked()
    held = _current(actor, rule, version)
    place = next(index for index, one in enumerate(order) if one.pk == held.pk)
    other = place - 1 if up else place + 1
    if not 0 <= other < len(order):
        return held
    beside = order[other]
    here, there = held.position, beside.position
    RoutingRule.objects.filter(pk=held.pk).update(position=order[0].position - 1)  # positions are unique
    beside.position, held.position = here, there
    _raised(beside)
    _raised(held)
    _note(actor, "rule.moved", held, position=there, beside=beside.pk)
    return held


def _all_locked() -> list[RoutingRule]:
    """The list in its order; nobody else moves or adds one until this transaction ends."""
    list(RoutingRule.objects.select_for_update().order_by("pk").values_list("pk"))
    return list(RoutingRule.objects.order_by("position"))


def _current(actor: Person, rule: RoutingRule, version: int) -> RoutingRule:
    held = RoutingRule.objects.select_for_update().get(pk=rule.pk)
    _allowed(actor, held.lines)
    if held.version != version:
        raise Conflict(_("Somebody changed this rule in the meantime. Look at it again."))
    return held


def _raised(rule: RoutingRule) -> None:
    rule.version += 1
    rule.save()


def _allowed(actor: Person, lines: Sequence[str]) -> None:
    if not within_reach(actor, lines):
        raise PermissionDenied


def _checked(told: Rule) -> dict[str, Any]:
    """The rule's columns; raises ValidationError by field."""
    faults = _choice_faults(told) | _bound_faults(told)
    if faults:
        raise ValidationError(faults)
    return {
        **{name: getattr(told, name) for name in ("target", "known", "waited_seconds", "priority")},
        **{name: list(getattr(told, name)) for name in ("channels", "tiers", "lines")},
        "name": told.name.strip(),
        "skill": told.skill if told.target == Target.SKILLED else None,
        "unit": told.unit if told.target == Target.UNIT else None,
    }


def _choice_faults(told: Rule) -> dict[str, str]:
    lines = set(told.lines) and set(Line.objects.filter(code__in=told.lines).values_list("code", flat=True))
    choices: dict[str, tuple[Sequence[str], Sequence[str]]] = {
        "channels": (told.channels, Channel.values),
        "tiers": (told.tiers, TIERS),
        "lines": (told.lines, sorted(lines)),
        "target": ([told.target], Target.values),
    }
    words = _("Choose one of: %(choices)s.")
    return {
        field: words % {"choices": ", ".join(known)}
        for field, (chosen, known) in choices.items()
        if not set(chosen) <= set(known)
    }


def _bound_faults(told: Rule) -> dict[str, str]:
    faults: dict[str, str] = {}
    between = _("A whole number from 0 to %(most)s.")
    if not 0 < len(told.name.strip()) <= LONGEST_NAME:
        faults["name"] = _("Write 1 to %(most)s characters.") % {"most": LONGEST_NAME}
    if not 0 <= told.waited_seconds <= LONGEST_WAIT:
        faults["waited_seconds"] = between % {"most": LONGEST_WAIT}
    if not 0 <= told.priority <= MOST_PRIORITY:
        faults["priority"] = between % {"most": MOST_PRIORITY}
    if told.target == Target.SKILLED and told.skill is None:
        faults["skill"] = _("Choose the skill that is needed.")
    return faults


def _plain(columns: dict[str, Any]) -> dict[str, Any]:
    """The columns as the audit trail keeps them."""
    codes = {name: getattr(columns[name], "code", "") for name in ("skill", "unit")}
    return {**columns, **codes}


def _note(actor: audit.Actor, deed: str, rule: RoutingRule, **detail: Any) -> None:
    told = {**detail, "name": rule.name, "version": rule.version}
    audit.record(actor=actor, deed=deed, subject_type="routing_rule", subject_id=rule.pk, detail=told)
