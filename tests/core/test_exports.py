"""Lists as files: purpose, four eyes above 1 000 rows, watermark, no formulas, sealed, fetched, forgotten."""

import csv
import io
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from clients.bulk.tags import TAG
from clients.models import Client
from core import jobs
from core.bulk import choosing
from core.errors import Conflict
from core.exports import asking, files
from core.exports.cells import DANGEROUS, csv_cell
from core.lists import saved
from core.models import AuditEntry, Export, Job
from core.registry import list_sources
from core.tasks import forget_expired, make_export
from staff.models import Membership, Person, Unit
from tests.cast import Speak
from tests.clients.crowds import make_crowd
from tests.clients.people import give_standing, make_client

Units = dict[str, Unit]
State = Export.State
db = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.broker.send", lambda _kind, _args: None)


def asked(person: Person, query: str = "", format: str = "csv", purpose: str = "客户回访") -> Export:
    source = list_sources()["clients"]
    return asking.ask(actor=person, source=source, query=query, format=format, purpose=purpose)


def made(export: Export) -> Export:
    assert export.job_id
    make_export(export.job_id)
    export.refresh_from_db()
    return export


def content(export: Export) -> bytes:
    return b"".join(files.pieces(export))


def rows(export: Export) -> list[list[str]]:
    return list(csv.reader(io.StringIO(content(export).decode("utf-8-sig"))))


# ---- cells


@given(st.text())
def test_no_text_begins_a_formula(text: str) -> None:
    cell = csv_cell(text)
    assert not cell.lstrip(" ").startswith(DANGEROUS)
    assert cell.removeprefix("'") == text.replace("\x00", "") or cell == text.replace("\x00", "")


@given(st.lists(st.text(), min_size=1, max_size=4))
def test_cells_come_back_as_they_were_written(texts: list[str]) -> None:
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow([csv_cell(text) for text in texts])
    stream.seek(0)
    assert next(csv.reader(stream)) == [csv_cell(text) for text in texts]


@pytest.mark.parametrize("sign", DANGEROUS)
def test_every_dangerous_sign_is_guarded(sign: str) -> None:
    assert csv_cell(f"{sign}1+1") == f"'{sign}1+1"
    assert csv_cell(f" {sign}1") == f"' {sign}1"


def test_numbers_stay_numbers() -> None:
    assert [csv_cell(value) for value in (-5, Decimal("-1.50"), Decimal("1E+3"), True, None)] == [
        "-5", "-1.50", "1000", "True", "",
    ]  # fmt: skip


# ---- files


@db
def test_a_small_list_is_made_at_once(units: Units, cast: SimpleNamespace) -> None:
    client = make_client(units["1001"], "C000001", name="=HYPERLINK(1)", manager_no="@SUM")
    give_standing(client, assets="1234567.89", flags=["at_risk"])
    make_client(units["1002"], "C000002")
    export = made(
        asked(cast.agent_1001, "col=assets&col=manager_no&col=opened_on&col=tier", purpose="-1 回访")
    )
    assert (export.state, export.rows, export.needs_approval) == (State.READY, 1, False)
    head, line = rows(export)
    assert head == ["客户号", "姓名", "等级", "资产", "客户经理", "开户日", "导出信息"]
    assert line[:6] == ["C000001", "'=HYPERLINK(1)", "白金", "1234567.8900", "'@SUM", "2020-01-06"]
    assert line[6].startswith("刘思琪 (liu.siqi) · 20")
    assert line[6].endswith(" · -1 回访")


