"""Zips, sealed data, crash safety and the command: how packages come in, and what they leave behind."""

from __future__ import annotations

import json
import os
import signal
import struct
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psycopg.errors
import pytest
from django.core.management import call_command
from django.db import DataError, OperationalError, connection
from django.db.models import Model

from clients import identifiers
from clients.models import Client
from core.audit import SYSTEM
from tests import databases
from trading.feed import load_package, loader
from trading.feed.columns import FILES
from trading.models import Balance, FeedPackage, QuarantinedRow, Trade

from .conftest import Load
from .packages import DAY, NEXT, Writer, balance, client, income, masters, text_of, trade, zipped

State = FeedPackage.State


def codes(result: Any) -> list[str]:
    return [problem["code"] for problem in FeedPackage.objects.get(pk=result.package_id).problems]


# ---- zips


@pytest.mark.django_db
@pytest.mark.parametrize("folder", ["", "2026-06-01/", "2026-06-01.v1/"])
def test_f13_a_zip_holds_the_files_at_the_top_or_in_a_dated_folder(writer: Writer, folder: str) -> None:
    path = zipped(writer.write(DAY, masters()), folder=folder)
    assert load_package(path, actor=SYSTEM).state == State.LOADED
    assert load_package(writer.folder / "2026-06-01", actor=SYSTEM).state == State.ALREADY_LOADED


@pytest.mark.django_db
def test_f13_names_of_zips(writer: Writer) -> None:
    path = writer.write(DAY, masters())
    other = zipped(path, name="2026-06-02.zip")
    assert codes(load_package(other, actor=SYSTEM)) == ["other_date"]
    inside = zipped(path, folder="2026-06-02/", name="2026-06-01.inside.zip")
    assert codes(load_package(inside, actor=SYSTEM)) == ["other_date"]
    nameless = zipped(path, name="upload.zip")
    assert codes(load_package(nameless, actor=SYSTEM)) == ["other_date"]
    assert codes(load_package(other, actor=SYSTEM, anonymous=True)) == ["other_date"]
    assert load_package(nameless, actor=SYSTEM, anonymous=True).state == State.LOADED


@pytest.mark.django_db
def test_a_zip_that_is_none_or_damaged(writer: Writer, tmp_path: Path) -> None:
    (tmp_path / "2026-06-01.zip").write_bytes(b"no zip at all")
    assert codes(load_package(tmp_path / "2026-06-01.zip", actor=SYSTEM)) == ["not_zip"]
    path = zipped(writer.write(DAY, {**masters(), "balances.csv": [balance("A1")] * 1}))
    raw = bytearray(path.read_bytes())
    at = raw.index(b"balances.csv") + len("balances.csv")
    raw[at : at + 20] = os.urandom(20)
    path.write_bytes(bytes(raw))
    assert load_package(path, actor=SYSTEM).state == State.REFUSED


@pytest.mark.django_db
def test_a_zip_without_a_manifest_or_too_deep(writer: Writer, tmp_path: Path) -> None:
    path = writer.write(DAY, masters())
    assert codes(load_package(zipped(path, folder="a/b/"), actor=SYSTEM)) == ["no_manifest"]
    (path / "manifest.json").unlink()
    assert codes(load_package(zipped(path), actor=SYSTEM)) == ["no_manifest"]


@pytest.mark.django_db
def test_zips_with_tricks_are_refused(writer: Writer, tmp_path: Path) -> None:
    path = writer.write(DAY, masters())
    plain = zipped(path)
    doubled = tmp_path / "2026-06-01.doubled.zip"
    doubled.write_bytes(plain.read_bytes())
    with zipfile.ZipFile(doubled, "a") as archive, pytest.warns(UserWarning):
        archive.writestr("clients.csv", "again")
    assert codes(load_package(doubled, actor=SYSTEM)) == ["zip_doubled"]
    many = tmp_path / "2026-06-01.many.zip"
    many.write_bytes(plain.read_bytes())
    with zipfile.ZipFile(many, "a") as archive:
        for number in range(250):
            archive.writestr(f"x{number}", "")
    assert codes(load_package(many, actor=SYSTEM)) == ["zip_too_many"]
    packed = tmp_path / "2026-06-01.lzma.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("manifest.json", "{}")
    assert codes(load_package(packed, actor=SYSTEM)) == ["zip_method"]
    locked = bytearray(plain.read_bytes())
    for at in _central_entries(bytes(locked)):
        locked[at + 8 : at + 10] = struct.pack("<H", 1)
    sealed = tmp_path / "2026-06-01.locked.zip"
    sealed.write_bytes(bytes(locked))
    assert codes(load_package(sealed, actor=SYSTEM)) == ["zip_encrypted"]


