"""Campaigns by API: from a draft to the result, each request once; who approves; what is refused."""

from types import SimpleNamespace
from typing import Any

import pytest

from outreach.models import Campaign
from outreach.tasks import campaign_step
from staff.models import Unit
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
ADDRESS = "/api/v1/campaigns/"
JSON = {"content_type": "application/json"}
DRAFT = {
    "name": "Spring", "unit": "1001", "category": "enquiry", "purpose": "service", "script": "Good morning.",
    "starts_on": "2026-01-05", "ends_on": "2026-03-31", "control_share": 0, "assign": "queue",
}  # fmt: skip


def test_from_a_draft_to_the_result(
    units: dict[str, Unit], cast: SimpleNamespace, as_system: Speak, as_person: Speak, settings: Any
) -> None:
    settings.CAMPAIGN_APPROVAL_OVER = 1
    for number in range(3):
        make_client(units["1001"], f"C{number}")
    system = as_system("clients:read", "campaigns:read", "campaigns:write", "campaigns:manage")
    key = {"headers": {"Idempotency-Key": "k1"}, **JSON}
    first, again = (system.post(ADDRESS, DRAFT, **key) for _time in range(2))
    assert (first.status_code, again.json()["id"], Campaign.objects.count()) == (201, first.json()["id"], 1)
    one = f"{ADDRESS}{first.json()['id']}/"
    changed = system.patch(one, {"name": "Summer"}, headers={"If-Match": first["ETag"]}, **JSON)
    assert (changed.status_code, changed.json()["name"]) == (200, "Summer")
    stale = system.patch(one, {"name": "x"}, headers={"If-Match": first["ETag"]}, **JSON)
    assert stale.status_code == 412
    chosen = {"clients": ["C0", "C1", "C2", "C9"]}
    assert system.post(f"{one}members/", chosen, **JSON).json() == {
        "added": 3, "there": 0, "unknown": ["C9"],
    }  # fmt: skip
    assert _step(system, one, "propose") == "proposed"
    assert system.post(f"{one}approve/", {}, **JSON).status_code == 403
    assert as_person(cast.branch_manager_1001).post(f"{one}approve/", {}, **JSON).status_code == 200
    assert _step(system, one, "start") == "running"
    listed = system.get(f"{one}members/", {"page_size": 2, "place": "treated"}).json()
    assert (len(listed["results"]), listed["next"] is None) == (2, False)
    assert system.post(f"{one}members/C1/calls/", {"outcome": "interested"}, **JSON).status_code == 201
    assert [row["client"] for row in system.get(f"{one}members/?outcome=interested").json()["results"]] == [
        "C1"
    ]
    assert system.post(f"{one}end/", {}, **JSON).json()["state"] == "ended"
    assert _step(system, one, "evaluate") == "evaluated"
    told = system.get(one).json()
    assert told["funnel"] == {
        "audience": 3, "treated": 3, "contacted": 1, "reached": 1, "interested": 1, "converted": 0,
    }  # fmt: skip
    assert (told["result"][0]["treated"], told["result"][0]["difference"]) == (3, None)
    assert told["job"] == {"step": "evaluate", "state": "done", "percent": 100, "refused": ""}


def _step(system: Any, one: str, name: str) -> str:
    """The step asked for and worked off; the state afterwards."""
    asked = system.post(f"{one}{name}/", {}, **JSON)
    assert (asked.status_code, asked.json()["job"]["state"]) == (202, "waiting")
    assert system.post(f"{one}{name}/", {}, **JSON).status_code == 409
    job = Campaign.objects.get(pk=asked.json()["id"]).job
    assert job is not None
    campaign_step(job.pk)
    return str(system.get(one).json()["state"])


def test_what_cannot_be_is_refused(units: dict[str, Unit], as_system: Speak) -> None:
    system = as_system("clients:read", "campaigns:read", "campaigns:manage", at=("1001",))
    for other in (
        {"unit": "1002"}, {"unit": None}, {"category": "nothing"}, {"ends_on": "2026-01-01"},
        {"target": "inflow"}, {"name": ""}, {"line": "nothing"},
    ):  # fmt: skip
        assert system.post(ADDRESS, DRAFT | other, **JSON).status_code == 400, other
    assert not Campaign.objects.exists()
