"""The demo feed generator: reproducible, valid by the rules of the feeds, and with every case in it."""

import csv
import hashlib
import io
import json
import os
import subprocess
import sys
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from stdnum.cn import ric, uscc

from crm.demo import Demo, build
from crm.demo.names import BRANCHES, MANAGERS, MERGED, SUCCESSOR

UNTIL = date(2026, 10, 30)
Rows = list[dict[str, str]]


def tree_hash(root: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*")):
        if path.is_file():
            digest.update(str(path.relative_to(root)).encode() + path.read_bytes())
    return digest.hexdigest()


def small_demo(seed: int = 5) -> Demo:
    return build(clients=300, months=3, seed=seed, until=UNTIL)


def write_all(demo: Demo, directory: Path) -> list[Path]:
    return [folder for day in demo.days for folder in demo.write_package(day, directory)]


def read(folder: Path, name: str) -> Rows:
    path = folder / f"{name}.csv"
    return (
        list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"), newline="")))
        if path.exists()
        else []
    )


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    demo = build(clients=1500, months=14, seed=3, until=UNTIL)
    return write_all(demo, tmp_path_factory.mktemp("feed"))


def all_rows(year: list[Path], name: str) -> Rows:
    return [row for folder in year for row in read(folder, name)]


def test_same_seed_same_bytes(tmp_path: Path) -> None:
    write_all(small_demo(), tmp_path / "one")
    write_all(small_demo(), tmp_path / "two")
    write_all(small_demo(seed=6), tmp_path / "other")
    assert tree_hash(tmp_path / "one") == tree_hash(tmp_path / "two") != tree_hash(tmp_path / "other")


def test_same_bytes_under_another_hash_seed(tmp_path: Path) -> None:
    write_all(small_demo(), tmp_path / "here")
    program = (
        "import sys; from datetime import date; from pathlib import Path; from crm.demo import build\n"
        "demo = build(clients=300, months=3, seed=5, until=date(2026, 10, 30))\n"
        "[demo.write_package(day, Path(sys.argv[1])) for day in demo.days]"
    )
    for seed in ("1", "4711"):
        target = tmp_path / seed
        subprocess.run(
            [sys.executable, "-c", program, str(target)],
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed},
        )
        assert tree_hash(target) == tree_hash(tmp_path / "here")


def test_a_day_asked_for_again_is_the_same(tmp_path: Path) -> None:
    demo = small_demo()
    write_all(demo, tmp_path / "all")
    day = demo.days[10]
    demo.write_package(day, tmp_path / "again")
    for path in (tmp_path / "again" / day.isoformat()).iterdir():
        assert path.read_bytes() == (tmp_path / "all" / day.isoformat() / path.name).read_bytes()


def test_days_are_trading_days_up_to_the_last_closed(tmp_path: Path) -> None:
    demo = build(clients=10, months=24, until=date(2026, 11, 1))
    assert demo.until == date(2026, 10, 30)
    assert demo.days[0] == date(2024, 11, 1)
    assert date(2026, 10, 1) not in demo.days
    assert build(clients=10, months=2, until=date(2026, 10, 5)).until == date(2026, 9, 30)


def test_manifest_ties(year: list[Path]) -> None:
    for folder in year:
        manifest = json.loads((folder / "manifest.json").read_text())
        assert folder.name.startswith(manifest["trade_date"])
        assert set(manifest["files"]) == {path.name for path in folder.glob("*.csv")}
        for name, entry in manifest["files"].items():
            assert entry["sha256"] == hashlib.sha256((folder / name).read_bytes()).hexdigest()
            rows = read(folder, name.removesuffix(".csv"))
            assert entry["rows"] == len(rows)
            for column, total in entry.get("sums", {}).items():
                assert Decimal(total) == sum((Decimal(row[column]) for row in rows), Decimal(0))


def test_identifiers_are_valid(year: list[Path]) -> None:
    people = {row["client_no"]: row for row in all_rows(year, "clients") if row["client_no"] < "C9"}
    for row in people.values():
        if row["id_type"] == "resident_id":
            assert ric.is_valid(row["id_number"]), row
            assert row["id_number"][6:14] == row["birth_date"].replace("-", "")
            assert "FM"[int(row["id_number"][16]) % 2] == row["sex"]
        if row["id_type"] == "uscc":
            assert uscc.is_valid(row["id_number"]), row
        assert len(row["mobile"]) in (0, 11)
    kinds = Counter(row["kind"] for row in people.values())
    assert set(kinds) == {"individual", "institution", "product"}
    assert {row["id_type"] for row in people.values()} >= {
        "resident_id",
        "passport",
        "hk_macao",
        "uscc",
        "other",
    }
    mobiles = [row["mobile"] for row in people.values() if row["mobile"]]
    assert len(set(mobiles)) == len(mobiles)


def test_every_row_names_a_known_parent_and_no_later_date(year: list[Path]) -> None:
    clients: set[str] = set()
    accounts: set[str] = set()
    unknown: Counter[str] = Counter()
    for folder in year:
        today = folder.name[:10]
        clients |= {row["client_no"] for row in read(folder, "clients")}
        told = read(folder, "accounts")
        assert {row["client_no"] for row in told} <= clients
        accounts |= {row["account_no"] for row in told}
        for name in ("balances", "holdings", "trades", "cash_flows"):
            unknown[name] += sum(row["account_no"] not in accounts for row in read(folder, name))
        for row in read(folder, "clients"):
            assert all(row[column] <= today for column in ("opened_on", "closed_on", "callback_passed_on"))
            assert (row["status"] == "closed") == bool(row["closed_on"]) or row["status"] == "deceased"
    assert unknown == Counter({"trades": 1, "cash_flows": 1, "balances": 0, "holdings": 0})


