"""Imports and files of lists for other systems: within their scopes and units, with a person's approval."""

from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, transaction
from django.test import Client as Browser

from clients import tasks
from clients.models import Client, ClientImport, ClientTag, ImportMapping, Prospect
from core.errors import Conflict
from core.exports import asking
from core.models import AuditEntry, Export, Job
from core.registry import list_sources
from core.tasks import make_export
from staff.clients import remove_api_client
from staff.models import ApiClient, Unit
from staff.roles import SCOPE_RIGHTS
from tests.cast import Speak
from tests.clients.crowds import make_crowd
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
HEAD = "客户号,姓名,手机,备注,标签,座机\n"
ROWS = "C000001,,,neu,展会,021-22223333\n,新人,13811112222,,,\nD000001,,,x,,\n"
ASKED = {"query": "kind=individual", "format": "csv", "purpose": "year end"}


@pytest.fixture
def erp(units: Units, as_system: Speak) -> Browser:
    return as_system("clients:read", "clients:write", "exports:request", at=("1001",), name="erp")


def post(caller: Browser, path: str, body: Any = None) -> Any:
    return caller.post(f"/api/v1/{path}", body or {}, content_type="application/json")


def get(caller: Browser, path: str) -> Any:
    answer = caller.get(f"/api/v1/{path}")
    assert answer.status_code == 200, answer.content
    return answer


def uploaded(caller: Browser) -> str:
    """The path of an import that a worker has read."""
    table = SimpleUploadedFile("x.csv", (HEAD + ROWS).encode())
    answer = caller.post("/api/v1/clients/imports/", {"table": table})
    assert answer.status_code == 202, answer.content
    worked(answer.json()["id"])
    return f"clients/imports/{answer.json()['id']}/"


def tried(caller: Browser) -> str:
    path = uploaded(caller)
    mapping = {"mapping": get(caller, path).json()["mapping"], "branch": "1001"}
    assert post(caller, f"{path}mapping/", mapping).status_code == 202
    worked(get(caller, path).json()["id"])
    return path


def worked(pk: int) -> None:
    tasks.import_work_job(ClientImport.objects.get(pk=pk).job_id)


def asked(caller: Browser) -> str:
    answer = post(caller, "lists/clients/exports/", ASKED)
    assert answer.status_code == 202, answer.content
    return f"exports/{answer.json()['id']}/"


def made() -> None:
    make_export(Export.objects.get().job_id)  # type: ignore[arg-type]


def lines(caller: Browser, path: str) -> list[str]:
    return b"".join(get(caller, path).streaming_content).decode("utf-8-sig").splitlines()


# ---- imports


def test_an_import_from_upload_to_undo(erp: Browser, units: Units) -> None:
    client = make_client(units["1001"], "C000001")
    out_of_reach = make_client(units["1002"], "D000001")
    path = tried(erp)
    assert get(erp, path).json()["counts"] == {"update": 1, "create": 1, "fail": 1}
    assert post(erp, f"{path}start/").status_code == 202
    worked(get(erp, path).json()["id"])
    client.refresh_from_db()
    out_of_reach.refresh_from_db()
    assert (client.remark, out_of_reach.remark) == ("neu", "")
    prospect = Prospect.objects.get()
    assert (prospect.client.name, prospect.client.branch, prospect.entered_by) == (
        "新人",
        units["1001"],
        "erp",
    )
    assert lines(erp, f"{path}failed/")[1].startswith("D000001,")
    assert post(erp, f"{path}undo/").status_code == 202
    worked(get(erp, path).json()["id"])
    client.refresh_from_db()
    assert (client.remark, Prospect.objects.count(), ClientTag.objects.count()) == ("", 0, 0)
    assert get(erp, path).json()["state"] == "undone"
    entries = AuditEntry.objects.filter(subject_type="import").values_list("actor_kind", "actor_name")
    assert set(entries) == {("api", "erp")}
    assert not ImportMapping.objects.exists()  # headings are remembered for people


def test_an_import_is_its_systems_alone(
    erp: Browser, cast: SimpleNamespace, as_system: Speak, as_person: Speak
) -> None:
    path = uploaded(erp)
    other = as_system("clients:write", at=("1001",), name="other")
    for caller in (other, as_person(cast.team_lead_1001)):
        assert caller.get(f"/api/v1/{path}").status_code == 404
        assert get(caller, "clients/imports/").json()["results"] == []
    assert len(get(erp, "clients/imports/").json()["results"]) == 1
    assert Job.objects.get().owner_id is None


def test_without_the_scope_nothing_is_imported(as_system: Speak, units: Units) -> None:
    reader = as_system("clients:read", "exports:request", at=("1001",), name="reader")
    table = SimpleUploadedFile("x.csv", (HEAD + ROWS).encode())
    assert reader.post("/api/v1/clients/imports/", {"table": table}).status_code == 403
    assert reader.get("/api/v1/clients/imports/").status_code == 403


def test_a_scope_taken_away_stops_what_was_started(erp: Browser, units: Units) -> None:
    make_client(units["1001"], "C000001")
    path = tried(erp)
    post(erp, f"{path}start/")
    ApiClient.objects.filter(name="erp").update(scopes=["clients:read"])
    worked(ClientImport.objects.get().pk)
    assert ClientImport.objects.get().counts == {"fail": 3}
    assert Client.objects.get().remark == ""


