"""By which rule a contact reaches whom: the first rule that holds and finds somebody free gives it."""

from datetime import datetime

from django.db.models import Count, Q
from django.utils import timezone

from core import live
from interactions.models import Assignment, Conversation, Presence, RoutingRule
from interactions.queries.routing import CALLS, free_for
from staff.models import Person

State, Target = Conversation.State, RoutingRule.Target
ASKED = 50  # people one rule asks at most


def route(*, conversation: Conversation) -> None:
    """Gives a waiting conversation to somebody, or leaves it in the queue; in the caller's transaction.

    The people asked are locked and those in other hands passed over, so that two conversations that come at
    once never fill one place. Only who has room is asked, so an hour in which all are busy costs no more.
    """
    for rule in RoutingRule.objects.filter(active=True).select_related("unit"):
        if not holds(rule, conversation):
            continue
        if rule.priority > conversation.priority:
            conversation.priority = rule.priority
            Conversation.objects.filter(pk=conversation.pk).update(priority=rule.priority)
        if rule.target == Target.QUEUE:
            return
        person = _free(rule, conversation)
        if person is not None:
            words = f"{rule.position} {rule.name} v{rule.version}"
            hand_to(conversation=conversation, person=person, how=Assignment.How.RULE, rule=words)
            return


def holds(rule: RoutingRule, conversation: Conversation) -> bool:
    """Whether all conditions of the rule are met; empty ones are."""
    since = conversation.waiting_since or conversation.opened_at
    return (
        (not rule.channels or conversation.channel in rule.channels)
        and (not rule.tiers or conversation.tier in rule.tiers)
        and (not rule.lines or conversation.line.code in rule.lines)
        and (rule.known is None or rule.known == (conversation.client_id is not None))
        and (timezone.now() - since).total_seconds() >= rule.waited_seconds
    )


def hand_to(
    *, conversation: Conversation, person: Person, how: str, rule: str = "", reason: str = "",
    given_by: str = "system", state: str = State.ACTIVE,
) -> None:  # fmt: skip
    """The conversation is this person's from now on; whoever had it has it no more."""
    now = timezone.now()
    Assignment.objects.filter(conversation=conversation, to_at__isnull=True).update(to_at=now)
    Assignment.objects.create(
        conversation=conversation,
        person=person,
        how=how,
        rule=rule,
        reason=reason,
        given_by=given_by,
        from_at=now,
    )
    conversation.agent, conversation.state, conversation.snoozed_until = person, state, None
    conversation.save(update_fields=["agent", "state", "snoozed_until"])
    _offered(person, now)
    live.tell(f"person:{person.pk}", "pop", conversation=conversation.pk)


def let_go(conversation: Conversation) -> None:
    """A call that a rule gave to somebody and whose caller hung up before the answer is nobody's any more.

    The sweeper writes it down as such. Whoever took a call by hand keeps it. The caller saves the
    conversation.
    """
    given = Assignment.objects.filter(
        conversation=conversation, to_at__isnull=True, how=Assignment.How.RULE
    )  # fmt: skip
    if conversation.state == State.ACTIVE and given.update(to_at=timezone.now()):
        live.tell(f"person:{conversation.agent_id}", "conversation", conversation=conversation.pk)
        conversation.state, conversation.agent = State.WAITING, None


def _offered(person: Person, now: datetime) -> None:
    """Notes when something was last given; not worth waiting for whoever holds the row just now.

    Many events in one transaction name many people, in any order: waiting here would be waiting for each
    other.
    """
    free = Presence.objects.select_for_update(skip_locked=True).filter(person=person)
    Presence.objects.filter(pk__in=free.values("pk")).update(offered_at=now)


def _free(rule: RoutingRule, conversation: Conversation) -> Person | None:
    """The one who has been idle longest of those the rule means, is there, and has room.

    Whoever had room when they were asked is locked, then looked at again: a neighbour may have been quicker.
    """
    asked = free_for(rule, conversation).values_list("person_id", flat=True)[:ASKED]
    for person_id in dict.fromkeys(asked):
        one = Presence.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=person_id)
        presence = one.select_related("person").first()
        if presence is not None and _has_room(presence, conversation):
            return presence.person
    return None


def _has_room(presence: Presence, conversation: Conversation) -> bool:
    """A call needs an empty desk; others as many places as the person keeps, and nobody on the phone."""
    mine = Conversation.objects.filter(agent_id=presence.person_id, state__in=[State.ACTIVE, State.WRAP_UP])
    load = mine.aggregate(all=Count("pk"), calls=Count("pk", filter=Q(channel__in=CALLS)))
    if conversation.channel in CALLS:
        return load["all"] == 0 and presence.capacity > 0
    return load["calls"] == 0 and load["all"] < presence.capacity