def _central_entries(raw: bytes) -> Iterator[int]:
    at = raw.find(b"PK\x01\x02")
    while at >= 0:
        yield at
        at = raw.find(b"PK\x01\x02", at + 4)


@pytest.mark.django_db
def test_a_zip_bomb_is_refused_unread(writer: Writer, tmp_path: Path, settings: Any) -> None:
    path = writer.write(DAY, masters())
    (path / "trades.csv").write_bytes(b"0" * 60 * 1024**2)
    bomb = zipped(path)
    assert bomb.stat().st_size < 100_000
    assert codes(load_package(bomb, actor=SYSTEM)) == ["zip_too_large"]
    settings.FEED_UNPACKED_MAX_BYTES = 1000
    assert codes(load_package(zipped(writer.write(NEXT, masters())), actor=SYSTEM)) == ["zip_too_large"]


@pytest.mark.django_db
def test_links_and_folders_in_a_zip_are_passed_over(writer: Writer) -> None:
    path = zipped(writer.write(DAY, masters()))
    with zipfile.ZipFile(path, "a") as archive:
        link = zipfile.ZipInfo("balances.csv")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
        archive.writestr("sub/", "")
    assert load_package(path, actor=SYSTEM).state == State.LOADED


# ---- personal data


PERSONAL = {
    "id_number": "11010519491231002X",
    "mobile": "+86 13812345678",
    "email": "zhang@example.com",
    "address": "某市某路1号",
}


def _everything() -> str:
    """All of the database's rows as text."""
    text = []
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT t::text FROM "{table}" t')
            text += [line for (line,) in cursor.fetchall()]
    return "\n".join(text)


@pytest.mark.django_db
def test_personal_numbers_stand_nowhere_in_plain(load: Load) -> None:
    files = {
        **masters(),
        "clients.csv": [
            client("C1", id_type="resident_id", **PERSONAL),
            client("C2", **{**PERSONAL, "id_number": "E7654321", "sex": "?"}),
            client("C3", branch_code="9999", **PERSONAL),
        ],
    }
    load(files=files)
    assert QuarantinedRow.objects.count() == 2
    stored = _everything()
    for plain in ("110105194912310", "E7654321", "13812345678", "zhang@example", "某市某路"):
        assert plain not in stored
        assert plain.encode().hex() not in stored


@pytest.mark.django_db
def test_sealed_values_open_and_indexes_find(load: Load) -> None:
    load(files={**masters(), "clients.csv": [client("C1", id_type="resident_id", **PERSONAL)]})
    found = Client.objects.get(id_index=identifiers.id_blind_index("resident_id", "11010519491231002x"))
    for field, plain in PERSONAL.items():
        assert identifiers.unseal("C1", field, getattr(found, field)) == plain
    assert Client.objects.get(mobile_index=identifiers.mobile_blind_index("13812345678")) == found
    assert Client.objects.get(mobile_tail_index=identifiers.tail_blind_index("5678")) == found
    assert Client.objects.get(email_index=identifiers.email_blind_index("ZHANG@example.com")) == found
    assert (found.pinyin, found.initials) == ("zhangjianguo", "zjg")


@pytest.mark.django_db
def test_a_client_told_of_again_keeps_what_people_wrote(load: Load) -> None:
    load(files=masters())
    Client.objects.update(declared_outside_assets=5)
    load(NEXT, {"clients.csv": [client("C1", name="李四", mobile="13900000000")]})
    found = Client.objects.get()
    assert (found.name, found.declared_outside_assets, found.version, found.told_on) == ("李四", 5, 2, NEXT)


@pytest.mark.django_db
def test_staging_tables_are_empty_after_loading(load: Load) -> None:
    load(files={**masters(), "trades.csv": [trade("T1"), trade("T2", "A9"), trade("T3", side="")]})
    load(NEXT, {"trades.csv": [trade("T1")]}, counts={"trades.csv": 3}, state=State.REFUSED)
    with connection.cursor() as cursor:
        for file in FILES.values():
            cursor.execute(f"SELECT count(*) FROM {file.stage}")
            assert cursor.fetchone()[0] == 0


# ---- crashes


