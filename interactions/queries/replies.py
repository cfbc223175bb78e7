"""Canned replies: whose they are, which somebody may use now, and their words with variables filled in."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from core import formats
from interactions.models import CannedReply
from staff.models import Person, Unit
from staff.tree import UnitTree

VARIABLES = ("client", "agent", "unit", "today", "conversation")
IN_BRACES = re.compile(r"\{([^{}]*)\}")


def replies_for(person: Person, channel: str) -> list[CannedReply]:
    """What the person may use on this channel, one for each code: own ones, then the nearest unit's.

    Units are those of the person's roles today, and those above them up to headquarters.
    """
    near = _units_upwards(person)
    on_channel = Q(channels=[]) | Q(channels__contains=[channel])
    rows = CannedReply.objects.filter(on_channel, Q(owner=person) | Q(unit_id__in=near), retired_at=None)
    ordered = sorted(rows, key=lambda row: (_distance(row, near), row.code))
    first: dict[str, CannedReply] = {}
    for row in ordered:
        first.setdefault(row.code, row)
    return list(first.values())


def filled(
    reply: CannedReply,
    *,
    client_name: str,
    agent_name: str,
    unit_name: str,
    today: date,
    conversation: int | str,
) -> str:
    """The reply's words with its variables replaced; what comes in so is never read as a variable again."""
    words = (client_name, agent_name, unit_name, formats.day(today), str(conversation))
    return filled_in(reply.body, dict(zip(VARIABLES, words, strict=True)))


def filled_in(body: str, told: Mapping[str, str]) -> str:
    """Any words with the named variables replaced; what is no name of these stays as written."""
    return IN_BRACES.sub(lambda found: told.get(found[1], found[0]), body)


def unknown_variables(body: str, known: Iterable[str] = VARIABLES) -> list[str]:
    """What stands in braces and is no variable, as written, each once."""
    names: Iterable[str] = dict.fromkeys(IN_BRACES.findall(body))
    return [f"{{{name}}}" for name in names if name not in known]


def replies_of(person: Person, *, retired: bool = False) -> QuerySet[CannedReply]:
    """Replies in use that the person may look at: own ones, and those of units in reach and above.

    retired: with those that are not in use any longer.
    """
    rows = CannedReply.objects.select_related("unit", "owner")
    shared = person.scope_for("desk.work")
    places = frozenset() if shared.firm else shared.unit_ids | set(_units_upwards(person))
    units = Q(unit__isnull=False) if shared.firm else Q(unit_id__in=places)
    seen = rows.filter(Q(owner=person) | units)
    return seen if retired else seen.filter(retired_at=None)


def units_shared_by(person: Person) -> QuerySet[Unit]:
    """Units for which the person may keep shared replies."""
    reach = person.scope_for("desk.rules")
    units = Unit.objects.filter(closed_on=None)
    return units if reach.firm else units.filter(pk__in=reach.unit_ids)


def may_change(person: Any, reply: CannedReply) -> bool:
    """One's own, and those of units where the person writes the desk's rules."""
    if reply.owner_id is not None:
        return reply.owner_id == person.pk
    return reply.unit_id is not None and person.scope_for("desk.rules").has_unit(reply.unit_id)


def _units_upwards(person: Person) -> list[int]:
    """The units of the person's roles and all above them, nearest first."""
    tree = UnitTree.load()
    level = [membership.unit_id for membership in person.access.memberships]
    found: dict[int, None] = {}
    while level:
        found |= dict.fromkeys(level)
        level = [above for unit in level if (above := tree.nodes[unit].parent_id) and above not in found]
    return list(found)


def _distance(reply: CannedReply, near: list[int]) -> int:
    return 0 if reply.unit_id is None else 1 + near.index(reply.unit_id)
