"""Files put into a case: kept sealed, opened after the scan, in the evidence pack by name and SHA-256."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from cases.actions import evidence, merging
from cases.actions.files import add_files
from cases.models import Case, CaseFile
from core.files import keeping
from core.files.content import LARGEST, File
from core.models import AuditEntry
from staff.models import Unit
from tests.cases.world import make_case
from tests.cast import Speak
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7 signed"
FORM = File("申请表.pdf", "application/pdf", PDF)


@pytest.fixture(autouse=True)
def place_of_files(tmp_path: Path, settings: Any) -> Iterator[Path]:
    settings.FILES_ROOT, settings.SCAN_COMMAND = tmp_path, []
    yield tmp_path


@pytest.fixture
def complaint(cast: SimpleNamespace, units: dict[str, Unit]) -> Case:
    return make_case(cast.agent_1001, make_client(units["1001"], "C000001"), "complaint")


def test_brought_on_the_page_and_opened_again(
    cast: SimpleNamespace, complaint: Case, as_person: Speak, place_of_files: Path
) -> None:
    agent, address = as_person(cast.agent_1001), complaint.get_absolute_url()
    given = [SimpleUploadedFile("申请表.pdf", PDF), SimpleUploadedFile("说明.txt", b"words")]
    assert agent.post(f"{address}files/", {"attachments": given}).status_code == 302
    page = agent.get(address).content.decode()
    assert "申请表.pdf" in page and "说明.txt" in page and "添加文件：2 个" in page
    file = CaseFile.objects.get(name="申请表.pdf")
    assert not any(PDF in path.read_bytes() for path in place_of_files.rglob("*") if path.is_file())
    answer = as_person(cast.compliance).get(f"{address}files/{file.key}/")
    assert (answer.content, answer.headers["X-Content-Type-Options"]) == (PDF, "nosniff")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.get(deed="case_file.opened").actor_id == cast.compliance.pk
    assert all("申请表" not in str(entry.detail) for entry in AuditEntry.objects.all())
    content = evidence.content_of(complaint, cast.agent_1001)
    assert [(line[1], line[3]) for line in content["files"]] == [
        ("申请表.pdf", hashlib.sha256(PDF).hexdigest()), ("说明.txt", hashlib.sha256(b"words").hexdigest()),
    ]  # fmt: skip


def test_only_kinds_and_sizes_that_are_taken(cast: SimpleNamespace, complaint: Case) -> None:
    wrong: list[list[File]] = [
        [], [File("a.exe", "", b"MZ")], [File("a.pdf", "", b"MZ")], [FORM, File("a.html", "", b"<b>")],
        [File("a.txt", "", b"x" * (LARGEST + 1))], [FORM] * 11,
    ]  # fmt: skip
    for uploads in wrong:
        with pytest.raises(ValidationError):
            add_files(actor=cast.agent_1001, case=complaint, uploads=uploads)
    assert not CaseFile.objects.exists()


def test_not_before_the_scan(cast: SimpleNamespace, complaint: Case, as_person: Speak, settings: Any) -> None:
    settings.SCAN_COMMAND = ["grep", "-q", "clean"]  # 0 where it finds the word, else 1
    agent, address = as_person(cast.agent_1001), complaint.get_absolute_url()
    uploads = [File("good.txt", "", b"clean"), File("bad.txt", "", b"worm")]
    good, bad = add_files(actor=cast.agent_1001, case=complaint, uploads=uploads)
    assert agent.get(f"{address}files/{good.key}/").status_code == 404
    assert keeping.scan_waiting() == 2
    assert [agent.get(f"{address}files/{one.key}/").status_code for one in (good, bad)] == [200, 404]
    assert (keeping.path_of(good.key).exists(), keeping.forget_orphans()) == (True, 0)


def test_files_go_along_when_cases_are_joined(cast: SimpleNamespace, complaint: Case) -> None:
    again = make_case(cast.agent_1001, complaint.client, "complaint")
    add_files(actor=cast.agent_1001, case=again, uploads=[FORM])
    merging.merge(actor=cast.agent_1001, case=again, into=complaint)
    assert [file.name for file in complaint.files.all()] == ["申请表.pdf"]


def test_by_rest(complaint: Case, as_system: Speak) -> None:
    caller: Any = as_system("cases:read", "cases:write", "clients:read")
    address = f"/api/v1/cases/{complaint.pk}/files/"
    sent = [
        caller.post(address, {"file": [SimpleUploadedFile("a.pdf", PDF)]}, headers={"Idempotency-Key": "1"})
        for _twice in range(2)
    ]
    assert [one.status_code for one in sent] == [201, 201]
    assert sent[0].json() == sent[1].json() == caller.get(address).json()
    (told,) = caller.get(address).json()
    assert (told["name"], told["state"], told["size"]) == ("a.pdf", "clean", len(PDF))
    assert caller.get(f"{address}{told['key']}/").content == PDF
    assert caller.post(address, {"file": [SimpleUploadedFile("a.exe", b"MZ")]}).status_code == 400
    assert caller.post(address, {}).status_code == 400