def test_balances_are_never_negative_and_complete(year: list[Path]) -> None:
    last = year[-1]
    rows = read(last, "balances")
    assert len(rows) > 1000
    assert all(float(row[column]) >= 0 for row in rows for column in row if column != "account_no")
    keys = [row["account_no"] for row in rows]
    assert len(set(keys)) == len(keys)
    by_account: Counter[str] = Counter()
    for row in read(last, "holdings"):
        by_account[row["account_no"]] += int(row["market_value"].replace(".", ""))
    for row in rows:
        held = int(row["market_value"].replace(".", "")) + int(row["product_value"].replace(".", ""))
        assert by_account[row["account_no"]] == held


def test_event_keys_are_unique(year: list[Path]) -> None:
    events = {"trades": "trade_no", "cash_flows": "flow_no", "incomes": "income_no", "custody": "event_no"}
    corrected = {folder.name[:10] for folder in year if folder.name.endswith(".v2")}
    for name, key in events.items():
        keys = [row[key] for folder in year if folder.name not in corrected for row in read(folder, name)]
        assert len(keys) == len(set(keys)) > 0


def test_all_cases_of_a_life_are_there(year: list[Path]) -> None:
    told: dict[str, list[dict[str, str]]] = {}
    for row in all_rows(year, "clients"):
        told.setdefault(row["client_no"], []).append(row)
    statuses = {row["status"] for rows in told.values() for row in rows}
    assert statuses == {"normal", "frozen", "loss_reported", "dormant", "closed", "deceased"}
    assert any(len({row["branch_code"] for row in rows}) > 1 for rows in told.values())
    assert any(len({row["manager_no"] for row in rows}) > 1 for rows in told.values())
    numbers = Counter(rows[0]["id_number"] for rows in told.values())
    assert sum(count == 2 for count in numbers.values()) >= 2
    kinds = Counter(row["kind"] for row in all_rows(year, "custody"))
    assert set(kinds) == {"designation_withdrawn", "custody_out"}
    assert any(float(row["residual_assets"]) < 100 for row in all_rows(year, "custody"))
    incomes = {row["kind"] for row in all_rows(year, "incomes")}
    assert incomes == {
        "margin_interest",
        "cash_spread",
        "product_fee",
        "trailing_fee",
        "advisory_fee",
        "other",
    }
    assert {row["system"] for row in all_rows(year, "accounts")} == {"cash", "margin", "options"}


def test_a_callback_is_told_when_it_passed(year: list[Path]) -> None:
    first, known, days = year[0].name, set(), [folder.name for folder in year]
    for folder in year:
        for row in read(folder, "clients"):
            passed, number = row["callback_passed_on"], row["client_no"]
            if passed and number not in known:
                known.add(number)
                assert (
                    folder.name == first
                    or folder.name[:10] == next(day for day in days if day >= passed)[:10]
                )


def test_one_merger_in_the_middle(year: list[Path]) -> None:
    closing = [row for row in all_rows(year, "branches") if row["closed_on"]]
    assert [(row["code"], row["successor_code"]) for row in closing] == [(MERGED, SUCCESSOR)]
    assert year[0].name < closing[0]["closed_on"] < year[-1].name
    codes = {row["code"] for row in all_rows(year, "branches")}
    assert codes == {"HQ", "R1", "R2", "R3"} | {branch.code for branch in BRANCHES}


def test_wealth_has_a_heavy_tail(year: list[Path]) -> None:
    worth: Counter[str] = Counter()
    for row in read(year[-1], "balances"):
        worth[row["account_no"][:-1]] += (
            float(row["cash"]) + float(row["market_value"]) + float(row["product_value"])
        )  # type: ignore[assignment]
    ranked = sorted(worth.values(), reverse=True)
    assert sum(ranked[: len(ranked) // 10]) > 0.6 * sum(ranked)


def test_one_day_is_corrected(year: list[Path]) -> None:
    second = [folder for folder in year if folder.name.endswith(".v2")]
    assert len(second) == 1
    first = next(folder for folder in year if folder.name == second[0].name[:10])
    before, after = read(first, "trades"), read(second[0], "trades")
    assert [row["trade_no"] for row in before] == [row["trade_no"] for row in after]
    assert sum(Decimal(row["gross_commission"]) for row in before) > sum(
        Decimal(row["gross_commission"]) for row in after
    )


def test_managers_have_names() -> None:
    assert len(MANAGERS) == 45
    assert MANAGERS["M1001A"] and all(3 <= len(branch.managers) <= 5 for branch in BRANCHES)


def test_contacts_and_targets() -> None:
    demo = small_demo()
    contacts = demo.contacts()
    assert contacts == small_demo().contacts()
    assert len(contacts) == 150
    assert [contact.started_at for contact in contacts] == sorted(contact.started_at for contact in contacts)
    assert all(demo.days[0] <= contact.started_at.date() <= demo.until for contact in contacts)
    assert {contact.agent for contact in contacts} - {""} <= set(MANAGERS)
    assert list(demo.targets()) == ["month", "quarter", "year"]
