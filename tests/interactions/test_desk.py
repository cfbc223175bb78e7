"""The desk: rules that give, two hands that take, and pages that cost the same for any number of rows."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from clients.models import Client
from core import audit
from core.errors import Conflict
from interactions.actions import desk
from interactions.actions.lines import seed_lines
from interactions.actions.routing import route
from interactions.models import Assignment, Conversation, Line, Presence, RoutingRule, Skill, SkillOfPerson
from staff.models import Person, Unit
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def line(cast: Any) -> Line:
    return seed_lines(actor=audit.SYSTEM, unit=Unit.objects.get(code="1001"))["chat"]


@pytest.fixture
def own_client(units: Any) -> Client:
    return make_client(units["1001"], "C000001", manager_no="M1001A")


def talk(line: Line, thread: str, **more: Any) -> Conversation:
    """A chat that waits."""
    since = timezone.now() - timedelta(minutes=1)
    return Conversation.objects.create(
        line=line, channel=more.pop("channel", "chat"), thread=thread, direction="in", unit=line.unit,
        opened_at=since, waiting_since=since, **more,
    )  # fmt: skip


def there(*people: Person, capacity: int = 2) -> None:
    for person in people:
        desk.set_presence(actor=person, state="available", capacity=capacity)


def test_the_first_rule_that_finds_somebody_gives(cast, line, own_client: Client) -> None:
    RoutingRule.objects.all().delete()
    RoutingRule.objects.create(
        position=1, name="Best to their manager", tiers=["V5"], target="owner", priority=9
    )
    RoutingRule.objects.create(position=2, name="The unit", target="unit", version=3)
    there(cast.agent_1001)
    best = talk(line, "1", client=own_client, tier="V5")
    route(conversation=best)  # its manager is not there
    given = Assignment.objects.get()
    assert (given.person, given.how, given.rule) == (cast.agent_1001, "rule", "2 The unit v3")
    best.refresh_from_db()
    assert (best.state, best.agent, best.priority) == ("active", cast.agent_1001, 9)


def test_full_desks_absent_people_and_calls(cast, line) -> None:
    there(cast.agent_1001)
    talks = [talk(line, str(number)) for number in range(3)]
    for one in talks:
        route(conversation=one)
    assert [one.state for one in talks] == ["active", "active", "waiting"]
    call = talk(line, "call", channel="phone")
    route(conversation=call)
    assert call.state == "waiting"  # a call wants an empty desk
    there(cast.team_lead_1001, capacity=1)
    route(conversation=call)
    assert call.agent == cast.team_lead_1001
    desk.set_presence(actor=cast.agent_1001, state="break")
    Conversation.objects.filter(pk=talks[0].pk).update(state="waiting", agent=None)
    assert desk.offer_what_waits() == 0


def test_who_waits_is_offered_again_when_somebody_comes(cast, line) -> None:
    waiting = talk(line, "1")
    assert desk.offer_what_waits() == 0
    there(cast.agent_1001)
    assert desk.offer_what_waits() == 1
    waiting.refresh_from_db()
    assert waiting.agent == cast.agent_1001


def test_two_cannot_take_one(cast, line) -> None:
    one = talk(line, "1")
    desk.take(actor=cast.agent_1001, conversation=one)
    with pytest.raises(Conflict):
        desk.take(actor=cast.team_lead_1001, conversation=one)
    with pytest.raises(Conflict):
        desk.wrap_up(
            actor=cast.team_lead_1001, conversation=one, wrap=desk.Wrap(category="enquiry", summary="x")
        )


@pytest.mark.django_db(transaction=True)
def test_many_hands_at_once_and_one_has_it(cast, line) -> None:
    one, won = talk(line, "1"), []

    def grasp(person: Person) -> None:
        try:
            desk.take(actor=person, conversation=one)
            won.append(person)
        except Conflict:
            pass
        finally:
            connection.close()

    hands = [cast.agent_1001, cast.team_lead_1001, cast.agent_hq, cast.team_lead_hq] * 5
    threads = [threading.Thread(target=grasp, args=(person,)) for person in hands]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(won) == 1
    assert Assignment.objects.get().person == won[0]


def test_a_conversation_taken_up_again_supersedes_its_entry(cast, line, own_client: Client) -> None:
    one = talk(line, "1", client=own_client, messages_in=1, last_in_at=timezone.now())
    desk.take(actor=cast.agent_1001, conversation=one)
    first = desk.wrap_up(
        actor=cast.agent_1001, conversation=one, wrap=desk.Wrap(category="enquiry", summary="一")
    )
    Conversation.objects.filter(pk=one.pk).update(state="waiting", agent=None, messages_in=2)
    desk.take(actor=cast.agent_1001, conversation=one)
    second = desk.wrap_up(
        actor=cast.agent_1001, conversation=one, wrap=desk.Wrap(category="enquiry", summary="二")
    )
    assert (second.supersedes, first.messages, second.messages) == (first, 1, 2)


def test_the_list_costs_the_same_for_many(client, cast, line, django_assert_max_num_queries: Any) -> None:
    client.force_login(cast.agent_1001)
    for number in range(30):
        talk(line, str(number))
    with django_assert_max_num_queries(12):
        page = client.get("/desk/?whose=queue&size=50").content.decode()
    assert page.count("<tr") == 31
    assert client.get("/desk/?whose=mine").status_code == 200


def test_a_call_pops_up_with_whoever_it_may_be(client, cast, line, own_client: Client) -> None:
    client.force_login(cast.agent_1001)
    assert client.get("/desk/pop/").status_code == 204
    there(cast.agent_1001)
    call = talk(line, "call", channel="phone", client=own_client)
    route(conversation=call)
    page = client.get("/desk/pop/").content.decode()
    assert own_client.client_no in page and f"/desk/conversations/{call.pk}/" in page
    Conversation.objects.filter(pk=call.pk).update(ended_at=timezone.now())
    assert client.get("/desk/pop/").status_code == 204


def test_the_better_skilled_is_asked_first(cast, line) -> None:
    RoutingRule.objects.all().delete()
    skill = Skill.objects.create(code="margin", name_zh="两融", name_en="Margin trading")
    for person, level in ((cast.agent_1001, 1), (cast.team_lead_1001, 4)):
        SkillOfPerson.objects.create(person=person, skill=skill, level=level)
    RoutingRule.objects.create(position=1, name="Margin", target="skilled", skill=skill)
    there(cast.agent_1001, cast.team_lead_1001, cast.agent_hq)
    one = talk(line, "1")
    route(conversation=one)
    assert one.agent == cast.team_lead_1001


def test_whoever_served_somebody_else_unknown_is_not_asked(cast, line) -> None:
    RoutingRule.objects.all().delete()
    RoutingRule.objects.create(position=1, name="Last", target="last_agent")
    there(cast.agent_1001)
    desk.take(actor=cast.agent_1001, conversation=talk(line, "old"))
    fresh = talk(line, "new")
    route(conversation=fresh)
    assert fresh.state == "waiting"


def test_a_call_wrapped_up_before_its_end_was_told_ends_now(cast, line) -> None:
    call = talk(line, "1", channel="phone", answered_at=timezone.now() - timedelta(seconds=45))
    desk.take(actor=cast.agent_1001, conversation=call)
    entry = desk.wrap_up(
        actor=cast.agent_1001, conversation=call, wrap=desk.Wrap(category="enquiry", summary="x")
    )
    assert entry.ended_at > call.opened_at and float(entry.minutes) == pytest.approx(0.75, abs=0.05)


def test_presence_is_set_on_the_page(client, cast) -> None:
    client.force_login(cast.agent_1001)
    assert client.post("/desk/presence/", {"state": "available"}).status_code == 302
    assert cast.agent_1001.presence.state == "available"
    client.post("/desk/presence/", {"state": "dancing"})
    cast.agent_1001.presence.refresh_from_db()
    assert cast.agent_1001.presence.state == "available"


def test_who_reads_a_conversation_for_long_is_still_there(client, cast, line) -> None:
    there(cast.agent_1001)
    one = talk(line, "1")
    desk.take(actor=cast.agent_1001, conversation=one)
    client.force_login(cast.agent_1001)
    page = client.get(f"/desk/conversations/{one.pk}/").content.decode()
    assert f'hx-post="/desk/conversations/{one.pk}/look/" hx-trigger="load, every 45s"' in page
    Presence.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    route(conversation=talk(line, "2"))
    assert not Assignment.objects.filter(how="rule").exists()
    client.post(f"/desk/conversations/{one.pk}/look/")
    route(conversation=Conversation.objects.get(thread="2"))
    assert Assignment.objects.get(how="rule").person == cast.agent_1001
