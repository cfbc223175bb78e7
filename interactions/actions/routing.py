"""By which rule a contact reaches whom: the first rule that holds and finds somebody free gives it."""

from datetime import timedelta

from django.db.models import Count, F, Q
from django.utils import timezone

from core import live
from interactions.models import Assignment, Channel, Conversation, Presence, RoutingRule
from interactions.queries.routing import meant
from staff.models import Person

State, Target = Conversation.State, RoutingRule.Target
GONE = timedelta(seconds=90)  # without a sign of life of the desk's page
ASKED = 50  # people one rule asks at most
CALLS = (Channel.PHONE, Channel.VISIT)


def route(*, conversation: Conversation) -> None:
    """Gives a waiting conversation to somebody, or leaves it in the queue; in the caller's transaction.

    The people asked are locked and those in other hands passed over, so that two conversations that come at
    once never fill one place.
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
    Presence.objects.filter(person=person).update(offered_at=now)
    live.tell(f"person:{person.pk}", "pop", conversation=conversation.pk)


def _free(rule: RoutingRule, conversation: Conversation) -> Person | None:
    """The one who has been idle longest of those the rule means, is there, and has room."""
    for person_id in _asked(rule, conversation):
        one = Presence.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=person_id)
        presence = one.select_related("person").first()
        if presence is not None and _has_room(presence, conversation):
            return presence.person
    return None


def _asked(rule: RoutingRule, conversation: Conversation) -> list[int]:
    """Who is there, best skilled and longest idle first; each is locked only when it is their turn."""
    there = Presence.objects.filter(
        meant(rule, conversation), state=Presence.State.AVAILABLE, seen_at__gte=timezone.now() - GONE
    )
    best = ["-person__skills__level"] if rule.target == Target.SKILLED else []
    ordered = there.order_by(*best, F("offered_at").asc(nulls_first=True), "person_id")
    return list(dict.fromkeys(ordered.values_list("person_id", flat=True)[:ASKED]))


def _has_room(presence: Presence, conversation: Conversation) -> bool:
    """A call needs an empty desk; others as many places as the person keeps, and nobody on the phone."""
    mine = Conversation.objects.filter(agent_id=presence.person_id, state__in=[State.ACTIVE, State.WRAP_UP])
    load = mine.aggregate(all=Count("pk"), calls=Count("pk", filter=Q(channel__in=CALLS)))
    if conversation.channel in CALLS:
        return load["all"] == 0 and presence.capacity > 0
    return load["calls"] == 0 and load["all"] < presence.capacity
