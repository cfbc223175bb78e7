"""Imports: tried, done, taken back; only in scope, only what people keep, killed and taken up again."""

import io
from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from clients import tasks
from clients.actions import import_work
from clients.actions import imports as deeds
from clients.actions.editing import edit_client
from clients.models import Client, ClientImport, ClientTag, ContactPoint, ImportChunk, ImportPiece, Prospect
from clients.queries import imports as queries
from core import crypto
from core.errors import Conflict
from core.models import AuditEntry
from staff.models import Unit
from tests.clients.people import make_client

pytestmark = pytest.mark.django_db
Units = dict[str, Unit]
HEAD = "客户号,姓名,手机,身份证,备注,职业,标签,座机,行外资产,营业部\n"


@pytest.fixture
def lead(cast: SimpleNamespace) -> Any:
    return cast.branch_manager_1001


@pytest.fixture
def wang(units: Units) -> Client:
    return make_client(units["1001"], "C000001", mobile="13900001111")


def work(made: ClientImport) -> ClientImport:
    """What the worker does with it."""
    made.refresh_from_db()
    tasks.import_work_job(made.job.pk)
    made.refresh_from_db()
    return made


def upload(lead: Any, text: str, head: str = HEAD) -> ClientImport:
    return work(deeds.receive_import(actor=lead, name="名单.csv", chunks=[(head + text).encode()]))


def tried(lead: Any, text: str, head: str = HEAD, branch: str = "1001") -> ClientImport:
    made = upload(lead, text, head)
    return work(deeds.name_columns(actor=lead, made=made, mapping=made.mapping, branch=branch))


def done(lead: Any, text: str, **more: Any) -> ClientImport:
    made = tried(lead, text, **more)
    return work(deeds.start_import(actor=lead, made=made))


ROWS = """C000001,王建国,,,新备注,教师,"甲、乙",021-62345678,"1,000",
,新人,13811112222,,来自活动,,甲,,,
C000001,,,,,,,,,
C999999,,,,x,,,,,
,,,110105194912310021,x,,,,,
"""


def test_the_dry_run_says_and_changes_nothing(lead: Any, wang: Client) -> None:
    made = tried(lead, ROWS)
    assert made.counts == {"update": 1, "create": 1, "skip": 1, "fail": 2}
    assert [sample.number for sample in queries.samples(made, "fail")] == [5, 6]
    wang.refresh_from_db()
    assert (wang.remark, Prospect.objects.count(), ClientTag.objects.count()) == ("", 0, 0)


def test_done_as_it_was_tried(lead: Any, wang: Client) -> None:
    made = done(lead, ROWS)
    assert (made.state, made.counts) == ("done", {"update": 1, "create": 1, "skip": 1, "fail": 2})
    wang.refresh_from_db()
    assert (wang.remark, wang.occupation, wang.declared_outside_assets) == ("新备注", "教师", Decimal(1000))
    assert set(wang.tags_given.values_list("tag__name", flat=True)) == {"甲", "乙"}
    assert wang.contact_points.get().kind == "phone"
    prospect = Prospect.objects.get()
    assert (prospect.source, prospect.imported_by, prospect.client.name) == ("list", made.pk, "新人")
    assert prospect.client.branch.code == "1001"
    assert AuditEntry.objects.filter(deed="clients.imported", subject_id=str(made.pk)).exists()
    assert wang.name == "王建国"  # what the feeds tell is theirs


def test_done_twice_nothing_would_change(lead: Any, wang: Client) -> None:
    done(lead, ROWS)
    assert tried(lead, ROWS).counts == {"skip": 3, "fail": 2}


def test_clients_are_found_by_id_or_mobile_when_only_one_has_it(
    lead: Any, units: Units, wang: Client
) -> None:
    make_client(units["1001"], "C000002", mobile="13700000000", id_number="110105194912310038")
    make_client(units["1001"], "C000003", mobile="13700000000", id_number="110105194912310046")
    rows = ",,13900001111,,a,,,,,\n,,,110105194912310038,b,,,,,\n,,13700000000,,c,,,,,\n"
    made = tried(lead, rows)
    assert made.counts == {"update": 2, "fail": 1}
    assert [sample.client_no for sample in queries.samples(made, "update")] == ["C000001", "C000002"]