def test_a_removed_system_leaves_its_import_without_effect(
    erp: Browser, units: Units, cast: SimpleNamespace
) -> None:
    make_client(units["1001"], "C000001")
    path = tried(erp)
    post(erp, f"{path}start/")
    remove_api_client(actor=cast.administrator, client=ApiClient.objects.get(name="erp"))
    worked(ClientImport.objects.get().pk)
    left = ClientImport.objects.get()
    assert (left.state, left.counts, left.system) == ("done", {"fail": 3}, None)
    assert erp.get(f"/api/v1/{path}").status_code == 401


def test_an_import_has_one_owner(erp: Browser, cast: SimpleNamespace) -> None:
    uploaded(erp)
    with pytest.raises(IntegrityError), transaction.atomic():
        ClientImport.objects.update(owner=cast.team_lead_1001)


# ---- files


def test_a_small_file_is_made_at_once(erp: Browser, units: Units) -> None:
    make_crowd(units["1001"], 3)
    make_crowd(units["1002"], 2, prefix="D")
    path = asked(erp)
    assert get(erp, path).json() | {"id": 0} == get(erp, "exports/").json()["results"][0] | {"id": 0}
    assert (get(erp, path).json()["state"], get(erp, path).json()["counted"]) == ("making", 3)
    made()
    told = get(erp, path).json()
    assert (told["state"], told["rows"], told["job"]) == ("ready", 3, "done")
    text = lines(erp, f"{path}file/")
    assert len(text) == 4
    assert "API (erp)" in text[1]
    assert "year end" in text[1]
    deeds = AuditEntry.objects.filter(subject_type="export").order_by("pk")
    assert list(deeds.values_list("deed", "actor_kind", "actor_name")) == [
        ("export.asked", "api", "erp"), ("export.made", "system", "erp"), ("export.downloaded", "api", "erp"),
    ]  # fmt: skip


def test_more_than_1000_rows_wait_for_a_person(
    erp: Browser, units: Units, cast: SimpleNamespace, as_person: Speak
) -> None:
    make_crowd(units["1001"], 1001)
    path = asked(erp)
    assert (get(erp, path).json()["state"], Job.objects.count()) == ("asked", 0)
    assert erp.get(f"/api/v1/{path}file/").status_code == 409
    decision = {"decision": "approve", "reason": "fine"}
    assert post(erp, f"{path}decide/", decision).status_code == 403
    assert erp.get("/api/v1/exports/to-decide/").status_code == 403
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.update(state="making")
    officer = as_person(cast.compliance)
    assert [row["owner"] for row in get(officer, "exports/to-decide/").json()["results"]] == ["erp"]
    assert post(officer, f"{path}decide/", decision).status_code == 200
    made()
    assert len(lines(erp, f"{path}file/")) == 1002


def test_a_person_with_the_systems_number_may_decide_and_not_fetch(
    erp: Browser, units: Units, cast: SimpleNamespace, as_person: Speak
) -> None:
    make_crowd(units["1001"], 1001)
    path = asked(erp)
    Export.objects.update(owner_id=cast.compliance.pk)  # a system with the same number
    assert as_person(cast.compliance).get(f"/api/v1/{path}").status_code == 404
    export = asking.to_decide().get()
    assert asking.own(cast.compliance).count() == 0
    with pytest.raises(Conflict):  # no such system here
        asking.approve(actor=cast.compliance, export=export, reason="fine")
    Export.objects.update(decided_by_id=cast.compliance.pk, state="making")  # the database lets it pass


def test_a_removed_or_narrowed_system_gets_no_file(erp: Browser, units: Units) -> None:
    make_crowd(units["1001"], 3)
    asked(erp)
    ApiClient.objects.filter(name="erp").update(scopes=["exports:request"])
    made()
    assert Export.objects.get().state == "refused"


def test_a_file_needs_the_scope_of_its_list_too(as_system: Speak, units: Units) -> None:
    make_crowd(units["1001"], 3)
    bare = as_system("exports:request", at=("1001",), name="bare")
    assert post(bare, "lists/clients/exports/", ASKED).status_code == 403
    reader = as_system("clients:read", at=("1001",), name="reader")
    assert post(reader, "lists/clients/exports/", ASKED).status_code == 403


def test_lists_name_no_deeds_to_systems(erp: Browser) -> None:
    found = get(erp, "lists/").json()
    assert {one["name"]: one["deeds"] for one in found} == {"clients": [], "prospects": []}


@pytest.mark.parametrize("name", list_sources())
def test_every_list_that_a_scope_opens_can_be_made_for_a_system(
    name: str, units: Units, as_system: Speak
) -> None:
    make_client(units["1001"], "C000001")
    as_system(*SCOPE_RIGHTS, at=("1001",), name="all")
    system = ApiClient.objects.get(name="all").principal(frozenset(SCOPE_RIGHTS))
    source = list_sources()[name]
    if not system.may(source.right):
        assert not any(source.right in rights for rights in SCOPE_RIGHTS.values())
        return
    page = source.page_for(system, right=asking.ASK)
    page.chosen_columns = [column.key for column in page.columns]
    for row in page.walk():
        assert all(column.plain(row) is not None for column in page.columns)
