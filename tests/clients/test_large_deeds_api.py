"""Imports, deeds over many clients and files of lists over REST: the same deeds as on the pages."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client as Browser
from django.utils import timezone

from clients import tasks
from clients.models import Client, ClientImport, ClientTag, Handover
from core.models import BulkRun, Export
from core.tasks import bulk_work, make_export
from staff.models import Unit
from tests.clients.crowds import make_crowd
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
HEAD = "客户号,姓名,手机,备注\n"
ROWS = "C000001,,,neu\n,新人,13811112222,\nC999999,,,x\n"


@pytest.fixture
def lead(cast: Any, as_person: Callable[..., Browser]) -> Browser:
    return as_person(cast.team_lead_1001)


def post(caller: Browser, path: str, body: Any = None, **more: Any) -> Any:
    return caller.post(f"/api/v1/{path}", body or {}, content_type="application/json", **more)


def get(caller: Browser, path: str) -> Any:
    answer = caller.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer


def imported(pk: int) -> None:
    tasks.import_work_job(ClientImport.objects.get(pk=pk).job_id)


def bulk(pk: int) -> None:
    bulk_work(BulkRun.objects.get(pk=pk).job_id)


def test_an_import_from_upload_to_undo(lead: Browser, units: Units) -> None:
    client = make_client(units["1001"], "C000001")
    table = SimpleUploadedFile("x.csv", (HEAD + ROWS).encode())
    answer = lead.post("/api/v1/clients/imports/", {"table": table}, headers={"Idempotency-Key": "one"})
    assert answer.status_code == 202
    table.seek(0)
    again = lead.post("/api/v1/clients/imports/", {"table": table}, headers={"Idempotency-Key": "one"})
    assert again.json()["id"] == answer.json()["id"]
    path = f"clients/imports/{answer.json()['id']}/"
    imported(answer.json()["id"])
    told = get(lead, path).json()
    assert (told["state"], told["mapping"]) == ("mapping", ["client_no", "name", "mobile", "remark"])
    assert post(lead, f"{path}start/").status_code == 409
    assert post(lead, f"{path}mapping/", {"mapping": ["nothing"] * 4}).status_code == 400
    assert post(lead, f"{path}mapping/", {"mapping": told["mapping"], "branch": "1005"}).status_code == 400
    assert post(lead, f"{path}mapping/", {"mapping": told["mapping"], "branch": "1001"}).status_code == 202
    imported(told["id"])
    assert get(lead, path).json()["counts"] == {"update": 1, "create": 1, "fail": 1}
    assert [row["number"] for row in get(lead, f"{path}rows/").json()] == [4]
    assert lead.get(f"/api/v1/{path}rows/?does=anything").status_code == 400
    assert post(lead, f"{path}start/").status_code == 202
    imported(told["id"])
    client.refresh_from_db()
    assert (client.remark, get(lead, path).json()["may_undo"]) == ("neu", True)
    failed = b"".join(get(lead, f"{path}failed/").streaming_content).decode("utf-8-sig")
    assert failed.splitlines()[1].startswith("C999999,")
    assert post(lead, f"{path}undo/").status_code == 202
    imported(told["id"])
    assert get(lead, path).json()["state"] == "undone"
    client.refresh_from_db()
    assert (client.remark, Client.objects.filter(status="prospect").count()) == ("", 0)
    assert [row["id"] for row in get(lead, "clients/imports/").json()["results"]] == [told["id"]]


def test_a_tag_for_all_that_match_and_back(lead: Browser, units: Units) -> None:
    make_crowd(units["1001"], 5)
    make_crowd(units["1002"], 2, prefix="D")
    answer = post(lead, "lists/clients/bulk/tag/", {"query": "kind=individual"})
    assert (answer.status_code, answer.json()["total"], answer.json()["phase"]) == (201, 5, "draft")
    path = f"bulk-runs/{answer.json()['id']}/"
    assert post(lead, f"{path}start/", {"answers": {"way": "give"}}).status_code == 400
    answers = {"answers": {"way": "give", "tag": "展会"}}
    preview = post(lead, f"{path}preview/", answers).json()
    assert preview["total"] == 5
    assert not ClientTag.objects.exists()
    assert post(lead, f"{path}start/", answers).status_code == 202
    assert post(lead, f"{path}start/", answers).status_code == 409
    bulk(answer.json()["id"])
    told = get(lead, path).json()
    assert (told["done"], told["waiting"], told["percent"], told["may_undo"]) == (5, 0, 100, True)
    assert post(lead, f"{path}undo/").status_code == 202
    bulk(answer.json()["id"])
    told = get(lead, path).json()
    assert (told["undone"], told["phase"], ClientTag.objects.count()) == (5, "undoing", 0)
    assert post(lead, f"{path}go-on/").status_code == 409
    assert [run["id"] for run in get(lead, "bulk-runs/").json()["results"]] == [told["id"]]


def test_clients_by_number_are_handed_over(lead: Browser, units: Units) -> None:
    make_crowd(units["1001"], 3, manager_no="M1001X")
    make_crowd(units["1002"], 1, prefix="D")
    keys = ["C000001", "C000002", "D000001"]
    run = post(lead, "lists/clients/bulk/hand_over/", {"keys": keys}).json()
    assert run["total"] == 2  # the third is out of reach
    from_date = str(timezone.localdate(Client.objects.get(client_no="C000001").created_at))
    answers = {"branch": "1001", "managers": "M1001A", "from_date": from_date, "reason": "asked"}
    path = f"bulk-runs/{run['id']}/"
    assert post(lead, f"{path}start/", {"answers": {**answers, "branch": "1002"}}).status_code == 400
    assert post(lead, f"{path}start/", {"answers": answers}).status_code == 202
    bulk(run["id"])
    assert Handover.objects.filter(batch=run["id"]).count() == 2
    report = b"".join(get(lead, f"{path}report/").streaming_content).decode("utf-8-sig")
    assert report.splitlines() == ["row,reason"]


@pytest.mark.parametrize(
    "body", [{}, {"keys": []}, {"keys": ["C000001"], "query": ""}, {"keys": ["C000001"] * 10_001}]
)
def test_choices_that_cannot_be(lead: Browser, units: Units, body: dict[str, Any]) -> None:
    assert post(lead, "lists/clients/bulk/tag/", body).status_code == 400


def test_lists_say_what_may_be_done_to_their_rows(cast: Any, as_person: Any, units: Units) -> None:
    def deeds(person: Any) -> dict[str, list[str]]:
        found = get(as_person(person), "lists/").json()
        return {one["name"]: [deed["key"] for deed in one["deeds"]] for one in found}

    everything = ["tag", "hand_over", "give_task", "start_plan", "campaign", "exclude"]
    assert deeds(cast.team_lead_1001)["clients"] == everything
    assert deeds(cast.agent_1001)["clients"] == []
    assert "clients" not in deeds(cast.operator)


def test_a_file_is_asked_for_decided_on_and_fetched(cast: Any, as_person: Any, units: Units) -> None:
    make_crowd(units["1001"], 1001)
    agent, officer = as_person(cast.agent_1001), as_person(cast.compliance)
    asked = {"query": "kind=individual", "format": "csv", "purpose": "year end"}
    assert post(agent, "lists/clients/exports/", {**asked, "purpose": "x"}).status_code == 400
    answer = post(agent, "lists/clients/exports/", asked)
    assert (answer.status_code, answer.json()["state"], answer.json()["counted"]) == (202, "asked", 1001)
    path = f"exports/{answer.json()['id']}/"
    assert agent.get(f"/api/v1/{path}file/").status_code == 409
    assert [row["id"] for row in get(officer, "exports/to-decide/").json()["results"]] == [
        answer.json()["id"]
    ]
    decision = {"decision": "approve", "reason": "fine"}
    assert post(officer, f"{path}decide/", decision).status_code == 200
    assert post(officer, f"{path}decide/", decision).status_code == 404  # decided
    make_export(Export.objects.get().job_id)  # type: ignore[arg-type]
    assert get(agent, path).json()["state"] == "ready"
    text = b"".join(get(agent, f"{path}file/").streaming_content).decode("utf-8-sig")
    assert len(text.splitlines()) == 1002
    assert "year end" in text.splitlines()[1]