def test_nothing_out_of_scope(lead: Any, units: Units) -> None:
    far = make_client(units["1002"], "C000009", mobile="13700000000")
    rows = "C000009,,,,x,,,,,\n,远方,13700000000,,x,,,,,\n,别处,13711111111,,,,,,,1002\n"
    made = done(lead, rows)
    assert made.counts == {"fail": 2, "create": 1}
    far.refresh_from_db()
    assert far.remark == ""
    (first, second) = queries.samples(made, "fail")
    assert "C000009" not in first.why
    assert "1002" in second.why


def test_a_client_stands_in_one_row_only(lead: Any, wang: Client) -> None:
    rows = "C000001,,,,a,,,,,\nC000001,,,,b,,,,,\n,新,13811112222,,,,,,,\n,新,13811112222,,,,,,,\n"
    assert tried(lead, rows).counts == {"update": 1, "create": 1, "fail": 2}


def test_taken_back_where_nobody_changed_it_since(lead: Any, units: Units, wang: Client) -> None:
    other = make_client(units["1001"], "C000002", mobile="13700000000", id_number="110105194912310038")
    made = done(lead, ROWS + "C000002,,,,theirs,engineer,,,,\n")
    other.refresh_from_db()
    edit_client(actor=lead, client=other, values={"remark": "mine"}, version=other.version)
    made = work(deeds.start_undo(actor=lead, made=made))
    assert (made.state, made.counts["undone"], made.counts["stayed"]) == ("undone", 2, 1)
    wang.refresh_from_db()
    other.refresh_from_db()
    assert (wang.remark, wang.occupation, wang.declared_outside_assets) == ("", "", None)
    assert (other.remark, other.occupation) == ("mine", "")
    assert not ClientTag.objects.exists()
    assert not ContactPoint.objects.filter(ended_at=None).exists()
    assert not Client.objects.filter(status="prospect").exists()
    with pytest.raises(Conflict):
        deeds.start_undo(actor=lead, made=made)


def test_a_prospect_somebody_worked_on_stays(lead: Any, units: Units) -> None:
    from clients.actions.prospects import move_prospect

    made = done(lead, ",甲,13811112222,,,,,,,\n,乙,13811113333,,,,,,,\n")
    first = Prospect.objects.get(client__name="甲")
    move_prospect(actor=lead, prospect=first, stage="contacted")
    made = work(deeds.start_undo(actor=lead, made=made))
    assert made.counts == {"stayed": 1, "undone": 1}
    assert Prospect.objects.get() == first


