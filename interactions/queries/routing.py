"""Reads of the desk's rules and skills: who may change them, and whom a rule would ask now."""

from collections.abc import Iterable
from datetime import timedelta

from django.db.models import Count, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from interactions.models import Channel, Conversation, Line, Presence, RoutingRule, Skill, SkillOfPerson
from staff.models import Membership, Person
from staff.roles import RIGHTS

Target, State = RoutingRule.Target, Conversation.State
TIERS = ("V5", "V4", "V3", "V2", "V1", "NEW")
GONE = timedelta(seconds=90)  # without a sign of life of the desk's page
CALLS = (Channel.PHONE, Channel.VISIT)
SERVING = [role for role, rights in RIGHTS.items() if "desk.work" in rights]


def rules() -> QuerySet[RoutingRule]:
    """All rules in their order. They hold for the whole firm, so whoever writes rules sees all of them."""
    return RoutingRule.objects.select_related("skill", "unit").order_by("position")


def lines_within(person: Person) -> QuerySet[Line]:
    """The lines for which the person may write rules: those that fill a queue of units in reach."""
    reach = person.scope_for("desk.rules")
    lines = Line.objects.select_related("unit")
    return lines if reach.firm else lines.filter(unit_id__in=reach.unit_ids)


def within_reach(person: Person, line_codes: Iterable[str], own: Iterable[str] | None = None) -> bool:
    """Whether the person may write a rule for these lines; one for all lines is the whole firm's.

    own: the codes of `lines_within`, where they were read before.
    """
    if person.scope_for("desk.rules").firm:
        return True
    named = set(line_codes)
    known = set(lines_within(person).values_list("code", flat=True)) if own is None else set(own)
    return bool(named) and named <= known


def would_take(rule: RoutingRule, conversation: Conversation) -> Person | None:
    """Who would be given the conversation by this rule now; the same choice as routing makes, without locks.

    The conversation need not be in the database.
    """
    first = free_for(rule, conversation).select_related("person").first()
    return first.person if first else None


def free_for(rule: RoutingRule, conversation: Conversation) -> QuerySet[Presence]:
    """Who is there and has room, of those the rule means: best skilled first, then longest idle."""
    there = Presence.objects.filter(
        meant(rule, conversation), state=Presence.State.AVAILABLE, seen_at__gte=timezone.now() - GONE
    )
    best = ["-person__skills__level"] if rule.target == Target.SKILLED else []
    free = there.annotate(load=_load(), calls=_load(channel__in=CALLS)).filter(_has_room(conversation))
    return free.order_by(*best, F("offered_at").asc(nulls_first=True), "person_id")


def skills() -> QuerySet[Skill]:
    """All skills, with how many people have each."""
    return Skill.objects.annotate(held_by=Count("people")).order_by("code")


def people_served_by(reader: Person) -> QuerySet[Person]:
    """People who work at the desk of units where the reader writes rules, with `skills_now`."""
    reach = reader.scope_for("desk.rules")
    serving = Membership.objects.in_force(timezone.localdate()).filter(role__in=SERVING)
    held = serving if reach.firm else serving.filter(unit_id__in=reach.unit_ids)
    return Person.objects.filter(is_active=True, pk__in=held.values("person_id")).prefetch_related(
        Prefetch("memberships", queryset=serving.select_related("unit"), to_attr="roles_now"),
        Prefetch("skills", queryset=SkillOfPerson.objects.select_related("skill"), to_attr="skills_now"),
    )


def _load(**narrowed: object) -> Coalesce:
    """How many conversations the person has in hand."""
    mine = Conversation.objects.filter(
        agent_id=OuterRef("person_id"), state__in=[State.ACTIVE, State.WRAP_UP], **narrowed
    )
    counted = mine.order_by().values("agent_id").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), Value(0))


def _has_room(conversation: Conversation) -> Q:
    """A call needs an empty desk; others as many places as the person keeps, and nobody on the phone."""
    if conversation.channel in CALLS:
        return Q(load=0, capacity__gt=0)
    return Q(calls=0, load__lt=F("capacity"))


def meant(rule: RoutingRule, conversation: Conversation) -> Q:
    """Whom a rule asks, of those at the desk."""
    if rule.target == Target.OWNER:
        number = conversation.client.manager_no if conversation.client else ""
        return Q(person__employee_no=number) if number else Q(pk__in=[])
    if rule.target == Target.LAST_AGENT:
        return Q(person_id=_last_agent(conversation))
    if rule.target == Target.SKILLED:
        return Q(person__skills__skill_id=rule.skill_id)
    today = timezone.localdate()
    members = Membership.objects.in_force(today).filter(unit_id=rule.unit_id or conversation.unit_id)
    return Q(person_id__in=members.values("person_id"))


def _last_agent(conversation: Conversation) -> int | None:
    """Who served this client (or contact) last; nobody where neither is known."""
    if conversation.client_id is not None:
        same = Q(client_id=conversation.client_id)
    elif conversation.contact_id is not None:
        same = Q(contact_id=conversation.contact_id)
    else:
        return None
    served = Conversation.objects.filter(same, agent__isnull=False).exclude(pk=conversation.pk)
    return served.order_by("-opened_at").values_list("agent_id", flat=True).first()
