"""The feed pages and the API: what operators see and do, how many queries it costs, who may."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from core.errors import Conflict
from core.models import Job
from trading import actions, tasks
from trading.models import FeedPackage, Income, QuarantinedRow, Trade

from .conftest import Load
from .packages import DAY, NEXT, Writer, client, income, masters, text_of, trade, zipped

pytestmark = pytest.mark.django_db
Speak = Callable[..., Client]


@pytest.fixture
def operator(cast: SimpleNamespace, as_person: Speak) -> Client:
    return as_person(cast.operator)


@pytest.fixture
def system(cast: SimpleNamespace, as_system: Speak) -> Client:
    return as_system("feeds:read", "feeds:write", at=("HQ",))


@pytest.fixture
def files_root(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


@pytest.fixture
def held(load: Load) -> QuarantinedRow:
    """A trade without a side, in a package that is loaded."""
    load(files={"clients.csv": [client("C1")], "accounts.csv": masters()["accounts.csv"],
                "trades.csv": [trade("T1", side="")]})  # fmt: skip
    return QuarantinedRow.objects.get()


def test_the_list_tells_states_rows_and_refusals(operator: Client, load: Load) -> None:
    load(files={"incomes.csv": [income("I1", "nobody")]})
    load(NEXT, {}, counts={}, texts={"trades.csv": "x\n"}, state=FeedPackage.State.REFUSED)
    with translation.override("zh-hans"):
        page = operator.get("/feeds/").content.decode()
    assert "已载入" in page and "已拒绝" in page
    assert "trades.csv 缺少列" in page


def test_the_package_tells_its_files(operator: Client, held: QuarantinedRow) -> None:
    page = operator.get(f"/feeds/{held.package_id}/").content.decode()
    assert "trades.csv" in page
    assert f"/feeds/quarantine/?package={held.package_id}" in page
    assert operator.get("/feeds/999999/").status_code == 404


def test_an_upload_is_seen_waiting_then_loaded(operator: Client, writer: Writer, files_root: Path) -> None:
    path = zipped(writer.write(DAY, {"incomes.csv": [income("I1", "nobody")]}))
    upload = SimpleUploadedFile(path.name, path.read_bytes(), content_type="application/zip")
    answer = operator.post("/feeds/", {"package": upload})
    package = FeedPackage.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/feeds/{package.pk}/")
    assert 'hx-trigger="every 1s"' in operator.get(f"/feeds/{package.pk}/").content.decode()
    tasks.load_upload(Job.objects.get().pk)
    part = operator.get(f"/feeds/{package.pk}/", headers={"HX-Target": "package-state"}).content.decode()
    assert "hx-trigger" not in part and "<html" not in part and "incomes.csv" in part


def test_an_upload_needs_a_file_of_allowed_size(operator: Client, files_root: Path, settings: Any) -> None:
    assert operator.post("/feeds/", {}).status_code == 200
    settings.FEED_UPLOAD_MAX_BYTES = 2
    operator.post("/feeds/", {"package": SimpleUploadedFile("x.zip", b"abc")})
    assert not FeedPackage.objects.exists()


def test_a_row_is_corrected_on_its_page(
    cast: SimpleNamespace, operator: Client, held: QuarantinedRow
) -> None:
    address = f"/feeds/quarantine/{held.pk}/"
    page = operator.get(address).content.decode()
    assert 'name="column_side"' in page
    values = {f"column_{name}": text for name, text in trade("T1", side="", amount="x").items()}
    refused = operator.post(address, values)
    assert refused.status_code == 422 and not Trade.objects.exists()
    fixed = operator.post(address, {**values, "column_side": "buy", "column_amount": "5"})
    assert fixed.status_code == 302
    assert Trade.objects.get().amount == 5
    settled = operator.get(address).content.decode()
    assert "column_side" not in settled and cast.operator.username in settled
    assert operator.post(address, values).status_code == 200  # nothing left to correct
    assert Trade.objects.count() == 1


def test_a_correction_that_does_not_fit_the_row_is_told(operator: Client, load: Load) -> None:
    load(files=masters(), texts={"incomes.csv": "income_no,client_no,kind,amount\nI1,C1\n"})
    row = QuarantinedRow.objects.get()
    answer = operator.post(f"/feeds/quarantine/{row.pk}/", {"column_income_no": "I1"})
    assert answer.status_code == 422
    words = {"column_income_no": "I1", "column_client_no": "C1", "column_kind": "other", "column_amount": "1"}
    assert operator.post(f"/feeds/quarantine/{row.pk}/", words).status_code == 302
    assert Income.objects.count() == 1


def test_a_row_settled_meanwhile_is_told(
    operator: Client, held: QuarantinedRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    def settled(**_row: Any) -> None:
        raise Conflict("settled meanwhile")

    monkeypatch.setattr(actions, "correct_row", settled)
    answer = operator.post(f"/feeds/quarantine/{held.pk}/", {"column_side": "buy"})
    assert answer.status_code == 422 and "settled meanwhile" in answer.content.decode()


def test_personal_columns_are_not_shown_and_stay_when_left_empty(operator: Client, load: Load) -> None:
    files = masters()
    files["clients.csv"] = [client("C1", sex="?", mobile="13812345678", id_number="E7654321")]
    load(files=files)
    row = QuarantinedRow.objects.get(file="clients.csv")
    page = operator.get(f"/feeds/quarantine/{row.pk}/").content.decode()
    assert "13812345678" not in page and "E7654321" not in page and "138****5678" in page
    form = {f"column_{name}": text for name, text in client("C1", sex="F").items()}
    answer = operator.post(
        f"/feeds/quarantine/{row.pk}/", {**form, "column_id_number": "", "column_mobile": ""}
    )
    assert answer.status_code == 302
    from clients import identifiers
    from clients.models import Client as Record

    assert identifiers.unseal("C1", "mobile", Record.objects.get().mobile) == "13812345678"


def test_a_row_is_released_on_its_page(operator: Client, load: Load) -> None:
    files = masters()
    files["clients.csv"] = [client("C1", id_type="uscc", id_number="wrong"), client("C2", sex="?")]
    load(files=files)
    first, second = QuarantinedRow.objects.filter(file="clients.csv").order_by("line")
    for row in (first, second):
        assert operator.post(f"/feeds/quarantine/{row.pk}/release/").status_code == 302
    states = dict(QuarantinedRow.objects.filter(file="clients.csv").values_list("line", "state"))
    assert states == {2: "released", 3: "held"}


def test_the_quarantine_is_filtered_and_downloaded(operator: Client, load: Load) -> None:
    files = masters()
    files["clients.csv"].append(client("C2", sex="?", mobile="13812345678", name="=1+1"))
    load(files={**files, "incomes.csv": [income("I1", amount="x")]})
    page = operator.get("/feeds/quarantine/?file=incomes.csv").content.decode()
    assert ">I1<" in page and ">C2<" not in page  # whole cells: a token may hold any two signs
    assert ">C2<" in operator.get("/feeds/quarantine/?file=clients.csv").content.decode()
    answer = operator.get("/feeds/quarantine/download/?file=clients.csv")
    lines = list(csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))
    assert [(line["file"], line["line"], line["key"]) for line in lines] == [("clients.csv", "3", "C2")]
    assert "13812345678" not in lines[0]["raw"] and "138****5678" in lines[0]["raw"]
    broken = operator.get("/feeds/quarantine/download/?trade_date=never")
    assert len(b"".join(broken.streaming_content).splitlines()) == 1


def test_no_cell_of_the_download_is_a_formula(operator: Client, load: Load) -> None:
    load(files=masters(), texts={"incomes.csv": "income_no,client_no,kind,amount\n=cmd,C1,other,x\n"})
    answer = operator.get("/feeds/quarantine/download/")
    (line,) = csv.DictReader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig")))
    assert line["key"] == "'=cmd" and line["raw"].startswith("'=")


def test_who_may_only_look(cast: SimpleNamespace, as_person: Speak, held: QuarantinedRow) -> None:
    compliance = as_person(cast.compliance)
    page = compliance.get(f"/feeds/quarantine/{held.pk}/").content.decode()
    assert 'name="column_side"' not in page
    assert compliance.post(f"/feeds/quarantine/{held.pk}/", {}).status_code == 403
    assert compliance.post(f"/feeds/quarantine/{held.pk}/release/").status_code == 403
    assert 'type="file"' not in compliance.get("/feeds/").content.decode()


@pytest.mark.parametrize("address", ["/feeds/", "/feeds/quarantine/"])
def test_query_counts_do_not_grow_with_the_rows(
    operator: Client, load: Load, django_assert_max_num_queries: Any, address: str
) -> None:
    from django.db import connection

    counts = []
    for day, number in ((DAY, 5), (NEXT, 60)):
        rows = [income(f"{day}{key}", "nobody") for key in range(number)]
        load(day, {"incomes.csv": rows})
        for _again in range(number // 5):
            load(day, {"incomes.csv": rows[1:]}, state=FeedPackage.State.REFUSED)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            assert operator.get(f"{address}?size=200").status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1] <= 15


# ---- API


def test_a_package_is_sent_as_body_or_as_form(system: Client, writer: Writer, files_root: Path) -> None:
    path = zipped(writer.write(DAY, {"incomes.csv": [income("I1", "nobody")]}))
    body = system.post("/api/v1/feed-packages/", data=path.read_bytes(), content_type="application/zip")
    assert body.status_code == 202
    told = body.json()
    assert (told["state"], told["trade_date"], told["version"], told["files"]) == ("waiting", None, None, {})
    tasks.load_upload(Job.objects.get().pk)
    found = system.get(f"/api/v1/feed-packages/{told['id']}/").json()
    assert (found["state"], found["trade_date"], found["version"], found["quarantined"]) == (
        "loaded",
        "2026-06-01",
        1,
        1,
    )
    assert found["files"]["incomes.csv"] == {"rows": 1, "loaded": 0, "quarantined": 1, "dropped": 0}
    form = system.post("/api/v1/feed-packages/", {"file": SimpleUploadedFile(path.name, path.read_bytes())})
    assert form.status_code == 202
    tasks.load_upload(Job.objects.latest("id").pk)
    assert system.get(f"/api/v1/feed-packages/{form.json()['id']}/").json()["state"] == "already_loaded"
    listed = system.get("/api/v1/feed-packages/?ordering=id").json()["results"]
    assert [package["id"] for package in listed] == [told["id"], form.json()["id"]]


def test_a_package_without_a_file_is_a_problem(system: Client) -> None:
    answer = system.post("/api/v1/feed-packages/", {"other": "1"})
    assert (answer.status_code, answer["Content-Type"]) == (400, "application/problem+json")
    assert answer.json()["errors"][0]["field"] == "file"


def test_the_same_key_sends_a_package_once(system: Client, writer: Writer, files_root: Path) -> None:
    path = zipped(writer.write(DAY, {}))
    answers = [
        system.post(
            "/api/v1/feed-packages/", {"file": SimpleUploadedFile(path.name, path.read_bytes())},
            headers={"Idempotency-Key": "one"},
        )
        for _again in range(2)
    ]  # fmt: skip
    assert answers[0].json() == answers[1].json()
    assert FeedPackage.objects.count() == 1


def test_quarantined_rows_by_api(system: Client, held: QuarantinedRow) -> None:
    rows = system.get(f"/api/v1/feed-packages/{held.package_id}/quarantine/").json()["results"]
    told = next(row for row in rows if row["file"] == "trades.csv")
    assert {name: told[name] for name in ("line", "key", "column", "state")} == {
        "line": 2, "key": "T1", "column": "side", "state": "held",
    }  # fmt: skip
    assert told["raw"]["trade_no"] == "T1" and told["reason"]
    assert system.get("/api/v1/feed-packages/99999/quarantine/").status_code == 404


def test_rows_are_settled_by_api(system: Client, held: QuarantinedRow) -> None:
    address = f"/api/v1/quarantined-rows/{held.pk}"
    refused = system.post(f"{address}/release/")
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:problem:row-still-held")
    wrong = system.post(f"{address}/correct/", {"values": {"side": "up"}}, content_type="application/json")
    assert wrong.status_code == 409
    assert (
        system.post(f"{address}/correct/", {"values": 1}, content_type="application/json").status_code == 400
    )
    fixed = system.post(f"{address}/correct/", {"values": {"side": "buy"}}, content_type="application/json")
    assert (fixed.status_code, fixed.json()["state"]) == (200, "corrected")
    again = system.post(f"{address}/correct/", {"values": {"side": "buy"}}, content_type="application/json")
    assert (again.status_code, again.json()["type"]) == (409, "urn:problem:row-settled")
    assert Trade.objects.count() == 1


def test_a_released_row_by_api(system: Client, load: Load) -> None:
    files = masters()
    files["clients.csv"] = [client("C1", id_type="uscc", id_number="wrong")]
    load(files=files)
    row = QuarantinedRow.objects.get(file="clients.csv")
    answer = system.post(f"/api/v1/quarantined-rows/{row.pk}/release/")
    assert (answer.status_code, answer.json()["state"]) == (200, "released")
    assert answer.json()["raw"]["id_number"] == "*****"


def test_a_branchs_system_has_no_business_with_feeds(
    cast: SimpleNamespace, as_system: Speak, held: QuarantinedRow
) -> None:
    branch = as_system("feeds:read", "feeds:write", at=("1001",), name="branch")
    assert branch.get("/api/v1/feed-packages/").json()["results"] == []
    assert branch.get(f"/api/v1/feed-packages/{held.package_id}/").status_code == 404
    assert branch.post(f"/api/v1/quarantined-rows/{held.pk}/release/").status_code == 403
    upload = SimpleUploadedFile("x.zip", text_of("incomes.csv", []).encode())
    assert branch.post("/api/v1/feed-packages/", {"file": upload}).status_code == 403


def test_the_schema_names_the_routes(operator: Client) -> None:
    schema = operator.get("/api/v1/schema/?format=json").json()
    assert "/api/v1/feed-packages/{id}/quarantine/" in schema["paths"]