def test_killed_it_goes_on_where_it_was(lead: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(deeds, "CHUNK", 2)
    made = tried(lead, "".join(f",客户{n},1381111{n:04d},,,,,,,\n" for n in range(6)))
    assert made.chunks.count() == 3
    deeds.start_import(actor=lead, made=made)
    made.refresh_from_db()
    steps = import_work.STEPS["working"]
    assert import_work._one(made, steps[0], steps[1])

    def cut(*_args: Any) -> Any:
        raise BaseException("power")

    with pytest.raises(BaseException, match="power"):
        import_work._one(made, steps[0], cut)
    assert Prospect.objects.count() == 2
    work(made)
    assert (Prospect.objects.count(), made.counts, made.state) == (6, {"create": 6}, "done")


def test_rights_that_are_gone_do_nothing_more(lead: Any, wang: Client) -> None:
    made = tried(lead, ROWS)
    deeds.start_import(actor=lead, made=made)
    lead.memberships.all().delete()
    assert work(made).counts == {"fail": 5}


def test_uploads_lie_sealed_and_go_after_thirty_days(lead: Any, wang: Client) -> None:
    made = deeds.receive_import(actor=lead, name="x.csv", chunks=[(HEAD + ROWS).encode()])
    assert "新人".encode() not in bytes(ImportPiece.objects.get().content)
    work(made)
    assert not ImportPiece.objects.exists()
    chunk = ImportChunk.objects.get()
    assert "13811112222" not in bytes(chunk.rows).decode("latin-1")
    assert crypto.unseal(chunk.rows, chunk.context("rows"))
    assert deeds.forget_old_imports() == 0
    ClientImport.objects.update(created_at=timezone.now() - timedelta(days=31))
    assert deeds.forget_old_imports() == 1
    assert not ImportChunk.objects.exists()


def test_what_cannot_be_read_says_why(lead: Any) -> None:
    made = work(deeds.receive_import(actor=lead, name="x.csv", chunks=[b'a,b\n"1']))
    assert (made.state, bool(made.refusal), made.chunks.count()) == ("refused", True, 0)
    with pytest.raises(Conflict):
        deeds.receive_import(actor=lead, name="x.csv", chunks=[b"x" * (20 * 2**20 + 1)])


@pytest.mark.parametrize("mapping", [["name", "name"], ["remark", ""], ["nothing", "name"], ["name"]])
def test_mappings_that_cannot_be(lead: Any, mapping: list[str]) -> None:
    made = upload(lead, "1,2\n", "a,b\n")
    with pytest.raises(Conflict):
        deeds.name_columns(actor=lead, made=made, mapping=mapping, branch="")


def test_columns_are_remembered_for_the_person(lead: Any, cast: Any) -> None:
    made = upload(lead, "1,2\n", "甲,乙\n")
    deeds.name_columns(actor=lead, made=made, mapping=["name", "remark"], branch="")
    assert upload(lead, "1,2\n", "乙,甲\n").mapping == ["remark", "name"]
    assert upload(cast.team_lead_1001, "1,2\n", "乙,甲\n").mapping == ["", ""]


def test_pages_from_upload_to_undo(lead: Any, cast: Any, wang: Client, as_person: Callable[..., Any]) -> None:
    browser = as_person(lead)
    rows = ROWS + "C888888,=cmd(),,,,,,,,\n"
    file = SimpleUploadedFile("名单.csv", (HEAD + rows).encode("gb18030"))
    browser.post(reverse("clients:imports"), {"table": file})
    made = work(ClientImport.objects.get())
    page = reverse("clients:import", args=[made.pk])
    assert "王建国" in browser.get(page).content.decode()
    form = {f"column_{place}": field for place, field in enumerate(made.mapping)} | {"branch": "1001"}
    assert browser.post(page, {**form, "column_1": "client_no"}).status_code == 422
    browser.post(page, form)
    work(made)
    assert browser.get(page).status_code == 200
    browser.post(reverse("clients:import_start", args=[made.pk]))
    work(made)
    answer = browser.get(reverse("clients:import_failed", args=[made.pk]))
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    lines = text.splitlines()
    assert (len(lines), lines[0].startswith("客户号,")) == (4, True)
    assert "'=cmd()" in text
    browser.post(reverse("clients:import_undo", args=[made.pk]))
    assert work(made).state == "undone"
    assert as_person(cast.team_lead_1001).get(page).status_code == 404
    assert browser.get(reverse("clients:imports")).status_code == 200


def test_a_chunk_costs_few_queries_to_try(
    lead: Any, units: Units, django_assert_max_num_queries: Any
) -> None:
    made = upload(lead, "".join(f",客户{n},1381111{n:04d},,,,,,,\n" for n in range(400)))
    deeds.name_columns(actor=lead, made=made, mapping=made.mapping, branch="1001")
    made.refresh_from_db()
    with django_assert_max_num_queries(40):
        tasks.import_work_job(made.job.pk)


def test_a_workbook_comes_in_too(lead: Any, wang: Client) -> None:
    from openpyxl import Workbook

    book, stream = Workbook(), io.BytesIO()
    book.active.append(["Client number", "Remark"])
    book.active.append(["C000001", "from a workbook"])
    book.save(stream)
    made = work(deeds.receive_import(actor=lead, name="x.xlsx", chunks=[stream.getvalue()]))
    assert (made.form, made.mapping) == ("XLSX", ["client_no", "remark"])