@db
def test_xlsx_holds_no_formula_and_is_marked(units: Units, cast: SimpleNamespace) -> None:
    client = make_client(units["1001"], "C000001", name="=1+1", manager_no="+A1")
    give_standing(client, assets="-12.5")
    export = made(asked(cast.agent_1001, "col=assets&col=manager_no", format="xlsx", purpose="R&D =1"))
    sheet = load_workbook(io.BytesIO(content(export))).active
    assert sheet is not None
    lines = list(sheet.iter_rows())
    mark, head, row = lines
    assert str(mark[0].value).endswith("R&D =1")
    assert [cell.value for cell in head] == ["客户号", "姓名", "资产", "客户经理"]
    assert [cell.value for cell in row] == ["C000001", "=1+1", -12.5, "+A1"]
    assert {cell.data_type for line in lines for cell in line} <= {"s", "n"}
    assert row[1].quotePrefix and row[3].quotePrefix
    for place in (sheet.oddHeader, sheet.oddFooter):
        assert "liu.siqi" in place.center.text


@db
def test_the_file_follows_the_list(units: Units, cast: SimpleNamespace) -> None:
    """Filters, order and rows are those of the list, page after page (three reads of 1 000)."""
    make_crowd(units["1001"], 2300)
    make_crowd(units["1001"], 5, prefix="F", status="frozen")
    export = asked(cast.agent_1001, "status=normal&sort=-client_no&cursor=x")
    export = asking.approve(actor=cast.compliance, export=export, reason="抽查")
    numbers = [row[0] for row in rows(made(export))[1:]]
    assert numbers == [f"C{number:06d}" for number in range(2300, 0, -1)]


@db
def test_those_without_identity_get_no_names(units: Units, cast: SimpleNamespace) -> None:
    make_client(units["1001"], "C000001")
    line = rows(made(asked(cast.value_analyst)))[1]
    assert "王**" in line
    assert "王建国" not in "".join(line)


@db
def test_the_files_pieces_are_sealed(units: Units, cast: SimpleNamespace, monkeypatch: Any) -> None:
    monkeypatch.setattr(files, "PIECE", 64)
    make_client(units["1001"], "C000001")
    export = made(asked(cast.agent_1001))
    pieces = [bytes(piece.content) for piece in export.pieces.order_by("position")]
    assert len(pieces) > 2
    assert not any(b"C000001" in piece for piece in pieces)
    assert len(content(export)) == export.size


@db
def test_a_message_that_comes_twice_makes_one_file(units: Units, cast: SimpleNamespace) -> None:
    make_client(units["1001"], "C000001")
    export = made(asked(cast.agent_1001))
    before = content(export)
    Job.objects.filter(pk=export.job_id).update(state="waiting")
    assert content(made(export)) == before


# ---- who may what


@db
def test_more_than_1000_rows_wait_for_somebody_else(units: Units, cast: SimpleNamespace) -> None:
    make_crowd(units["1001"], 1001)
    export = asked(cast.agent_1001)
    assert (export.state, export.needs_approval, export.counted, export.job) == (
        State.ASKED,
        True,
        1001,
        None,
    )
    with pytest.raises(PermissionDenied):
        asking.approve(actor=cast.team_lead_1001, export=export, reason="x")
    export = asking.approve(actor=cast.compliance, export=export, reason="抽查")
    assert (export.decided_by_name, export.job is not None) == ("yin.suhua", True)
    with pytest.raises(Conflict):
        asking.refuse(actor=cast.compliance, export=export, reason="doch nicht")
    assert made(export).rows == 1001
    deeds = AuditEntry.objects.filter(subject_type="export").order_by("pk").values_list("deed", "actor_name")
    assert list(deeds) == [
        ("export.asked", "liu.siqi"), ("export.approved", "yin.suhua"), ("export.made", "liu.siqi"),
    ]  # fmt: skip


@db
def test_nobody_approves_an_own_request(units: Units, cast: SimpleNamespace) -> None:
    make_crowd(units["1001"], 1001)
    export = asked(cast.compliance)
    with pytest.raises(Conflict):
        asking.approve(actor=cast.compliance, export=export, reason="x")
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(decided_by_id=cast.compliance.pk)
    with pytest.raises(IntegrityError), transaction.atomic():
        Export.objects.filter(pk=export.pk).update(state=State.MAKING)


