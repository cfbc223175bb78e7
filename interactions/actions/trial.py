"""What the routing rules would do with a contact now, without doing it."""

from dataclasses import dataclass, field
from datetime import timedelta

from django.utils import timezone

from clients.models import Client
from interactions.actions.routing import holds
from interactions.channels.known import WAYS
from interactions.models import Conversation, Line, RoutingRule
from interactions.queries.routing import rules, would_take
from staff.models import Person


@dataclass(frozen=True)
class Tried:
    """A rule whose conditions hold, and whom it finds."""

    rule: RoutingRule
    person: Person | None


@dataclass(frozen=True)
class Trial:
    """rule: the one that fires, None when the contact waits in the queue of its unit for want of one.

    asked: the rules that hold, in their order up to the one that fires. priority: what the contact gets.
    """

    rule: RoutingRule | None = None
    person: Person | None = None
    priority: int = 0
    asked: list[Tried] = field(default_factory=list)


def imagined(
    *, line: Line, channel: str = "", tier: str = "", client: Client | None = None, waited_seconds: int = 0
) -> Conversation:
    """A conversation that is in no table; channel and tier left empty are the line's and the client's own."""
    since = timezone.now() - timedelta(seconds=waited_seconds)
    standing = getattr(client, "standing", None)
    return Conversation(
        line=line, unit=line.unit, channel=channel or WAYS[line.adapter].channel, direction="in",
        client=client, tier=tier or getattr(standing, "tier", "") or "", opened_at=since, waiting_since=since,
    )  # fmt: skip


def would_route(conversation: Conversation) -> Trial:
    """The same walk through the rules as routing makes, read-only."""
    asked: list[Tried] = []
    for rule in rules().filter(active=True):
        if not holds(rule, conversation):
            continue
        found = None if rule.target == RoutingRule.Target.QUEUE else would_take(rule, conversation)
        asked.append(Tried(rule, found))
        if found is not None or rule.target == RoutingRule.Target.QUEUE:
            return Trial(rule, found, _priority(asked), asked)
    return Trial(priority=_priority(asked), asked=asked)


def _priority(asked: list[Tried]) -> int:
    return max((one.rule.priority for one in asked), default=0)
