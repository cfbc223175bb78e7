"""Release and correction of quarantined rows, uploads, and packages written from what is held."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from clients.models import Account, Client
from core.audit import SystemActor
from core.errors import Conflict
from core.models import AuditEntry, Job
from trading import actions, tasks
from trading.feed import load_package
from trading.feed.shown import shown_values
from trading.models import Balance, FeedPackage, Income, QuarantinedRow, StaleMark, Trade

from .conftest import Facts, Load
from .packages import (
    DAY,
    NEXT,
    Writer,
    account,
    balance,
    branch,
    client,
    custody,
    flow,
    holding,
    income,
    masters,
    trade,
    zipped,
)

pytestmark = pytest.mark.django_db
OPERATOR = SystemActor("operator")


def row_of(file: str) -> QuarantinedRow:
    return QuarantinedRow.objects.select_related("package").get(file=file)


def correct(file: str, **values: str) -> QuarantinedRow:
    return actions.correct_row(row=row_of(file), values=values, actor=OPERATOR)


# ---- correction and release


def test_a_corrected_value_may_hold_any_end_of_line(load: Load) -> None:
    wrong = client("C9", id_type="resident_id", id_number="110101199003070000", name="甲")
    load(files={**masters(), "clients.csv": [wrong]})
    row = correct("clients.csv", id_type="other", address="一楼\r二楼")
    assert row.state == "corrected"
    assert Client.objects.get(client_no="C9").id_type == "other"


def test_a_corrected_row_comes_in(load: Load) -> None:
    load(files={**masters(), "trades.csv": [trade("T1", side="byu")]})
    row = correct("trades.csv", side="buy")
    assert (row.state, row.settled_by) == ("corrected", "operator")
    assert Trade.objects.get().side == "buy"
    package = FeedPackage.objects.get()
    assert (package.quarantined, package.files["trades.csv"]["loaded"]) == (0, 1)
    entry = AuditEntry.objects.get(deed="feed.row_corrected")
    assert entry.detail["columns"] == ["side"] and entry.actor_name == "operator"


def test_a_row_that_is_still_wrong_stays(load: Load) -> None:
    load(files={**masters(), "trades.csv": [trade("T1", side="byu", amount="x")]})
    with pytest.raises(actions.StillHeld) as refusal:
        correct("trades.csv", side="buy")
    assert refusal.value.fault.column == "amount"
    assert row_of("trades.csv").state == "held" and not Trade.objects.exists()
    assert not AuditEntry.objects.filter(deed__startswith="feed.row").exists()


def test_a_column_that_is_not_there_cannot_be_corrected(load: Load) -> None:
    load(files={**masters(), "trades.csv": [trade("T1", side="byu")]})
    with pytest.raises(Conflict):
        correct("trades.csv", colour="red")


def test_a_settled_row_is_not_settled_again(load: Load) -> None:
    load(files={**masters(), "trades.csv": [trade("T1", side="byu")]})
    row = row_of("trades.csv")
    correct("trades.csv", side="buy")
    with pytest.raises(Conflict):
        actions.release_row(row=row, actor=OPERATOR)


def test_a_broken_row_is_corrected_from_nothing(load: Load) -> None:
    text = "income_no,client_no,kind,amount\nI1,C1,other,1,surplus\n"
    load(files=masters(), texts={"incomes.csv": text})
    correct("incomes.csv", income_no="I1", client_no="C1", kind="other", amount="1")
    assert Income.objects.get().amount == 1


def test_release_overrules_a_check_character_only(load: Load) -> None:
    wrong = client("C2", id_type="resident_id", id_number="110105194912310021")
    load(files={**masters(), "clients.csv": [client("C1"), wrong], "trades.csv": [trade("T1", side="")]})
    actions.release_row(row=row_of("clients.csv"), actor=OPERATOR)
    assert Client.objects.filter(client_no="C2").exists()
    with pytest.raises(actions.StillHeld):
        actions.release_row(row=row_of("trades.csv"), actor=OPERATOR)
    assert AuditEntry.objects.get(deed="feed.row_released").detail["file"] == "clients.csv"


def test_f6_a_release_brings_the_parent_of_waiting_rows(load: Load) -> None:
    files = masters()
    files["clients.csv"] = [client("C1", sex="?")]
    load(files={**files, "balances.csv": [balance("A1")], "incomes.csv": [income("I1")]})
    assert QuarantinedRow.objects.count() == 4
    correct("clients.csv", sex="F")
    assert not QuarantinedRow.objects.filter(state__in=["held", "waiting"]).exists()
    assert Balance.objects.count() == Income.objects.count() == Account.objects.count() == 1


@pytest.mark.parametrize(
    ("file", "rows", "wrong"),
    [
        ("balances.csv", [balance("A1"), balance("A2")], {"account_no": "A1"}),
        ("holdings.csv", [holding("A1"), holding("A2")], {"account_no": "A1"}),
        ("trades.csv", [trade("T1"), trade("T2", "A2")], {"trade_no": "T1", "account_no": "A1"}),
        ("cash_flows.csv", [flow("F1"), flow("F2", "A2")], {"flow_no": "F1", "account_no": "A1"}),
        ("incomes.csv", [income("I1"), income("I2", "C2")], {"income_no": "I1", "client_no": "C1"}),
        ("custody.csv", [custody("E1"), custody("E2", "C2")], {"event_no": "E1", "client_no": "C1"}),
        (
            "clients.csv",
            [client("C1"), client("C2", branch_code="9")],
            {"client_no": "C1", "branch_code": "1001"},
        ),
        ("accounts.csv", [account("A1", "C1"), account("A2", "C2")], {"account_no": "A1", "client_no": "C1"}),
        ("products.csv", None, {"product_code": "F001", "family": ""}),
        ("branches.csv", None, {"code": "1001", "kind": "branch"}),
    ],
)
def test_f19_the_row_that_is_there_stays(load: Load, file: str, rows: Any, wrong: dict[str, str]) -> None:
    files = masters()
    if file == "products.csv":
        rows = [*files[file], {**files[file][0], "product_code": "F002", "family": "?"}]
    if file == "branches.csv":
        rows = [*files[file], branch("1003", kind="?")]
    load(files={**files, file: rows})
    with pytest.raises(actions.StillHeld) as refusal:
        correct(file, **wrong)
    assert refusal.value.fault.code == "already_there"


def test_f19_a_row_hidden_by_an_earlier_day_is_there_too(load: Load) -> None:
    load(files={**masters(), "trades.csv": [trade("T1")]})
    load(NEXT, {"trades.csv": [trade("T1"), trade("T2", side="?")]})
    with pytest.raises(actions.StillHeld):
        correct("trades.csv", trade_no="T1", side="buy")


def test_corrections_mark_what_they_change(load: Load, facts: Facts) -> None:
    load(
        files={
            **masters(),
            "trades.csv": [trade("T1", side="?", traded_at="2026-04-30T10:00:00")],
            "balances.csv": [balance("A1", "x")],
            "cash_flows.csv": [flow("F1", amount="x")],
        }
    )
    facts(DAY)
    assert not StaleMark.objects.exists()
    correct("trades.csv", side="buy")
    correct("balances.csv", cash="1")
    correct("cash_flows.csv", amount="1")
    marks = set(StaleMark.objects.values_list("client__client_no", "month", "told_on"))
    assert marks == {("C1", date(2026, 4, 1), DAY), ("C1", date(2026, 6, 1), DAY)}


def test_a_correction_told_with_another_account_waits(load: Load) -> None:
    load(files={**masters(), "trades.csv": [trade("T1", side="?")]})
    with pytest.raises(actions.StillHeld) as refusal:
        correct("trades.csv", side="buy", account_no="A9")
    assert refusal.value.fault.parent == "account:A9"


# ---- how rows are shown


def test_personal_numbers_are_shown_masked(load: Load) -> None:
    text = (
        "client_no,kind,name,id_type,id_number,id_expires_on,birth_date,sex,mobile,email,address,branch_code,"
        "manager_no,status,opened_on,closed_on,callback_passed_on,risk_level,risk_assessed_on,investor_class,phone\n"
        "C1,robot,张三,passport,E12345678,,,,13812345678,,,1001,,normal,2020-01-01,,,,,,13987654321\n"
        "C2,too,few\n"
    )
    load(files={"branches.csv": masters()["branches.csv"]}, texts={"clients.csv": text})
    first, second = QuarantinedRow.objects.select_related("package").order_by("line")
    shown = {value.column: value.shown for value in shown_values(first)}
    assert (shown["mobile"], shown["id_number"], shown["phone"]) == (
        "138****5678",
        "E12**5678",
        "139****4321",
    )
    assert shown["kind"] == "robot"
    assert [value.shown for value in shown_values(second)] == ["–"]


def test_rows_of_other_files_are_shown_as_they_are(load: Load) -> None:
    load(
        files=masters(),
        texts={"incomes.csv": 'income_no,client_no,kind,amount\nI1,C1\nI2,C1,"a"b,1\n'},
        counts={"incomes.csv": 2},
    )
    rows = QuarantinedRow.objects.select_related("package").order_by("line")
    assert [[value.shown for value in shown_values(row)] for row in rows] == [["I1,C1"], ['I2,C1,"a"b,1']]


# ---- uploads


@pytest.fixture
def files_root(tmp_path: Path, settings: Any) -> Path:
    settings.FILES_ROOT = tmp_path / "files"
    return tmp_path / "files"


def _chunks(path: Path) -> Iterator[bytes]:
    yield path.read_bytes()


def test_an_upload_is_loaded_by_the_task_and_deleted(writer: Writer, files_root: Path) -> None:
    path = zipped(writer.write(DAY, masters()))
    package = actions.receive_package(name="today.zip", chunks=_chunks(path), actor=OPERATOR)
    stored = Path(package.upload)
    assert stored.parent == files_root / "feeds" and stored.stat().st_mode & 0o077 == 0
    job = Job.objects.get()
    assert (package.state, job.kind, job.owner_name) == ("waiting", "trading.tasks.load_upload", "operator")
    tasks.load_upload(job.pk)
    tasks.load_upload(job.pk)
    package.refresh_from_db()
    job.refresh_from_db()
    assert (package.state, package.trade_date, package.upload) == ("loaded", DAY, "")
    assert (job.state, job.result) == ("done", {"package": package.pk, "state": "loaded"})
    assert not stored.exists()
    assert FeedPackage.objects.count() == 1


def test_an_upload_of_the_same_package_says_so(writer: Writer, files_root: Path, load: Load) -> None:
    load(files=masters())
    path = zipped(writer.folder / "2026-06-01")
    package = actions.receive_package(name=path.name, chunks=_chunks(path), actor=OPERATOR)
    assert actions.load_upload(package=package, actor=OPERATOR).state == "already_loaded"
    assert FeedPackage.objects.get(pk=package.pk).state == "already_loaded"


def test_a_refused_upload_is_deleted_too(writer: Writer, files_root: Path) -> None:
    path = writer.folder / "x.zip"
    path.write_bytes(b"nothing")
    package = actions.receive_package(name="x.zip", chunks=_chunks(path), actor=OPERATOR)
    assert actions.load_upload(package=package, actor=OPERATOR).state == "refused"
    assert list((files_root / "feeds").iterdir()) == []
    again = actions.load_upload(package=package, actor=OPERATOR)
    assert (again.state, again.package_id) == ("refused", package.pk)


def test_a_worker_that_comes_too_late_changes_nothing(writer: Writer, files_root: Path) -> None:
    path = zipped(writer.write(DAY, masters()))
    package = actions.receive_package(name="2026-06-01.zip", chunks=_chunks(path), actor=OPERATOR)
    stale = FeedPackage.objects.get(pk=package.pk)
    actions.load_upload(package=package, actor=OPERATOR)
    late = load_package(path, actor=OPERATOR, row=stale)
    assert late.state == "loaded"
    assert FeedPackage.objects.get().state == "loaded"
    assert actions.load_upload(package=stale, actor=OPERATOR).state == "loaded"


def test_an_upload_that_is_too_large_leaves_nothing(files_root: Path, settings: Any) -> None:
    settings.FEED_UPLOAD_MAX_BYTES = 3
    with pytest.raises(Conflict):
        actions.receive_package(name="x.zip", chunks=iter([b"ab", b"cd"]), actor=OPERATOR)
    assert list((files_root / "feeds").iterdir()) == []
