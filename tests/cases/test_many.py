"""Many cases at once: given, moved, put under an incident; and cards moved on the board."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client as Browser

from cases.actions.incidents import open_incident
from cases.models import Case, CaseEvent
from core.models import BulkRun
from core.tasks import bulk_work
from staff.models import Unit
from tests.cases.world import make_case
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(cast: SimpleNamespace, units: dict[str, Unit]) -> list[Case]:
    """Three requests and a complaint of branch 1001, and a request of 1002."""
    own, next_door = make_client(units["1001"], "C000001"), make_client(units["1002"], "C000003")
    made = [make_case(cast.agent_1001, own, subject=f"{number}") for number in range(3)]
    return [*made, make_case(cast.agent_1001, own, "complaint"), make_case(cast.agent_1002, next_door)]


@pytest.fixture
def lead(cast: SimpleNamespace, as_person: Speak) -> Browser:
    return as_person(cast.team_lead_1001)


def done(caller: Browser, deed: str, cases: list[Case], **answers: Any) -> tuple[int, dict[int, str]]:
    """How many were chosen, and why some were left out."""
    run = post(caller, f"/api/v1/lists/cases/bulk/{deed}/", {"keys": [str(case.pk) for case in cases]})
    assert run.status_code == 201, run.content
    address = f"/api/v1/bulk-runs/{run.json()['id']}/"
    assert post(caller, f"{address}start/", {"answers": answers}).status_code == 202
    bulk_work(BulkRun.objects.get(pk=run.json()["id"]).job_id)
    report = b"".join(caller.get(f"{address}report/").streaming_content).decode("utf-8-sig")
    return run.json()["total"], dict(line.split(",", 1) for line in report.splitlines()[1:])


def post(caller: Browser, address: str, body: Any) -> Any:
    return caller.post(address, body, content_type="application/json")


def test_given_to_somebody(cast: SimpleNamespace, lead: Browser, cases: list[Case]) -> None:
    total, left_out = done(lead, "give", cases, owner=cast.manager_1001a.username, why="")
    assert (total, set(left_out)) == (4, {cases[3].number})  # the complaint's first receiver keeps it
    owners = [case.owner for case in Case.objects.order_by("pk")]
    assert owners == [cast.manager_1001a] * 3 + [cast.agent_1001, None]
    assert set(Case.objects.filter(owner=cast.manager_1001a).values_list("state", flat=True)) == {"open"}


def test_moved_where_each_may_go(cast: SimpleNamespace, lead: Browser, cases: list[Case]) -> None:
    assert done(lead, "state", cases, state="waiting_client", result="") == (4, {})
    total, left_out = done(lead, "state", cases, state="resolved", result="已办理")
    assert total == len(left_out) == 4  # steps that must not be missed are open
    assert set(Case.objects.values_list("state", flat=True)) == {"waiting_client", "new"}
    assert CaseEvent.objects.filter(kind="state_changed").count() == 4


def test_put_under_an_incident(cast: SimpleNamespace, lead: Browser, cases: list[Case]) -> None:
    incident = open_incident(actor=cast.team_lead_1001, title="行情中断")
    total, left_out = done(lead, "incident", cases, incident=incident.pk)
    assert (total, set(left_out)) == (4, {cases[3].number})
    assert list(incident.cases.order_by("pk")) == cases[:3]


def test_agents_do_no_deeds_on_many(cast: SimpleNamespace, cases: list[Case], as_person: Speak) -> None:
    agent = as_person(cast.agent_1001)
    answer = post(agent, "/api/v1/lists/cases/bulk/give/", {"keys": [str(cases[0].pk)]})
    assert answer.status_code == 403


def test_the_board_shows_columns_and_moves_cards(
    cast: SimpleNamespace, cases: list[Case], as_person: Speak
) -> None:
    agent = as_person(cast.agent_1001)
    columns = {one.state: one for one in agent.get("/cases/board/").context["columns"]}
    assert (columns["new"].count, set(columns["new"].cases)) == (4, set(cases[:4]))
    mine = {one.state: one.count for one in agent.get("/cases/board/?whose=mine").context["columns"]}
    assert mine == dict.fromkeys(columns, 0) | {"new": 1}
    card, headers = cases[0], {"X-Board": "1"}
    address = f"/cases/{card.pk}/state/"
    moved = agent.post(address, {"state": "open", "version": card.version}, headers=headers)
    assert (moved.status_code, moved.content) == (204, b"")
    late = agent.post(address, {"state": "waiting_third", "version": card.version}, headers=headers)
    assert (late.status_code, late.content.decode()) == (409, "期间有人修改了该工单，请重新查看。")
    no_way = agent.post(address, {"state": "closed", "version": card.version + 1}, headers=headers)
    assert no_way.status_code == 409
    card.refresh_from_db()
    assert card.state == "open"
    assert agent.post(f"/cases/{cases[4].pk}/state/", {"state": "open"}, headers=headers).status_code == 404
