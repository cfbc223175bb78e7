"""Pages and API of scripts as people and systems meet them."""

from typing import Any

import pytest
from django.urls import reverse

from core.registry import list_sources
from knowledge.actions import scripts as actions
from knowledge.models import ScriptVersion
from tests.knowledge.words import in_force, now, told

pytestmark = pytest.mark.django_db


def posted(**more: Any) -> dict[str, Any]:
    """The form of a script, with two steps and an empty one."""
    steps = {
        "steps-TOTAL_FORMS": "3", "steps-INITIAL_FORMS": "0",
        "steps-0-zh": "第二", "steps-0-ORDER": "2", "steps-1-zh": "第一", "steps-1-en": "First",
        "steps-1-ORDER": "1", "steps-1-required": "on",
    }  # fmt: skip
    words = {
        "title_zh": "投诉首次回应",
        "body_zh": "非常抱歉。",
        "category": "complaint",
        "tiers": ["V5", "V4"],
    }
    return {"code": "complaint-first", **words, **steps, **more}


def test_from_the_form_to_the_desk(cast, as_person) -> None:
    lead, manager = as_person(cast.team_lead_1001), as_person(cast.branch_manager_1001)
    answer = lead.post("/scripts/new/", posted())
    assert answer["Location"] == "/scripts/complaint-first/"
    steps = ScriptVersion.objects.get().steps
    assert [(step["key"], step["zh"], step["required"]) for step in steps] == [
        ("s1", "第一", True), ("s2", "第二", False),
    ]  # fmt: skip
    lead.post("/scripts/complaint-first/propose/", {"version": "1"})
    assert "/approve/" not in lead.get("/scripts/complaint-first/").content.decode()
    lead.post("/scripts/complaint-first/approve/", {"version": "2"})
    assert ScriptVersion.objects.get().state == "proposed"
    manager.post("/scripts/complaint-first/send-back/", {"version": "2", "reason": "再短一些"})
    assert "再短一些" in lead.get("/scripts/complaint-first/").content.decode()
    lead.post("/scripts/complaint-first/propose/", {"version": "3"})
    manager.post("/scripts/complaint-first/approve/", {"version": "4"})
    assert ScriptVersion.objects.get().state == "in_force"
    shown = as_person(cast.agent_1001).get("/scripts/for/?category=complaint&tier=V4&channel=phone")
    body = shown.content.decode()
    assert 'name="script" value="complaint-first/1" form="wrap-up"' in body
    assert '<input type="checkbox" id="step-s1" name="step" value="s1" form="wrap-up">' in body
    assert body.index("第一") < body.index("第二")


def test_ticks_stay_while_the_script_does(cast, as_person) -> None:
    in_force(cast, "hello")
    agent = as_person(cast.agent_1001)
    for script, kept in {"hello/1": 1, "other/1": 0}.items():
        shown = agent.get("/scripts/for/", {"category": "complaint", "script": script, "step": "s1"})
        assert shown.content.decode().count(" checked>") == kept


def test_the_panel_goes_up_the_tree_and_says_when_there_is_nothing(cast, as_person) -> None:
    agent = as_person(cast.agent_1001)
    assert "<section" not in agent.get("/scripts/for/?category=enquiry.account").content.decode()
    in_force(cast, "enquiry", category="enquiry")
    assert "您好！" in agent.get("/scripts/for/?category=enquiry.account").content.decode()
    assert "您好！" not in agent.get("/scripts/for/?category=complaint").content.decode()
    for odd in ("no-such-thing", "%00", "x" * 500):
        answer = agent.get(f"/scripts/for/?category={odd}&tier={odd}&channel={odd}&step={odd}")
        assert answer.status_code in (200, 400) and "您好！" not in answer.content.decode()


def test_the_next_version_begins_with_the_one_in_force(cast, as_person) -> None:
    script = in_force(cast, "hello").script
    lead = as_person(cast.team_lead_1001)
    assert "您好！" in lead.get("/scripts/hello/edit/").content.decode()
    changed = posted(version=now(script), body_zh="您好，请问怎么称呼？")
    assert lead.post("/scripts/hello/edit/", changed).status_code == 302
    page = lead.get("/scripts/hello/").content.decode()
    assert "<del>您好！</del>" in page
    assert "<ins>您好，请问怎么称呼？</ins>" in page
    late = as_person(cast.branch_manager_1001).post("/scripts/hello/edit/", changed)
    assert late.status_code == 409
    assert ScriptVersion.objects.get(number=2).author == cast.team_lead_1001