@db
def test_a_refused_request_stays_refused(units: Units, cast: SimpleNamespace) -> None:
    make_crowd(units["1001"], 1001)
    export = asking.refuse(actor=cast.compliance, export=asked(cast.agent_1001), reason="范围过大")
    assert (export.state, export.decision_reason, export.job) == (State.REFUSED, "范围过大", None)


@db
def test_empty_and_endless_lists_are_not_made(
    units: Units, cast: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(Conflict):
        asked(cast.agent_1001)
    monkeypatch.setattr(asking, "MOST_ROWS", 2)
    make_crowd(units["1001"], 3)
    with pytest.raises(Conflict):
        asked(cast.agent_1001)
    with pytest.raises(PermissionDenied):
        asked(cast.administrator)


@db
def test_a_list_that_outgrew_its_approval_is_not_made(units: Units, cast: SimpleNamespace) -> None:
    make_crowd(units["1001"], 990)
    export = asked(cast.agent_1001)
    make_crowd(units["1001"], 11, prefix="D")
    assert (made(export).state, export.pieces.count()) == (State.REFUSED, 0)


@db
def test_rows_and_rights_are_todays(units: Units, cast: SimpleNamespace) -> None:
    crowd = make_crowd(units["1001"], 3)
    first, second = asked(cast.agent_1001), asked(cast.agent_1001)
    Client.objects.filter(pk=crowd[0].pk).update(branch=units["1002"])
    assert made(first).rows == 2
    Membership.objects.filter(person=cast.agent_1001).delete()
    assert made(second).state == State.REFUSED


# ---- pages


@db
def test_from_the_list_to_the_file(units: Units, cast: SimpleNamespace, as_person: Speak) -> None:
    make_crowd(units["1001"], 3)
    browser = as_person(cast.agent_1001)
    page = browser.get(reverse("clients:list"), {"status": "normal"}).content.decode()
    assert "/exports/new/clients/?status=normal&amp;sort=client_no" in page
    url = reverse("exports:new", args=["clients"]) + "?status=normal"
    assert "状态" in browser.get(url).content.decode()
    assert browser.post(url, {"format": "csv", "purpose": ""}).status_code == 422
    assert browser.post(url, {"format": "csv", "purpose": "客户回访"}).status_code == 302
    export = Export.objects.get()
    assert "生成中" in browser.get(reverse("exports:list")).content.decode()
    fetch = reverse("exports:fetch", args=[export.pk])
    assert browser.get(fetch).status_code == 409
    made(export)
    part = browser.get(reverse("exports:list"), headers={"HX-Target": "my-exports"}).content.decode()
    assert part.lstrip().startswith('<section class="card" id="my-exports">')
    assert fetch in part
    answer = browser.get(fetch)
    assert (answer["Cache-Control"], answer["Content-Disposition"][:10]) == ("no-store", "attachment")
    assert b"".join(answer.streaming_content) == content(export)
    assert AuditEntry.objects.filter(deed="export.downloaded", actor_name="liu.siqi").count() == 1
    assert as_person(cast.team_lead_1001).get(fetch).status_code == 404
    assert as_person(cast.administrator).get(fetch).status_code == 403


@db
def test_compliance_decides_on_the_page(units: Units, cast: SimpleNamespace, as_person: Speak) -> None:
    make_crowd(units["1001"], 1001)
    exports = [asked(cast.agent_1001, "status=normal", purpose="年度回访") for _again in range(2)]
    browser = as_person(cast.compliance)
    page = browser.get(reverse("exports:list")).content.decode()
    for words in ("年度回访", "1,001", "liu.siqi", "状态: 正常"):
        assert words in page
    assert "年度回访" not in as_person(cast.team_lead_1001).get(reverse("exports:list")).content.decode()
    decide = [reverse("exports:decide", args=[export.pk]) for export in exports]
    assert as_person(cast.team_lead_1001).post(decide[0]).status_code == 403
    browser.post(decide[0], {"decision": "approve", "reason": ""})
    browser.post(decide[0], {"decision": "refuse", "reason": "范围过大"})
    browser.post(decide[1], {"decision": "approve", "reason": "同意"})
    assert browser.post(decide[0], {"decision": "approve", "reason": "x"}).status_code == 404
    assert [Export.objects.get(pk=export.pk).state for export in exports] == [State.REFUSED, State.MAKING]


@db
def test_files_go_after_seven_days(units: Units, cast: SimpleNamespace, as_person: Speak) -> None:
    make_crowd(units["1001"], 3)
    old, fresh = made(asked(cast.agent_1001)), made(asked(cast.agent_1001))
    Export.objects.filter(pk=old.pk).update(expires_at="2020-01-01T00:00:00Z")
    fetch = reverse("exports:fetch", args=[old.pk])
    assert as_person(cast.agent_1001).get(fetch).status_code == 409
    forget_expired()
    old.refresh_from_db()
    assert (old.state, old.pieces.count(), fresh.pieces.count()) == (State.EXPIRED, 0, 1)
    assert AuditEntry.objects.filter(deed="export.expired").count() == 1


@db
@pytest.mark.parametrize("name", list_sources())
def test_every_list_is_made_from_its_name(name: str, cast: SimpleNamespace) -> None:
    source = list_sources()[name]
    person = next(person for person in vars(cast).values() if person.may(source.right))
    page = source.page_for(person)
    assert source.path.startswith("/")
    for row in page.walk():
        assert all(column.plain(row) is not None for column in page.columns)


@db
@pytest.mark.parametrize("typed", ["13800001234", "138 0000 1234", "11010519491231002X", "E12345678"])
def test_searches_for_numbers_are_kept_nowhere(units: Units, cast: SimpleNamespace, typed: str) -> None:
    make_client(units["1001"], "C000001")
    query = f"q={typed}&status=normal"
    with pytest.raises(Conflict):
        asked(cast.agent_1001, query)
    with pytest.raises(Conflict):
        saved.keep(actor=cast.agent_1001, list_name="clients", name="x", query=query)
    if not typed.startswith("E"):
        source = list_sources()["clients"]
        run = choosing.choose(actor=cast.team_lead_1001, source=source, deed=TAG, query=query)
        assert run.query == "status=normal"
    assert not AuditEntry.objects.filter(detail__icontains=typed[-6:]).exists()


@db
def test_filters_are_told_in_words(units: Units, cast: SimpleNamespace) -> None:
    make_client(units["1001"], "C000001", kind="product")
    export = asked(cast.agent_1001, "kind=product&branch=1001&q=C&col=tier")
    export.refresh_from_db()
    assert export.described == {
        "filters": [["搜索", "C"], ["营业部", "上海南京西路营业部"], ["类型", "产品"]],
        "columns": ["客户号", "姓名", "等级"],
    }


@db
def test_who_took_a_client_along_is_told_on_the_clients_page(
    units: Units, cast: SimpleNamespace, as_person: Speak
) -> None:
    client = make_client(units["1001"], "C000001")
    make_client(units["1001"], "C000002", status="frozen")
    for query in ("status=normal", "status=frozen"):
        export = made(asked(cast.agent_1001, query, purpose=f"用途 {query}"))
        as_person(cast.agent_1001).get(reverse("exports:fetch", args=[export.pk]))
    assert len(asking.telling_of([client.pk])) == 1
    looks = as_person(cast.compliance).get(reverse("clients:looks", args=["C000001"])).content.decode()
    assert "导出：用途 status=normal" in looks
    assert "status=frozen" not in looks


@db
def test_a_cancelled_file_is_not_waited_for(units: Units, cast: SimpleNamespace, as_person: Speak) -> None:
    make_client(units["1001"], "C000001")
    export = asked(cast.agent_1001)
    assert export.job is not None
    jobs.cancel(job=export.job)
    page = as_person(cast.agent_1001).get(reverse("exports:list")).content.decode()
    assert ("已取消" in page, "every 2s" in page) == (True, False)
    Export.objects.filter(pk=export.pk).update(created_at="2020-01-01T00:00:00Z")
    forget_expired()
    assert Export.objects.get().state == State.EXPIRED
