"""Routing rules as people keep them: order, versions, reach, and a trial that agrees with routing."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from core import audit
from core.errors import Conflict
from core.models import AuditEntry
from interactions.actions import desk
from interactions.actions.lines import seed_lines
from interactions.actions.routing import route
from interactions.actions.rules import Rule, add_rule, change_rule, move_rule, switch_rule
from interactions.actions.trial import imagined, would_route
from interactions.models import Assignment, Conversation, Line, Presence, RoutingRule, Skill, SkillOfPerson
from staff.models import Unit
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
FORM = {"name": "Chats", "channels": ["chat"], "waited_seconds": "60", "target": "queue", "priority": "5"}


@pytest.fixture
def lines(cast: Any) -> dict[str, Line]:
    RoutingRule.objects.all().delete()
    return seed_lines(actor=audit.SYSTEM, unit=Unit.objects.get(code="1001"))


def rule(position: int, **more: Any) -> RoutingRule:
    return RoutingRule.objects.create(position=position, name=f"Rule {position}", **{"target": "unit"} | more)


def order() -> list[str]:
    return list(RoutingRule.objects.values_list("name", flat=True))


def test_a_new_rule_stands_last_and_every_change_raises_the_version(cast, lines) -> None:
    lead = cast.team_lead_hq
    skill = Skill.objects.create(code="margin", name_zh="两融", name_en="Margin")
    unit = Unit.objects.get(code="1002")
    told = Rule(name=" Margin ", target="skilled", skill=skill, unit=unit, channels=["chat"], tiers=["V5"])
    first = add_rule(actor=lead, told=told)
    assert (first.name, first.position, first.skill, first.unit, first.version) == (
        "Margin",
        10,
        skill,
        None,
        1,
    )
    assert add_rule(actor=lead, told=Rule(name="Rest", target="queue", known=False)).position == 20
    told = Rule(
        name="Unit", target="unit", skill=skill, unit=unit, lines=["chat"], waited_seconds=30, priority=7
    )
    changed = change_rule(actor=lead, rule=first, version=1, told=told)
    assert (changed.version, changed.unit, changed.skill, changed.priority) == (2, unit, None, 7)
    assert not switch_rule(actor=lead, rule=first, version=2, active=False).active
    deeds = AuditEntry.objects.filter(subject_type="routing_rule").order_by("pk")
    wanted = ["rule.added", "rule.added", "rule.changed", "rule.switched_off"]
    assert list(deeds.values_list("deed", flat=True)) == wanted


def test_whoever_comes_second_hears_of_it(cast, lines) -> None:
    held = rule(1)
    switch_rule(actor=cast.team_lead_hq, rule=held, version=1, active=False)
    told = Rule(name="x", target="queue")
    for deed in (
        lambda: change_rule(actor=cast.team_lead_hq, rule=held, version=1, told=told),
        lambda: switch_rule(actor=cast.team_lead_hq, rule=held, version=1, active=True),
        lambda: move_rule(actor=cast.team_lead_hq, rule=held, version=1, up=True),
    ):
        with pytest.raises(Conflict):
            deed()


def test_rules_change_places_and_both_versions_rise(cast, lines) -> None:
    one, two, three = rule(1), rule(5), rule(9)
    move_rule(actor=cast.team_lead_hq, rule=three, version=1, up=True)
    assert order() == ["Rule 1", "Rule 9", "Rule 5"]
    move_rule(actor=cast.team_lead_hq, rule=one, version=1, up=False)
    assert order() == ["Rule 9", "Rule 1", "Rule 5"]
    told = dict(RoutingRule.objects.values_list("name", "version"))
    assert told == {"Rule 9": 3, "Rule 1": 2, "Rule 5": 2}
    move_rule(actor=cast.team_lead_hq, rule=two, version=2, up=False)
    assert order() == ["Rule 9", "Rule 1", "Rule 5"]
    assert sorted(RoutingRule.objects.values_list("position", flat=True)) == [1, 5, 9]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        *[("name", " "), ("name", "x" * 81), ("channels", ["pigeon"]), ("tiers", ["V9"])],
        *[("lines", ["nowhere"]), ("target", "nobody"), ("waited_seconds", -1), ("priority", 101)],
        *[("priority", -1), ("waited_seconds", 10**9)],
    ],
)
def test_what_no_rule_can_say(cast, lines, field: str, value: Any) -> None:
    with pytest.raises(ValidationError) as refused:
        add_rule(actor=cast.team_lead_hq, told=Rule(**{"name": "x", "target": "queue", field: value}))
    assert list(refused.value.message_dict) == [field]


def test_the_target_skilled_names_its_skill(cast, lines) -> None:
    with pytest.raises(ValidationError) as refused:
        add_rule(actor=cast.team_lead_hq, told=Rule(name="x", target="skilled"))
    assert list(refused.value.message_dict) == ["skill"]


def test_a_branch_writes_rules_of_its_own_lines_only(cast, lines) -> None:
    Line.objects.filter(code="sms").update(unit=Unit.objects.get(code="1002"))
    lead = cast.team_lead_1001
    own = add_rule(actor=lead, told=Rule(name="x", target="queue", lines=["chat"]))
    for codes in ([], ["sms"], ["chat", "sms"]):
        with pytest.raises(PermissionDenied):
            add_rule(actor=lead, told=Rule(name="y", target="queue", lines=codes))
        with pytest.raises(PermissionDenied):
            change_rule(actor=lead, rule=own, version=1, told=Rule(name="y", target="queue", lines=codes))
    with pytest.raises(PermissionDenied):
        switch_rule(actor=lead, rule=rule(99), version=1, active=False)
    with pytest.raises(PermissionDenied):
        move_rule(actor=cast.team_lead_1002, rule=own, version=1, up=True)
    assert switch_rule(actor=cast.region_manager_r1, rule=own, version=1, active=False).version == 2


def _world(cast: Any) -> None:
    """Desks of every kind: free, full, on the phone, gone, on a break."""
    skill = Skill.objects.create(code="margin", name_zh="两融", name_en="Margin")
    for person, level in ((cast.agent_1001, 2), (cast.agent_1002, 4), (cast.agent_hq, 5)):
        desk.set_presence(actor=person, state="available", capacity=1)
        SkillOfPerson.objects.create(person=person, skill=skill, level=level)
    desk.set_presence(actor=cast.team_lead_1001, state="available", capacity=2)
    desk.set_presence(actor=cast.branch_manager_1001, state="break")
    desk.set_presence(actor=cast.manager_1001a, state="available")
    gone = timezone.now() - timedelta(minutes=5)
    Presence.objects.filter(person=cast.agent_hq).update(seen_at=gone)
    rule(1, target="owner", tiers=["V5"], priority=9)
    rule(2, target="skilled", skill=skill, lines=["sms"], priority=3)
    rule(3, target="last_agent", known=True)
    rule(4, target="unit", waited_seconds=30, unit=Unit.objects.get(code="1001"))
    rule(5, target="unit", channels=["phone", "chat"], active=False)
    rule(6, target="queue", channels=["visit"])


def _talk(line: Line, **more: Any) -> Conversation:
    since = timezone.now() - timedelta(seconds=more.pop("waited_seconds", 0))
    number = Conversation.objects.count()
    return Conversation.objects.create(
        line=line, thread=f"t{number}", direction="in", unit=line.unit, opened_at=since,
        waiting_since=since, **more,
    )  # fmt: skip


def test_the_trial_tells_what_routing_then_does(cast, lines, units) -> None:
    _world(cast)
    client = make_client(units["1001"], "C000001", manager_no="M1001A")
    _talk(
        lines["chat"], channel="chat", client=client, agent=cast.agent_1002, state="wrap_up"
    )  # the last agent's one place is taken
    found = []
    for name, channel, told in (
        ("chat", "chat", {"client": client, "tier": "V5"}),
        ("chat", "chat", {"client": client, "tier": "V1"}),
        ("sms", "sms", {}),
        ("sms", "sms", {}),
        ("hotline", "phone", {"waited_seconds": 31}),
        ("chat", "chat", {"waited_seconds": 31}),
        ("chat", "chat", {"waited_seconds": 31}),
        ("chat", "chat", {"waited_seconds": 29}),
        ("visit", "visit", {}),
    ):
        trial = would_route(imagined(line=lines[name], **told))
        talk = _talk(lines[name], channel=channel, **told)
        assert Assignment.objects.filter(conversation=talk).count() == 0
        route(conversation=talk)
        assert (talk.agent, talk.priority) == (trial.person, trial.priority), (name, told)
        given = Assignment.objects.filter(conversation=talk).values_list("rule", flat=True)
        fired = trial.rule
        words = f"{fired.position} {fired.name} v1" if fired else ""
        assert list(given) == ([words] if trial.person else [])
        found.append((fired and fired.position, trial.person and trial.person.username))
    assert found[0] == (1, cast.manager_1001a.username)
    assert found[2] == (2, cast.agent_1001.username)
    assert found[-1] == (6, None) and (None, None) in found


def test_the_trial_costs_one_query_for_each_rule(cast, lines, django_assert_num_queries: Any) -> None:
    _world(cast)
    talk = imagined(line=lines["sms"], waited_seconds=40)
    with django_assert_num_queries(2):  # all rules, and whom the one that fires finds
        would_route(talk)
    assert not Assignment.objects.exists()


def test_the_list_shows_every_rule_and_its_words(
    client, cast, lines, django_assert_max_num_queries: Any
) -> None:
    _world(cast)
    client.force_login(cast.team_lead_1001)
    client.cookies["django_language"] = "en"
    with django_assert_max_num_queries(14):
        page = client.get("/desk/settings/rules/").content.decode()
    assert [f"Rule {number}" in page for number in range(1, 7)] == [True] * 6
    assert "Somebody with the skill: Margin" in page and "Has waited 30 s or longer" in page
    assert page.count("Switch off") == 1  # the one of the branch's own line


def test_a_rule_is_added_moved_and_switched_on_the_pages(client, cast, lines) -> None:
    client.force_login(cast.team_lead_hq)
    rule(1)
    assert client.post("/desk/settings/rules/new/", FORM).status_code == 302
    made = RoutingRule.objects.get(name="Chats")
    assert (made.channels, made.waited_seconds, made.known, made.priority) == (["chat"], 60, None, 5)
    page = client.get(f"/desk/settings/rules/{made.pk}/").content.decode()
    assert 'value="Chats"' in page
    client.post(f"/desk/settings/rules/{made.pk}/move/", {"version": 1, "to": "up"})
    assert order() == ["Chats", "Rule 1"]
    client.post(f"/desk/settings/rules/{made.pk}/switch/", {"version": 2, "active": "0"})
    made.refresh_from_db()
    assert (made.active, made.version) == (False, 3)
    answer = client.post(f"/desk/settings/rules/{made.pk}/", {**FORM, "version": 2})
    assert answer.status_code == 409 and "made" not in answer.content.decode()
    answer = client.post(f"/desk/settings/rules/{made.pk}/", {**FORM, "version": 3, "known": "yes"})
    made.refresh_from_db()
    assert answer.status_code == 302 and made.known is True
    assert client.post("/desk/settings/rules/new/", {**FORM, "target": "skilled"}).status_code == 422


def test_a_branch_must_name_its_lines_on_the_form(client, cast, lines) -> None:
    client.force_login(cast.branch_manager_1001)
    Line.objects.filter(code="sms").update(unit=Unit.objects.get(code="1002"))
    assert client.post("/desk/settings/rules/new/", FORM).status_code == 422
    assert client.post("/desk/settings/rules/new/", {**FORM, "lines": ["sms"]}).status_code == 422
    assert client.post("/desk/settings/rules/new/", {**FORM, "lines": ["chat"]}).status_code == 302
    assert client.get(f"/desk/settings/rules/{rule(50).pk}/").status_code == 403


def test_try_it_names_rule_and_person_and_only_clients_in_sight(client, cast, lines, units) -> None:
    _world(cast)
    make_client(units["1001"], "C000001", manager_no="M1001A")
    make_client(units["1005"], "C000009", manager_no="M1005A")
    client.force_login(cast.team_lead_1001)
    assert client.get("/desk/settings/rules/try/").status_code == 200
    asked = "/desk/settings/rules/try/?line=chat&tier=V5&client="
    page = client.get(f"{asked}c000001").content.decode()
    assert cast.manager_1001a.name in page and "Rule 1" in page
    assert "没有该客户号的客户" in client.get(f"{asked}C000009").content.decode()
    assert not Assignment.objects.exists()


def test_a_branch_without_lines_is_told_so(client, cast, lines) -> None:
    Line.objects.update(unit=Unit.objects.get(code="HQ"))
    client.force_login(cast.team_lead_1001)
    assert "/desk/settings/rules/new/" not in client.get("/desk/settings/rules/").content.decode()
    assert "所辖机构没有线路" in client.get("/desk/settings/rules/new/").content.decode()
    client.force_login(cast.team_lead_hq)
    assert "/desk/settings/rules/new/" in client.get("/desk/settings/rules/").content.decode()