@pytest.mark.parametrize(
    "wrong", [{"code": "new"}, {"title_zh": ""}, {"category": "x"}, {"steps-0-zh": "字" * 201}]
)
def test_what_the_form_refuses(cast, as_person, wrong: dict[str, str]) -> None:
    assert as_person(cast.team_lead_1001).post("/scripts/new/", posted(**wrong)).status_code == 422
    assert not ScriptVersion.objects.exists()


def test_list_shows_one_line_a_script(cast, as_person) -> None:
    hello = in_force(cast, "hello", category="complaint", tiers=["V5"], channels=["phone"]).script
    actions.draft_script(actor=cast.team_lead_1001, code="young", told=told(title_zh="新稿"))
    actions.change_draft(
        actor=cast.team_lead_1001, script=hello, version=now(hello), told=told(title_zh="未生效")
    )
    agent = as_person(cast.agent_1001)
    page = agent.get("/scripts/").content.decode()
    assert "开场" in page and "新稿" in page and "未生效" not in page
    kept = {
        "tier=V5": 2,
        "tier=V1": 1,
        "channel=phone": 2,
        "category=complaint": 1,
        "q=hello": 1,
        "state=draft": 1,
    }
    for query, count in kept.items():
        assert f"{count} " in agent.get(f"/scripts/?{query}").context["list"].count_text, query


def test_the_list_as_a_file_has_the_same_words(cast) -> None:
    in_force(cast, "hello", category="complaint", channels=["phone", "chat"])
    page = list_sources()["scripts"].page_for(cast.agent_1001, "sort=code")
    rows = [[column.plain(row) for column in page.columns] for row in page.walk()]
    assert [row[2:5] for row in rows] == [["投诉与建议", "全部", "电话 / 在线客服"]]


def test_a_script_thrown_away_leads_back_to_the_list(cast, as_person) -> None:
    actions.draft_script(actor=cast.team_lead_1001, code="young", told=told())
    lead = as_person(cast.team_lead_1001)
    assert lead.post("/scripts/young/drop/", {"version": "1"})["Location"] == reverse("scripts:list")
    assert lead.get("/scripts/young/").status_code == 404
    assert lead.post("/scripts/young/explode/", {"version": "1"}).status_code == 404


@pytest.mark.parametrize("count", [1, 8])
def test_pages_cost_the_same_for_many(
    cast, as_person, count: int, django_assert_max_num_queries: Any
) -> None:
    for number in range(count):
        in_force(cast, f"script-{number}", channels=["phone"], category="complaint")
    agent = as_person(cast.agent_1001)
    for path, most in {
        "/scripts/": 14,
        "/scripts/script-0/": 11,
        "/scripts/for/?category=complaint": 8,
    }.items():
        with django_assert_max_num_queries(most):
            assert agent.get(path).status_code == 200


def test_api_gives_what_is_in_force(cast, as_system) -> None:
    first, second = (in_force(cast, code, category="complaint") for code in ("a-one", "b-two"))
    actions.draft_script(actor=cast.team_lead_1001, code="c-three", told=told())
    actions.retire(actor=cast.team_lead_1001, script=second.script, version=now(second.script))
    reader = as_system("interactions:read")
    found = reader.get("/api/v1/scripts/?category=complaint").json()["results"]
    assert [row["code"] for row in found] == ["a-one"]
    assert reader.get("/api/v1/scripts/a-one/").json() == found[0] | {"number": first.number}
    assert found[0]["steps"] == [{"key": "s1", "zh": "核对姓名", "en": "Check the name", "required": True}]
    assert [reader.get(f"/api/v1/scripts/{code}/").status_code for code in ("b-two", "c-three")] == [404, 404]
    assert as_system("clients:read", name="other").get("/api/v1/scripts/").status_code == 403
