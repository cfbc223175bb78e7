"""Recordings' metadata: bounds, faults by row, once a call, waiting for the conversation."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command

from clients.importing.reading import NotReadable
from core import audit
from core.crypto import unseal
from core.errors import Conflict
from interactions.actions.recordings import import_recordings, match_waiting
from interactions.models import Conversation, Line, Recording

pytestmark = pytest.mark.django_db
HEAD = "call_id,agent,started_at,ended_at,number,reference,sha256\n"
DIGEST = "a" * 64
GOOD = f"c1,A1001,2026-11-20 10:00:00,2026-11-20 10:05:00,13800001234,rec/1.wav,{DIGEST}\n"


@pytest.fixture
def line(units, cast) -> Line:
    return Line.objects.create(code="hotline", adapter="hotline", name="95", unit=units["1001"])


def row(cast, call: str = "c1") -> str:
    return GOOD.replace("A1001", cast.agent_1001.employee_no).replace("c1", call)


def take(line: Line, text: str, **values):
    return import_recordings(actor=audit.SYSTEM, line=line, content=text.encode("gb18030"), **values)


def test_a_dry_run_writes_nothing_and_an_import_only_once(line, cast) -> None:
    assert take(line, HEAD + row(cast), dry_run=True).created == 1
    assert not Recording.objects.exists()
    assert take(line, HEAD + row(cast) + row(cast)).created == 1
    again = take(line, HEAD + row(cast))
    assert (again.created, again.known) == (0, 1)
    kept = Recording.objects.get()
    assert kept.agent == cast.agent_1001
    assert kept.started_at == datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
    assert unseal(kept.number, kept.context) == "13800001234"
    assert b"13800001234" not in bytes(kept.number)


def test_faults_are_told_by_row_and_do_not_hinder_others(line, cast) -> None:
    bad = [
        GOOD.replace("A1001", "NOBODY"),
        row(cast, "c2").replace("10:05", "09:05"),
        row(cast, "c3").replace(DIGEST, "abc"),
        row(cast, "c4").replace("2026-11-20 10:00:00", "2026-13-40 10:00:00"),
        row(cast, "c5").replace("13800001234", "=1+1"),
    ]
    report = take(line, HEAD + "".join(bad) + row(cast, "c6"))
    assert [one.row for one in report.faults] == [2, 3, 4, 5, 6]
    assert list(Recording.objects.values_list("call_id", flat=True)) == ["c6"]


def test_a_file_that_is_no_table_is_refused(line) -> None:
    with pytest.raises(NotReadable):
        take(line, "")
    with pytest.raises(Conflict):
        take(line, "call_id,agent\nc1,x\n")


def test_it_waits_for_its_conversation(line, cast, as_person) -> None:
    take(line, HEAD + row(cast))
    assert match_waiting() == 0
    talk = Conversation.objects.create(
        line=line, channel="phone", thread="c1", direction="in", unit=line.unit,
        opened_at=datetime(2026, 11, 20, 2, 0, tzinfo=UTC),
    )  # fmt: skip
    assert (match_waiting(), match_waiting()) == (1, 0)
    assert Recording.objects.get().conversation == talk
    shown = as_person(cast.agent_1001).get(f"/desk/recordings/of/{talk.pk}/")
    assert "rec/1.wav" in shown.content.decode()
    assert "13800001234" not in shown.content.decode()


def test_the_page_imports_and_gives_faults_as_a_file(line, cast, as_person) -> None:
    browser = as_person(cast.team_lead_1001)
    browser.get("/desk/recordings/")

    def send(text: str, **more):
        table = SimpleUploadedFile("calls.csv", text.encode())
        return browser.post("/desk/recordings/", {"line": "hotline", "table": table} | more)

    faults = send(HEAD + row(cast).replace(DIGEST, "=x"), faults="1")
    assert faults.content.decode("utf-8-sig").splitlines()[1].startswith("2,c1,")
    assert send(HEAD + row(cast)).context["report"].created == 1
    assert Recording.objects.count() == 1
    assert send("").status_code == 422
    assert send("call_id\nx\n").status_code == 422


def test_the_command_tells_what_failed(line, cast, tmp_path: Path, capsys) -> None:
    file = tmp_path / "calls.csv"
    file.write_text(HEAD + row(cast), encoding="utf-8")
    call_command("import_recordings", file, line="hotline")
    assert "1 new" in capsys.readouterr().out
    with pytest.raises(CommandError):
        call_command("import_recordings", file, line="nowhere")