def _full(*_args: Any, **_kwargs: Any) -> Any:
    raise OperationalError("could not extend file") from psycopg.errors.DiskFull("no space left on device")


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_refuses_the_whole_package(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    files = {**masters(), "balances.csv": [balance("A1")], "trades.csv": [trade("T1")]}
    with monkeypatch.context() as patched:
        patched.setattr(loader, "_sum_up", _full)
        refused = load(files=files, state=State.REFUSED)
    assert codes(refused) == ["no_room"]
    assert not Client.objects.exists() and not Balance.objects.exists()
    load(files=files)
    assert Balance.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_other_database_errors_are_not_swallowed(load: Load, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_args: Any) -> Any:
        raise DataError("something else")

    monkeypatch.setattr(loader, "_sum_up", fails)
    with pytest.raises(DataError):
        load(files=masters())
    assert not Client.objects.exists()


KILLED_AT = """
import os, signal, sys
import django
django.setup()
from core.audit import SYSTEM
from trading.feed import loader, load_package
spot, path = sys.argv[1:]
original = getattr(loader, spot)
def dies(*args, **kwargs):
    result = original(*args, **kwargs)
    os.kill(os.getpid(), signal.SIGKILL)
    return result
setattr(loader, spot, dies)
load_package(path, actor=SYSTEM)
"""


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("spot", ["_stage_all", "_mark_day", "_accept_file", "_sum_up", "release_waiting"])
def test_a_kill_anywhere_leaves_all_or_nothing(writer: Writer, spot: str) -> None:
    files = {**masters(), "balances.csv": [balance("A1")], "trades.csv": [trade("T1"), trade("T2", side="")]}
    path = writer.write(DAY, files)
    environment = {
        **os.environ,
        "DATABASE_URL": databases.address(),
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    died = subprocess.run([sys.executable, "-c", KILLED_AT, spot, str(path)], env=environment, check=False)
    assert died.returncode == -signal.SIGKILL
    tables: list[type[Model]] = [Client, Balance, Trade, QuarantinedRow, FeedPackage]
    assert [table._default_manager.count() for table in tables] == [0] * 5
    assert load_package(path, actor=SYSTEM).state == State.LOADED
    assert [table._default_manager.count() for table in tables] == [1] * 5


# ---- the command


def _command(*arguments: str) -> tuple[int, list[str], str]:
    import io

    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("feed_load", *arguments, stdout=out, stderr=err)
    except SystemExit as stopped:
        code = int(str(stopped.code))
    return code, out.getvalue().splitlines(), err.getvalue()


@pytest.mark.django_db
def test_f22_exit_codes_and_json(writer: Writer) -> None:
    first = str(writer.write(DAY, {**masters(), "incomes.csv": [income("I1", amount="x")]}))
    second = str(writer.write(NEXT, version=2, files={"trades.csv": [trade("T1")]}))
    older = str(writer.write(NEXT, {}))
    code, lines, errors = _command("--json", first, first, second, older)
    told = [json.loads(line) for line in lines]
    assert (code, errors) == (0, "")
    assert [line["state"] for line in told] == ["loaded", "already_loaded", "loaded", "superseded"]
    assert (told[0]["loaded"], told[0]["quarantined"], told[0]["refused"]) == (6, 1, False)
    assert [line["already_loaded"] for line in told] == [False, True, False, False]
    assert [line["superseded"] for line in told] == [False, False, False, True]
    assert told[0]["files"]["incomes.csv"] == {"rows": 1, "loaded": 0, "quarantined": 1, "dropped": 0}


@pytest.mark.django_db
def test_f22_all_are_tried_when_one_is_refused(writer: Writer) -> None:
    bad = str(writer.folder / "nothing")
    good = str(writer.write(DAY, masters()))
    code, lines, errors = _command("--json", bad, good)
    assert code == 1
    assert "nothing" in errors
    assert [json.loads(line)["state"] for line in lines] == ["refused", "loaded"]
    assert json.loads(lines[0])["reason"]


@pytest.mark.django_db
def test_the_command_in_words(writer: Writer) -> None:
    path = str(writer.write(DAY, masters()))
    newer = str(writer.write(DAY, {"trades.csv": []}, version=3))
    older = str(writer.write(DAY, {}, version=2))
    code, lines, _errors = _command(path, path, newer, older)
    assert code == 0 and len(lines) == 4
    assert lines[0].startswith("2026-06-01: ") and "6" in lines[0]
    code, lines, errors = _command(f"{path}/nothing")
    assert (code, lines) == (1, []) and errors


@pytest.mark.django_db
def test_files_given_out_of_order_and_in_crlf(load: Load) -> None:
    load(files=masters())
    text = text_of("trades.csv", [trade("T1"), trade("T2")]).replace("\n", "\r\n")
    load(NEXT, texts={"trades.csv": text.rstrip("\r\n")}, counts={"trades.csv": 2})
    assert Trade.objects.count() == 2
