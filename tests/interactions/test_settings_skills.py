"""Skills: the firm's list, and levels of the people in reach."""

from typing import Any

import pytest
from django.core.exceptions import ValidationError

from core.models import AuditEntry
from interactions.actions.skills import add_skill, rename_skill, set_levels
from interactions.models import Skill, SkillOfPerson

pytestmark = pytest.mark.django_db


def held(person: Any) -> dict[str, int]:
    return dict(SkillOfPerson.objects.filter(person=person).values_list("skill__code", "level"))


@pytest.fixture
def skills(cast: Any) -> list[Skill]:
    told = (("english", "英语", "English"), ("margin", "两融", "Margin trading"))
    return [add_skill(actor=cast.team_lead_1001, code=code, name_zh=zh, name_en=en) for code, zh, en in told]


def test_skills_are_named_once_and_renamed(cast, skills) -> None:
    lead = cast.team_lead_1001
    with pytest.raises(ValidationError):
        add_skill(actor=lead, code="Margin", name_zh="x", name_en="x")
    for wrong in ({"code": "a b"}, {"name_zh": " "}, {"name_en": "x" * 61}):
        with pytest.raises(ValidationError) as refused:
            add_skill(actor=lead, **{"code": "x", "name_zh": "x", "name_en": "x", **wrong})
        assert list(refused.value.message_dict) == list(wrong)
    rename_skill(actor=lead, skill=skills[1], name_zh="融资融券", name_en="Margin")
    skills[1].refresh_from_db()
    assert (skills[1].code, skills[1].name_zh) == ("margin", "融资融券")
    assert AuditEntry.objects.filter(subject_type="skill").count() == 3


def test_levels_are_set_and_what_is_not_named_stays(cast, skills) -> None:
    agent, lead = cast.agent_1001, cast.team_lead_1001
    set_levels(actor=lead, person=agent, levels={"english": 5, "margin": 1})
    set_levels(actor=lead, person=agent, levels={"margin": 3})
    assert held(agent) == {"english": 5, "margin": 3}
    set_levels(actor=lead, person=agent, levels={"english": 0})
    assert held(agent) == {"margin": 3}
    for wrong in ({"margin": 6}, {"margin": -1}, {"juggling": 1}):
        with pytest.raises(ValidationError):
            set_levels(actor=lead, person=agent, levels=wrong)


def test_the_page_lists_people_of_ones_units(
    client, cast, skills, django_assert_max_num_queries: Any
) -> None:
    set_levels(actor=cast.team_lead_1001, person=cast.agent_1001, levels={"margin": 4})
    client.force_login(cast.team_lead_1001)
    with django_assert_max_num_queries(15):
        page = client.get("/desk/settings/skills/").content.decode()
    assert cast.agent_1001.name in page and cast.agent_1002.name not in page
    assert cast.administrator.name not in page and "两融" in page
    found = client.get("/desk/settings/skills/?skill=margin").content.decode()
    assert cast.agent_1001.name in found and cast.branch_manager_1001.name not in found
    client.force_login(cast.team_lead_hq)
    assert cast.agent_1002.name in client.get("/desk/settings/skills/").content.decode()


def test_levels_are_given_on_the_page_to_people_in_reach(client, cast, skills) -> None:
    client.force_login(cast.branch_manager_1001)
    address = f"/desk/settings/skills/people/{cast.agent_1001.pk}/"
    assert client.get(address).status_code == 200
    assert client.post(address, {"skill-english": "2", "skill-margin": ""}).status_code == 302
    assert held(cast.agent_1001) == {"english": 2}
    assert client.post(address, {"skill-english": "9"}).status_code == 422
    for person in (cast.agent_1002, cast.administrator):
        assert client.get(f"/desk/settings/skills/people/{person.pk}/").status_code == 404


def test_a_skill_is_added_and_renamed_on_the_page(client, cast, skills) -> None:
    client.force_login(cast.team_lead_1001)
    told = {"code": "fraud", "name_zh": "反诈", "name_en": "Fraud"}
    assert client.post("/desk/settings/skills/new/", told).status_code == 302
    assert client.post("/desk/settings/skills/new/", told).status_code == 422
    made = Skill.objects.get(code="fraud")
    names = {"name_zh": "反欺诈", "name_en": "Fraud"}
    assert client.post(f"/desk/settings/skills/{made.pk}/", names).status_code == 302
    made.refresh_from_db()
    assert made.name_zh == "反欺诈"
