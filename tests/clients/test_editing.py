"""Editing in place: versions, conflicts shown side by side, what is the feeds' own, prospects, REST."""

from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.urls import reverse

from clients import identifiers
from clients.models import FIRST_DAY, Client, Reading
from core.models import AuditEntry
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
API = "/api/v1/clients/C000001/"


@pytest.fixture
def wang(units: dict[str, Unit]) -> Client:
    return make_client(units["1001"], "C000001", remark="likes tea")


@pytest.fixture
def agent(cast: SimpleNamespace, as_person: Speak) -> Any:
    return as_person(cast.agent_1001)


def _url(field: str, client_no: str = "C000001") -> str:
    return reverse("clients:edit", args=[client_no, field])


def _opened(browser: Any, field: str, client_no: str = "C000001") -> dict[str, Any]:
    """The hidden fields of the form as it stands now."""
    form = browser.get(_url(field, client_no)).context["edit"].form
    return {"version": form.initial["version"], "seen": form.initial["seen"]}


def test_a_field_is_saved_in_its_place(wang: Client, agent: Any) -> None:
    answer = agent.post(_url("remark"), {**_opened(agent, "remark"), "value": "likes coffee"})
    assert answer.status_code == 200
    assert "likes coffee" in answer.content.decode()
    wang.refresh_from_db()
    assert (wang.remark, wang.version) == ("likes coffee", 2)
    assert AuditEntry.objects.get(deed="client.edited").detail["fields"] == ["remark"]


def test_both_values_are_shown_and_nothing_typed_is_lost(
    wang: Client, agent: Any, cast: SimpleNamespace, as_person: Speak
) -> None:
    mine = _opened(agent, "remark")
    leader = as_person(cast.team_lead_1001)
    leader.post(_url("remark"), {**_opened(leader, "remark"), "value": "likes water"})
    answer = agent.post(_url("remark"), {**mine, "value": "likes coffee"})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "likes coffee" in page
    assert "likes water" in page
    assert cast.team_lead_1001.username in page
    wang.refresh_from_db()
    assert wang.remark == "likes water"
    edit = answer.context["edit"]
    kept = agent.post(_url("remark"), {"version": edit.version, "seen": edit.seen, "value": edit.typed})
    assert kept.status_code == 200
    wang.refresh_from_db()
    assert wang.remark == "likes coffee"


def test_a_change_elsewhere_in_the_record_is_no_conflict(wang: Client, agent: Any) -> None:
    """A feed row raises the version; what is being edited stands as it was seen."""
    mine = _opened(agent, "remark")
    Client.objects.update(version=9, manager_no="M1001B", occupation="teacher")
    assert agent.post(_url("remark"), {**mine, "value": "likes coffee"}).status_code == 200
    wang.refresh_from_db()
    assert (wang.remark, wang.occupation, wang.version) == ("likes coffee", "teacher", 10)


def test_what_the_feeds_keep_is_not_edited(wang: Client, agent: Any) -> None:
    for field in ("name", "mobile", "branch", "status", "no_such"):
        assert agent.get(_url(field)).status_code == 404
        assert agent.post(_url(field), {"value": "x", "version": 1, "seen": ""}).status_code == 404
    page = agent.get(reverse("clients:detail", args=["C000001"])).content.decode()
    assert _url("remark") in page
    assert _url("name") not in page


def test_faulty_values_are_said(wang: Client, agent: Any) -> None:
    for value in ("-1", "much", "1e30"):
        told = {**_opened(agent, "declared_outside_assets"), "value": value}
        assert agent.post(_url("declared_outside_assets"), told).status_code == 422
    told = {**_opened(agent, "declared_outside_assets"), "value": "250000.5"}
    assert agent.post(_url("declared_outside_assets"), told).status_code == 200
    wang.refresh_from_db()
    assert wang.declared_outside_assets == Decimal("250000.5000")


def test_a_short_name_is_found_by_its_letters(wang: Client, agent: Any) -> None:
    agent.post(_url("short_name"), {**_opened(agent, "short_name"), "value": "华夏"})
    assert Reading.objects.filter(client=wang, of="short", pinyin="huaxia", initials="hx").exists()


@pytest.fixture
def prospect(units: dict[str, Unit]) -> Client:
    made = make_client(units["1001"], "P00000001")
    Client.objects.filter(pk=made.pk).update(status="prospect", opened_on=None, told_on=FIRST_DAY)
    return Client.objects.get(pk=made.pk)


def test_everything_of_a_prospect_is_edited(prospect: Client, agent: Any) -> None:
    told = {"name": "李小明", "mobile": "13900005678", "email": "li@example.com", "address": "北京市"}
    for field, value in told.items():
        answer = agent.post(_url(field, "P00000001"), {**_opened(agent, field, "P00000001"), "value": value})
        assert answer.status_code == 200, field
    prospect.refresh_from_db()
    assert (prospect.name, prospect.pinyin, prospect.initials) == ("李小明", "lixiaoming", "lxm")
    assert identifiers.unseal("P00000001", "mobile", prospect.mobile) == "13900005678"
    assert bytes(prospect.mobile_index or b"") == identifiers.mobile_blind_index("13900005678")
    assert bytes(prospect.mobile_tail_index or b"") == identifiers.tail_blind_index("5678")
    page = agent.get(_url("mobile", "P00000001")).content.decode()
    assert "13900005678" not in page


def test_a_broken_id_is_refused(prospect: Client, agent: Any) -> None:
    told = {**_opened(agent, "id_number", "P00000001"), "value": "110105194912310020"}
    assert agent.post(_url("id_number", "P00000001"), told).status_code == 422


def test_rest_needs_the_state_that_was_read(wang: Client, as_system: Speak) -> None:
    caller = as_system("clients:read", "clients:write")
    read = caller.get(API)
    assert caller.patch(API, {"remark": "x"}, content_type="application/json").status_code == 428
    first = caller.patch(
        API, {"remark": "x"}, content_type="application/json", headers={"If-Match": read["ETag"]}
    )
    assert first.status_code == 200
    assert first["ETag"] != read["ETag"]
    again = caller.patch(
        API, {"remark": "y"}, content_type="application/json", headers={"If-Match": read["ETag"]}
    )
    assert again.status_code == 412
    foreign = caller.patch(
        API, {"mobile": "13900005678"}, content_type="application/json", headers={"If-Match": first["ETag"]}
    )
    assert foreign.status_code == 400
    wang.refresh_from_db()
    assert wang.remark == "x"
